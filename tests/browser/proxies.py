"""A proxy as companies have it: pages pass; who asks for a tunnel, as a WebSocket does, is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

NOT_PASSED_ON = {"proxy-connection", "connection", "transfer-encoding", "content-length", "content-encoding"}


@dataclass
class Proxy:
    url: str
    refused: list[str] = field(default_factory=list)


@contextmanager
def without_tunnels() -> Iterator[Proxy]:
    proxy = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON
            }
            answer = client.request(self.command, self.path, headers=headers, content=body)
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in NOT_PASSED_ON:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_GET  # noqa: N815 - the names that http.server asks for

        def do_CONNECT(self) -> None:
            proxy.refused.append(self.path)
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with (
        httpx.Client(trust_env=False, timeout=60) as client,
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web,
    ):
        web.daemon_threads = True
        proxy.url = f"http://127.0.0.1:{web.server_port}"
        thread = threading.Thread(target=web.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield proxy
        finally:
            web.shutdown()
            thread.join()
