"""A server that takes callbacks: it keeps what was posted and answers as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENOUGH = 60.0  # seconds until a callback must have arrived on a busy machine


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    url: str
    posts: list[Post] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # statuses of the next answers, then 200
    came: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int) -> list[Post]:
        with self.came:
            assert self.came.wait_for(lambda: len(self.posts) >= count, ENOUGH), self.posts
            return list(self.posts)


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.came:
                receiver.posts.append(Post(self.path, dict(self.headers), body))
                status = receiver.answers.pop(0) if receiver.answers else 200
                receiver.came.notify_all()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
