"""Bodies of requests as they arrive: large forms go straight to the files they bring, a megabyte at a time.

Django would write such a body to the disk, in the loop that all requests share, and then the file out of it
to the disk once more.
"""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, cast

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.http.multipartparser import MultiPartParser
from django.utils.http import parse_header_parameters

from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.intake.parts import ARRIVED, Parts

AT_ONCE = 1024 * 1024  # bytes for each hop to another thread
WRITERS = ThreadPoolExecutor(4, "uploads")

Scope = dict[str, Any]


class UploadsHandler(ASGIHandler):
    """Django's, which puts the files of large forms where they can stay."""

    async def handle(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            await super().handle(scope, Receiving(scope, receive), send)
        finally:
            drop(scope)

    async def read_body(self, receive: Any) -> IO[bytes]:
        """Of a `Receiving`."""
        boundary = _boundary_of_large(receive.scope)
        if boundary is None:
            body: IO[bytes] = await super().read_body(receive)
            return body
        parts = Parts(boundary)
        try:
            await _take_apart(parts, receive)
        except (NotStored, OSError) as error:
            WRITERS.submit(parts.close)
            while not receive.ended:  # nobody looks for an answer before all has been sent
                await receive.block()
            return cast(IO[bytes], Unstored(error))
        except BaseException:
            WRITERS.submit(parts.close)
            raise
        receive.scope[ARRIVED] = parts.files
        return parts.body


@dataclass(slots=True)
class Receiving:
    """What brings a body, and what has been said of it."""

    scope: Scope
    receive: Any
    ended: bool = False

    async def __call__(self) -> Any:
        message = await self.receive()
        self.ended = not message.get("more_body", False)
        return message

    async def block(self) -> bytes:
        """The next of the body: a megabyte, or what is left. Raises RequestAborted."""
        pieces, size = [], 0
        while not self.ended and size < AT_ONCE:
            message = await self()
            if message["type"] == "http.disconnect":
                raise RequestAborted
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
        return b"".join(pieces)


def drop(scope: Mapping[str, Any]) -> None:
    """Removes the files that have come with a request and that nobody wanted."""
    for file in scope.get(ARRIVED, {}).values():
        file.close()


class Unstored(io.RawIOBase):
    """A body that could not be kept: whoever reads it is told why."""

    def __init__(self, why: Exception) -> None:
        self.why = why

    def read(self, size: int = -1) -> bytes:
        raise self.why

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return 0


async def _take_apart(parts: Parts, receiving: Receiving) -> None:
    loop = asyncio.get_running_loop()
    writing = loop.run_in_executor(WRITERS, parts.write, b"")
    while not receiving.ended:
        block = await receiving.block()
        await writing
        writing = loop.run_in_executor(WRITERS, parts.write, block)
    await writing
    await loop.run_in_executor(WRITERS, parts.finish)


def _boundary_of_large(scope: Scope) -> bytes | None:
    """The boundary of a form with files that Django would not keep in memory."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if not length.isdigit() or int(length) <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        return None
    try:
        kind, said = parse_header_parameters(headers.get(b"content-type", b"").decode("ascii"))
    except ValueError:
        return None
    boundary = said.get("boundary", "")
    if kind != "multipart/form-data" or not MultiPartParser.boundary_re.fullmatch(boundary):
        return None
    return boundary.encode()
