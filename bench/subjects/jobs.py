"""A job of 200,000 files: how soon it is answered, and what that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx

from bench import servers
from bench.figures import Figure, percentile

if TYPE_CHECKING:
    from bench.run import Conditions

FILES, QUICK_FILES = 200_000, 20_000
ADDRESS = "https://example.org/papers/{:07}.pdf"
PATIENCE = 600.0
PAGE = 1000  # files of a page of the list, the most that is given
ASKED = 50
ONE = {
    "a file by its custom_id": "/files/v1/jobs/bench/files/paper-{:07}",
    "the state of the job": "/files/v1/jobs/bench",
}


def measure(conditions: Conditions) -> Iterator[Figure]:
    count = QUICK_FILES if conditions.quick else FILES
    files = [{"source_uri": ADDRESS.format(n), "custom_id": f"paper-{n:07}"} for n in range(count)]
    body = {"job_id": "bench", "files": files}
    with servers.running(None, "--web-only") as server, server.client(PATIENCE) as client:
        client.get("/files/v1/jobs")
        server.settle()
        [web] = server.family("mathpixweb.web.server")
        before, grown = server.cpu_seconds(), web.memory_info().rss
        answered = _send(client, body, count)
        yield Figure(f"a job of {count:,} files is answered", answered, "s", goal="2 s")
        yield Figure("CPU for taking it in", server.cpu_seconds() - before, "CPU s")
        yield Figure("the web server grows by", (web.memory_info().rss - grown) / 1e6, "MB", goal="350 MB")
        yield Figure("the same job sent again", _send(client, body, count), "s")
        yield from _listed(server, client, count)
        before = server.cpu_seconds()
        yield Figure("sent again when all are rows", _send(client, body, count), "s")
        yield Figure("CPU for sending again", server.cpu_seconds() - before, "CPU s")
        made = client.get("/files/v1/jobs/bench").json()["file_count"] - count
        yield Figure("files made by sending again", made, "", goal="0")


def _send(client: httpx.Client, body: dict[str, object], count: int) -> float:
    """Seconds until the job was answered."""
    started = time.perf_counter()
    answer = client.post("/files/v1/jobs", json=body)
    if answer.json().get("file_count") != count:
        raise AssertionError(answer.text[:500])
    return time.perf_counter() - started


def _listed(server: servers.Server, client: httpx.Client, count: int) -> Iterator[Figure]:
    """The list walked twice: the first time makes rows of what no worker has taken up."""
    before = server.cpu_seconds()
    yield Figure("all files listed, made to rows meanwhile", sum(_walk(client, count)), "s")
    yield Figure("CPU for making rows and listing", server.cpu_seconds() - before, "CPU s", goal="10 CPU s")
    pages = _walk(client, count)
    yield Figure(f"a page of {PAGE:,} files, p50", percentile(pages, 50) * 1000, "ms")
    yield Figure("a page, p95", percentile(pages, 95) * 1000, "ms")
    for what, address in ONE.items():
        times = [_seconds(client, address.format(n * count // ASKED)) for n in range(ASKED)]
        yield Figure(f"{what}, p50", percentile(times, 50) * 1000, "ms")


def _walk(client: httpx.Client, count: int) -> list[float]:
    """Seconds for each page; raises unless every file is listed once."""
    token, seen, times = "", set(), []
    while token is not None:
        started = time.perf_counter()
        answer = client.get("/files/v1/jobs/bench/files", params={"limit": PAGE, "paging_state": token or 0})
        times.append(time.perf_counter() - started)
        seen |= {row["file_id"] for row in answer.json()["files"]}
        token = answer.json()["next_page_token"]
    if len(seen) != count:
        raise AssertionError(f"{len(seen)} of {count} files are listed")
    return times


def _seconds(client: httpx.Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address).raise_for_status()
    return time.perf_counter() - started
