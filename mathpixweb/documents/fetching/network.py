"""Connections that lead to public addresses only.

A name is resolved once, every address it has must be public, and the connection goes to exactly that address,
so neither a redirect nor a second answer of the name server leads elsewhere.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import httpcore
import httpx
from django.conf import settings

from mathpixweb.documents.fetching import addresses

ADDRESSES_TRIED = 4

Resolver = Callable[[str, int], list[str]]


class Blocked(Exception):
    """Why an address is not reached; for the log, never for the caller."""


class Deadline:
    """One span of time for everything: names, connections, redirects and content."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, more than none. Raises Blocked when they are used up."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Blocked("took too long")
        return left


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def client(
    deadline: Deadline, resolve: Resolver = resolve, opened: Sequence[str] | None = None
) -> httpx.Client:
    """An HTTP client that reaches public addresses only, follows no redirect and knows no proxy.

    `opened` are networks that it may reach all the same, in place of those of ALLOW_PRIVATE_FETCH.
    """
    allowed = settings.ALLOW_PRIVATE_FETCH if opened is None else opened
    transport = GuardedTransport(deadline, resolve, allowed)
    return httpx.Client(transport=transport, trust_env=False)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over connections that are checked as they are made."""

    def __init__(self, deadline: Deadline, resolve: Resolver, opened: Sequence[str]) -> None:
        super().__init__(verify=_trust(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trust(), network_backend=GuardedNetwork(deadline, resolve, opened)
        )


class GuardedNetwork(httpcore.NetworkBackend):
    """Resolves a name once, refuses it when any of its addresses is closed, and connects to what it saw."""

    def __init__(self, deadline: Deadline, resolve: Resolver, opened: Sequence[str]) -> None:
        self._deadline = deadline
        self._resolve = resolve
        self._opened = addresses.networks(opened)
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = Blocked("the name has no address")
        for address in self._open_addresses(host, port)[:ADDRESSES_TRIED]:
            try:
                stream = self._network.connect_tcp(address, port, self._deadline.left(), None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self._deadline)
        raise failure

    def _open_addresses(self, host: str, port: int) -> list[str]:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Blocked("the name is unknown") from error
        for address in found:
            if not addresses.may_be_fetched(address, self._opened):
                raise Blocked(f"{address} is not public")
        return found


class TimedStream(httpcore.NetworkStream):
    """A connection on which every wait ends with the deadline, so that a trickle of bytes does too."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
