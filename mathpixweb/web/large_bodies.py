"""Large bodies of requests read off the line in large pieces, each copied once on its way.

Every piece wakes the threads that write and hash it, which costs nearly as much as hashing a small one.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

AT_ONCE = 2 * 1024 * 1024  # bytes of the largest piece, and of the smallest body that is large

_room = memoryview(bytearray(AT_ONCE))  # for all: what is in it is copied before anything else is read


class Takes(Protocol):
    """What speaks HTTP over the line."""

    def data_received(self, data: memoryview) -> None: ...
    def connection_lost(self, exc: Exception | None) -> None: ...
    def pause_writing(self) -> None: ...
    def resume_writing(self) -> None: ...


class LargeBody(asyncio.BufferedProtocol):
    """Stands in for `http` while a large body arrives: for protocols like that, loops read 256 kB at most."""

    def __init__(self, http: Takes) -> None:
        self.http = http

    def get_buffer(self, sizehint: int) -> memoryview:
        return _room

    def buffer_updated(self, nbytes: int) -> None:
        self.http.data_received(_room[:nbytes])

    def connection_lost(self, exc: Exception | None) -> None:
        self.http.connection_lost(exc)

    def pause_writing(self) -> None:
        self.http.pause_writing()

    def resume_writing(self) -> None:
        self.http.resume_writing()


def is_large(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the body that these headers announce is."""
    return any(name == b"content-length" and int(value) >= AT_ONCE for name, value in headers)
