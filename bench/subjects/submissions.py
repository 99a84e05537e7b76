"""How many documents a second are taken in, and what asking for a status costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx

from bench import documents, servers
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.run import Conditions

SENDERS = 8
MANY, QUICK_MANY = 800, 160


def measure(conditions: Conditions) -> Iterator[Figure]:
    many = QUICK_MANY if conditions.quick else MANY
    with servers.running(None, "--web-only") as server, server.client() as client:
        content = documents.prose(1)

        def send(_: int) -> str:
            answer = client.post("/v3/pdf", files={"file": ("prose.pdf", content)})
            return str(answer.json()["pdf_id"])

        server.settle()
        pdf_id = send(0)
        wall, cpu = _taken(server, send, many)
        yield Figure("submissions of a PDF of one page", wall, "1/s")
        yield Figure("submissions", cpu, "1/CPU s", goal="250/CPU s")
        wall, cpu = _taken(server, lambda _: client.get(f"/v3/pdf/{pdf_id}"), many)
        yield Figure("questions for a status", wall, "1/s")
        yield Figure("questions for a status", cpu, "1/CPU s", goal="250/CPU s")


def _taken(
    server: servers.Server, do: Callable[[int], str | httpx.Response], many: int
) -> tuple[float, float]:
    started, before = time.perf_counter(), server.cpu_seconds()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(do, range(many)))
    return many / (time.perf_counter() - started), many / (server.cpu_seconds() - before)
