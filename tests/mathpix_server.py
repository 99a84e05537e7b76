"""A small server on a real socket that speaks Mathpix's API from a script, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import uvicorn

APP_ID, APP_KEY = "remote_app", "remote_secret_key"
TICK = 0.005
LONGEST = 60.0  # seconds that anybody is kept waiting
REPEATED = 400
DAY = "2026_11_20"


@dataclass
class Fault:
    """What is done instead of answering: wait, perhaps until told; then this, or silence when `drop`."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    until: threading.Event | None = None
    drop: bool = False


@dataclass
class Stream:
    """One connection to a page stream: these pages, then the end, a broken line, or nothing for ever."""

    pages: list[int]
    then: str = "end"  # end | drop | truncate | hang | repeat


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, list[str]]
    options: dict[str, Any]
    body: bytes


@dataclass
class Paper:
    """A document handed in: pages come as far as `ready`, or at once."""

    pdf_id: str
    texts: list[str]
    numbers: list[int]
    ready: int
    error: dict[str, Any] | None = None
    never_completes: bool = False
    streams: list[Stream] = field(default_factory=list)
    sent_at: dict[int, float] = field(default_factory=dict)
    lines_json: Callable[[], bytes] | None = None

    @property
    def status(self) -> str:
        if self.error:
            return "error"
        return "completed" if self.ready >= len(self.texts) and not self.never_completes else "split"


class MathpixServer:
    """What it holds and what it was asked; `url` once it runs."""

    def __init__(self) -> None:
        self.url = ""
        self.app_key = APP_KEY
        self.requests: list[Request] = []
        self.papers: dict[str, Paper] = {}
        self.faults: list[tuple[str, Fault]] = []
        self.page_texts = ["Page 1", "\n\nPage 2", "\n\nPage 3"]
        self.events = False  # the stream as server-sent events instead of lines
        self.on_submit: Callable[[Paper], None] = lambda paper: None
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.text_answer: dict[str, Any] = {"request_id": "r", "text": "x", "confidence": 1}

    def fail(self, call: str, *faults: Fault) -> None:
        """The next calls that match, such as "GET /v3/pdf/", meet these faults, each once."""
        self.faults += [(call, fault) for fault in faults]

    def asked(self, call: str) -> list[Request]:
        return [one for one in self.requests if f"{one.method} {one.path}".startswith(call)]

    @property
    def paper(self) -> Paper:
        return list(self.papers.values())[-1]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = await _read(scope, receive)
        self.requests.append(request)
        if fault := self._fault(f"{request.method} {request.path}"):
            await asyncio.sleep(fault.wait)
            if fault.until:
                await asyncio.to_thread(fault.until.wait, LONGEST)
            if fault.drop:
                await _start(send, 200, {"content-length": "1000"})
                return
            if fault.status != 200 or fault.body:
                await _answer(send, fault.body, fault.status, fault.headers)
                return
        if request.headers.get("app_key") != self.app_key:
            info = {"id": "http_unauthorized", "message": "Invalid credentials"}
            await _json(send, {"error": "Invalid credentials", "error_info": info}, 401)
            return
        await self._route(request, send)

    def _fault(self, call: str) -> Fault | None:
        for entry in self.faults:
            if call.startswith(entry[0]):
                self.faults.remove(entry)
                return entry[1]
        return None

    async def _route(self, request: Request, send: Any) -> None:
        path = request.path
        if request.method == "POST" and path == "/v3/pdf":
            await _json(send, {"pdf_id": self._submit(request).pdf_id})
        elif request.method == "DELETE" and (paper := self.papers.pop(path.rpartition("/")[2], None)):
            await _json(send, {"pdf_id": paper.pdf_id, "status": "completed"})
        elif found := re.fullmatch(r"/v3/pdf/([\w-]+)(/stream|\.[a-z.]+)?", path):
            await self._paper(self.papers.get(found[1]), found[2] or "", request, send)
        elif path in ("/v3/text", "/v3/strokes", "/v3/latex"):
            await _json(send, self.text_answer)
        elif path == "/v3/app-tokens":
            await _json(send, {"app_token": "token_" + "0" * 32, "app_token_expires_at": 1800000000000})
        elif path.removeprefix("/v3/") in LISTS:
            await _json(send, self._list(path.removeprefix("/v3/"), request))
        else:
            await _json(send, {"error": "no such address", "error_info": {"id": "http_not_found"}}, 404)

    def _submit(self, request: Request) -> Paper:
        number = len(self.papers) + 1
        texts = list(self.page_texts)
        pdf_id = f"{DAY}_{number:020x}g"
        paper = Paper(pdf_id, texts, list(range(1, len(texts) + 1)), len(texts))
        self.on_submit(paper)
        self.papers[pdf_id] = paper
        return paper

    async def _paper(self, paper: Paper | None, what: str, request: Request, send: Any) -> None:
        if paper is None:
            info = {"id": "pdf_unknown_id", "message": "PDF ID expired or isn't known"}
            await _json(send, {"error": info["message"], "error_info": info})
        elif what == "/stream":
            await self._stream(paper, send)
        elif what == ".lines.json":
            await self._lines(paper, send)
        else:
            done = min(paper.ready, len(paper.texts))
            counts = {"num_pages": len(paper.texts), "num_pages_completed": done}
            await _json(
                send, {"pdf_id": paper.pdf_id, "status": paper.status, **counts, **(paper.error or {})}
            )

    async def _lines(self, paper: Paper, send: Any) -> None:
        if paper.lines_json:
            await _answer(send, paper.lines_json(), 200, {"content-type": "application/json"})
        elif paper.status != "completed":
            await _json(send, {"error": "not ready", "error_info": {"id": "format_not_ready"}}, 404)
        else:
            await _json(send, lines_json(paper))

    async def _stream(self, paper: Paper, send: Any) -> None:
        plan = paper.streams.pop(0) if paper.streams else Stream(list(range(1, len(paper.texts) + 1)))
        await _start(send, 200, {"content-type": "text/event-stream" if self.events else "application/json"})
        for index in plan.pages:
            while paper.ready < index:  # noqa: ASYNC110 - set from another thread
                await asyncio.sleep(TICK)
            paper.sent_at.setdefault(index, time.monotonic())
            await _more(send, self._frame(paper, index))
        if plan.then == "hang":
            await asyncio.sleep(3600)
        for _ in range(REPEATED if plan.then == "repeat" else 0):  # nobody may be listening any more
            await _more(send, b": still here\n\n" + self._frame(paper, plan.pages[-1]))
            await asyncio.sleep(TICK)
        if plan.then == "truncate":
            await _more(send, b'{"text": "half a pa')
        if plan.then != "drop":
            await send({"type": "http.response.body", "body": b""})

    def _frame(self, paper: Paper, index: int) -> bytes:
        place = {"page_idx": index, "pdf_selected_len": len(paper.texts), "pdf_id": paper.pdf_id}
        text = json.dumps({"version": "RSK-M134p10", "text": paper.texts[index - 1], **place}).encode()
        return b"data: %s\n\n" % text if self.events else text + b"\n\n"

    def _list(self, name: str, request: Request) -> dict[str, Any]:
        """Newest first, as the reference has it; `from_date` is included, `to_date` is not."""
        moment = {"ocr-results": "timestamp", "ocr-usage": "from_date"}.get(name, "created_at")
        rows = self.lists.get(name, [])
        if since := request.query.get("from_date"):
            rows = [row for row in rows if str(row.get(moment)) >= since[0]]
        if until := request.query.get("to_date"):
            rows = [row for row in rows if str(row.get(moment)) < until[0]]
        page, size = (int(request.query.get(key, ["1"])[0]) for key in ("page", "per_page"))
        return {LISTS[name]: rows[(page - 1) * size : page * size]}


LISTS = {
    "ocr-results": "ocr_results",
    "pdf-results": "pdfs",
    "converter-results": "documents",
    "ocr-usage": "ocr_usage",
}


def lines_json(paper: Paper) -> dict[str, Any]:
    pages = []
    for number, text in zip(paper.numbers, paper.texts, strict=True):
        region = {"top_left_x": 10, "top_left_y": 10, "width": 200, "height": 40}
        line = {"id": f"{number:032x}", "type": "text", "line": 1, "column": 0, "font_size": 30}
        line |= {"text": text.strip(), "text_display": text, "conversion_output": True, "region": region}
        line |= {"confidence": 0.9, "confidence_rate": 0.98, "is_printed": True, "is_handwritten": False}
        line |= {"cnt": [[10, 50], [10, 10], [210, 10], [210, 50]]}
        size = {"page_height": 1100, "page_width": 850}
        pages.append({"image_id": f"{paper.pdf_id}-{number:02d}", "page": number, **size, "lines": [line]})
    return {"pages": pages}


async def _read(scope: Any, receive: Any) -> Request:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qs(scope["query_string"].decode())
    return Request(scope["method"], scope["path"], headers, query, _options(headers, body), body)


def _options(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    if headers.get("content-type", "").startswith("multipart/"):
        found = re.search(rb'name="options_json"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', body, re.DOTALL)
        body = found[1] if found else b"{}"
    return json.loads(body) if body else {}


async def _start(send: Any, status: int, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def _more(send: Any, content: bytes) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": True})


async def _answer(send: Any, content: bytes, status: int, headers: dict[str, str]) -> None:
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": content})


async def _json(send: Any, answer: dict[str, Any], status: int = 200) -> None:
    await _answer(send, json.dumps(answer).encode(), status, {"content-type": "application/json"})


class _Door:
    """The one socket of all servers of a test run: starting one for each took longer than most tests."""

    def __init__(self) -> None:
        self.servers: dict[str, MathpixServer] = {}
        self._numbers = itertools.count(1)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(self, lifespan="off", log_config=None, log_level="critical", ws="none")
        server = uvicorn.Server(config)
        threading.Thread(target=server.run, kwargs={"sockets": [self._socket]}, daemon=True).start()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        _, name, path = scope["path"].split("/", 2)
        if server := self.servers.get(name):
            await server({**scope, "path": f"/{path}"}, receive, send)
        else:  # of a test that is over
            await _answer(send, b"gone", 410, {})

    def open(self, server: MathpixServer) -> str:
        name = str(next(self._numbers))
        self.servers[name] = server
        server.url = f"{self._url}/{name}"
        return name


_door = cache(_Door)


@contextmanager
def running() -> Iterator[MathpixServer]:
    """A server with an address of its own, on a socket that all share."""
    fake = MathpixServer()
    name = _door().open(fake)
    try:
        yield fake
    finally:
        del _door().servers[name]
