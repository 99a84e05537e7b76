"""A thousand readers of a stream to whom nothing is said: what they hold, and what others wait for."""

from __future__ import annotations

import json
import resource
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import psutil

from bench import documents, servers
from bench.figures import Figure, middle

if TYPE_CHECKING:
    from bench.run import Conditions

READERS, QUICK_READERS = 1000, 100
IDLE_SECONDS, QUICK_SECONDS = 20.0, 5.0
ASKED = 100
GONE_WITHIN = 60.0
SMALL_BUFFER = 2048  # bytes that the system takes for a reader who takes nothing


def measure(conditions: Conditions) -> Iterator[Figure]:
    many = QUICK_READERS if conditions.quick else READERS
    seconds = QUICK_SECONDS if conditions.quick else IDLE_SECONDS
    _allow(many)
    # without a worker the document stays as it is
    with servers.running(None, "--web-only") as server, server.client() as client:
        content, streaming = documents.prose(1), {"options_json": json.dumps({"streaming": True})}
        sent = client.post("/v3/pdf", files={"file": ("prose.pdf", content)}, data=streaming)
        pdf_id = str(sent.json()["pdf_id"])
        [web] = server.family("mathpixweb.web.server")
        alone = _status(client, pdf_id)
        held = web.memory_info().rss
        began = time.perf_counter()
        readers = [_reader(server, pdf_id) for _ in range(many)]
        answered = sum(b" 200 " in line.recv(64) for line in readers)
        yield Figure("idle readers of a stream", answered, "", goal=f"{many}")
        yield Figure("until all of them were answered", time.perf_counter() - began, "s")
        before = server.cpu_seconds()
        time.sleep(seconds)
        spent = (server.cpu_seconds() - before) / seconds
        yield Figure("CPU while nothing is said", spent * 1000, "CPU ms/s")
        yield Figure("held for each", (web.memory_info().rss - held) / many / 1000, "kB")
        beside = _status(client, pdf_id)
        yield Figure("a status meanwhile, p50", beside * 1000, "ms", "without readers", alone * 1000)
        yield Figure("growing while they stay", _growth(web, seconds), "MB", goal="0")
        for line in readers:
            line.close()
        yield Figure("all gone after they have left", _until_gone(server, web), "s", goal="30 s")


def _allow(many: int) -> None:
    """As many open files as these connections need, here and in the server that inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * many + 500
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _reader(server: servers.Server, pdf_id: str) -> socket.socket:
    to = urlsplit(server.url)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    line.settimeout(GONE_WITHIN)
    line.connect((str(to.hostname), to.port))
    names = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
    line.sendall(f"GET /v3/pdf/{pdf_id}/stream HTTP/1.1\r\nHost: {to.netloc}\r\n{names}\r\n".encode())
    return line


def _status(client: httpx.Client, pdf_id: str) -> float:
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        client.get(f"/v3/pdf/{pdf_id}").raise_for_status()
        times.append(time.perf_counter() - began)
    return middle(times)


def _growth(web: psutil.Process, seconds: float) -> float:
    """Signs of life pile up at those who read nothing, until the system takes no more."""
    before = web.memory_info().rss
    time.sleep(seconds)
    return (web.memory_info().rss - before) / 1e6


def _until_gone(server: servers.Server, web: psutil.Process) -> float:
    port, began = urlsplit(server.url).port, time.perf_counter()
    while any(line.laddr.port == port and line.status == "ESTABLISHED" for line in web.net_connections()):
        if time.perf_counter() - began > GONE_WITHIN:
            raise AssertionError("the server keeps connections of readers that have left")
        time.sleep(0.1)
    return time.perf_counter() - began
