"""How long single requests take that read nothing, on 1, 16 and 64 connections at once."""

from __future__ import annotations

import http.client
import io
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PIL import Image

from bench import documents, servers
from bench.figures import Figure, percentile

if TYPE_CHECKING:
    from bench.run import Conditions

CONNECTIONS = (1, 16, 64)
MANY, QUICK_MANY = 1280, 192  # requests, on all connections together
BOUNDARY = "of-the-bench"
PERCENTS = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Request:
    what: str
    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    share: float = 1.0  # of the requests, for what takes longer


def measure(conditions: Conditions) -> Iterator[Figure]:
    many = QUICK_MANY if conditions.quick else MANY
    with servers.running() as server, server.client() as client:
        for request in _requests(client, server):
            for connections in CONNECTIONS:
                _times(server, request, connections, connections)
                before = server.cpu_seconds()
                count = max(int(many * request.share), connections)
                times = _times(server, request, connections, count)
                spent = (server.cpu_seconds() - before) / len(times)
                for percent in PERCENTS:
                    what = f"{request.what}, {connections} at once, p{percent}"
                    yield Figure(what, percentile(times, percent) * 1000, "ms")
                yield Figure(f"{request.what}, {connections} at once", spent * 1000, "CPU ms")


def _requests(client: object, server: servers.Server) -> list[Request]:
    sent = client.post("/v3/pdf", files={"file": ("prose.pdf", documents.prose(1))})  # type: ignore[attr-defined]
    token = client.post("/v3/app-tokens").json()["app_token"]  # type: ignore[attr-defined]
    form = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return [
        Request("a status", "GET", f"/v3/pdf/{sent.json()['pdf_id']}", server.headers),
        Request("a token that ends in an error", "POST", "/v3/text", {"app_token": token}, b"{}"),
        Request("a blank image", "POST", "/v3/text", server.headers | form, _form(_blank()), 0.25),
    ]


def _times(server: servers.Server, request: Request, connections: int, many: int) -> list[float]:
    """Seconds of each request; every connection is used again and again."""

    def ask(count: int) -> list[float]:
        to = urlsplit(server.url)
        connection = http.client.HTTPConnection(str(to.hostname), to.port, timeout=120)
        times = []
        for _ in range(count):
            started = time.perf_counter()
            connection.request(request.method, request.address, request.body, dict(request.headers))
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - started)
            if answer.status != 200:
                raise AssertionError(f"{request.what}: {answer.status}")
        connection.close()
        return times

    with ThreadPoolExecutor(connections) as pool:
        shares = pool.map(ask, [many // connections] * connections)
        return [seconds for share in shares for seconds in share]


def _blank() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (400, 120), "white").save(made, "PNG")
    return made.getvalue()


def _form(picture: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="blank.png"\r\n\r\n'
    return head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
