"""The web server that `manage.py serve` supervises: uvicorn on a socket that is already listening.

The supervisor holds the socket, so a restart of the server refuses no connection.

    python -m mathpixweb.web.server 5          (5: the socket's file descriptor)
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading

import uvicorn
from django.conf import settings
from django.utils.module_loading import import_string
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mathpixweb.web.large_bodies import LargeBody, is_large

GRACE = 3  # seconds for open streams to end when the server stops
HEAD_SECONDS = 20.0  # to send a request's address and headers …
HEAD_BYTES = 64 * 1024  # … which are no longer than this
REPORT_BYTES = 1024 * 1024  # of a browser over its WebSocket


class Protocol(HttpToolsProtocol):
    """uvicorn's own, that waits for no request for ever and keeps no endless one in memory."""

    waiting: asyncio.TimerHandle | None = None
    in_head = in_large_body = False
    head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.in_head, self.head_bytes = True, 0
        self._wait()

    def on_headers_complete(self) -> None:
        self.in_head = False
        self._stop_waiting()
        super().on_headers_complete()
        self.in_large_body = is_large(self.headers) and not self.parser.should_upgrade()

    def on_body(self, body: bytes) -> None:
        if self.in_large_body and not self.cycle.body:
            self.cycle.body = b""  # type: ignore[assignment]  # nothing is copied to be added to this
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.in_large_body = False
        super().on_message_complete()

    def data_received(self, data: bytes | memoryview) -> None:
        super().data_received(data)  # type: ignore[arg-type]
        self.head_bytes += len(data)
        if self.in_head and self.head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The address or the headers are too long.")
        if self.in_large_body != isinstance(self.transport.get_protocol(), LargeBody):
            self.transport.set_protocol(LargeBody(self) if self.in_large_body else self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop_waiting()
        self.waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self.waiting:
            self.waiting.cancel()
            self.waiting = None


WARM = "mathpixweb.web.warming.warm"  # known once the application is loaded


class Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"Ready at {settings.PUBLIC_URL} (Ctrl-C stops it)\n")
        threading.Thread(target=import_string(WARM), daemon=True).start()


def configuration() -> uvicorn.Config:
    return uvicorn.Config(
        "mathpixweb.asgi:application",
        http=Protocol,
        ws="websockets-sansio",
        ws_max_size=REPORT_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.SECURE_PROXY_SSL_HEADER is not None,  # and only from FORWARDED_ALLOW_IPS
        timeout_graceful_shutdown=GRACE,
    )


def serve(descriptor: int) -> None:
    Server(configuration()).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
