"""From dropping a file to its first and its last page: over the API, and in a real browser."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx

from bench import chromium, documents, servers
from bench.figures import Figure, middle, percentile

if TYPE_CHECKING:
    from bench.run import Conditions

PAGES = 20
RUNS, QUICK_RUNS = 30, 8
DROP = """([name, content]) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type: "application/pdf" }));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent(kind, options));
    }
}"""


def measure(conditions: Conditions) -> Iterator[Figure]:
    runs = QUICK_RUNS if conditions.quick else RUNS
    with servers.running() as server:
        with server.client() as client:
            streamed(client, 0)  # what the first document of all takes is the subject `memory`
            before = server.cpu_seconds()
            times = [streamed(client, seed) for seed in range(1, runs + 1)]
            spent = server.cpu_seconds() - before
        first, last = [first for first, _ in times], [last for _, last in times]
        yield Figure(f"streamed: first of {PAGES} pages, p50", middle(first) * 1000, "ms", goal="150 ms")
        yield Figure("streamed: first page, p95", percentile(first, 95) * 1000, "ms", goal="500 ms")
        yield Figure("streamed: last page, p50", middle(last) * 1000, "ms")
        yield Figure("CPU of the server for a page", spent / runs / PAGES * 1000, "CPU ms")
        yield from _in_a_browser(server, runs // 3)


def streamed(client: httpx.Client, seed: int) -> tuple[float, float]:
    """Seconds from posting the file to its first and its last page on the stream."""
    started = time.perf_counter()
    files = {"file": ("prose.pdf", documents.prose(PAGES, seed))}
    data = {"options_json": json.dumps({"streaming": True})}
    pdf_id = client.post("/v3/pdf", files=files, data=data).json()["pdf_id"]
    first = 0.0
    with client.stream("GET", f"/v3/pdf/{pdf_id}/stream") as stream:
        for line in stream.iter_lines():
            if line.strip() and not first:
                first = time.perf_counter() - started
    return first, time.perf_counter() - started


def _in_a_browser(server: servers.Server, runs: int) -> Iterator[Figure]:
    with chromium.visitor(server.url, servers.EMAIL, servers.PASSWORD) as visitor:
        page = visitor.page()
        times = [_dropped(page, seed) for seed in range(100, 101 + runs)][1:]
    yield Figure("browser: drop to first page seen, p50", middle([t for t, _ in times]) * 1000, "ms")
    yield Figure("browser: drop to last page, p50", middle([t for _, t in times]) * 1000, "ms")


def _dropped(page: object, seed: int) -> tuple[float, float]:
    content = base64.b64encode(documents.prose(PAGES, seed)).decode()
    page.goto("/")  # type: ignore[attr-defined]
    started = time.perf_counter()
    page.evaluate(DROP, ["prose.pdf", content])  # type: ignore[attr-defined]
    page.locator("#page-1 .mmd").wait_for(state="attached")  # type: ignore[attr-defined]
    first = time.perf_counter() - started
    page.locator(f"article.page.completed >> nth={PAGES - 1}").wait_for(state="attached")  # type: ignore[attr-defined]
    return first, time.perf_counter() - started
