"""A job of 200,000 files: how soon it is answered, and what that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench import servers
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.run import Conditions

FILES, QUICK_FILES = 200_000, 20_000
ADDRESS = "https://example.org/papers/{:07}.pdf"
PATIENCE = 600.0


def measure(conditions: Conditions) -> Iterator[Figure]:
    count = QUICK_FILES if conditions.quick else FILES
    files = [{"source_uri": ADDRESS.format(n), "custom_id": f"paper-{n:07}"} for n in range(count)]
    body = {"job_id": "bench", "files": files}
    with servers.running(None, "--web-only") as server, server.client(PATIENCE) as client:
        client.get("/files/v1/jobs")
        [web] = server.family("mathpixweb.web.server")
        before, grown = server.cpu_seconds(), web.memory_info().rss
        started = time.perf_counter()
        answer = client.post("/files/v1/jobs", json=body)
        answered = time.perf_counter() - started
        if answer.json().get("file_count") != count:
            raise AssertionError(answer.text[:500])
        yield Figure(f"a job of {count:,} files is answered", answered, "s", goal="2 s")
        yield Figure(
            "CPU for taking it in", server.cpu_seconds() - before, "CPU s", goal="10 CPU s with rows"
        )
        yield Figure("the web server grows by", (web.memory_info().rss - grown) / 1e6, "MB", goal="350 MB")
        started = time.perf_counter()
        again = client.post("/files/v1/jobs", json=body)
        yield Figure("the same job sent again", time.perf_counter() - started, "s")
        if again.status_code >= 500:
            raise AssertionError(again.text[:500])
