"""What the processes hold when idle and when loaded, and how long a cold start takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import psutil

from bench import servers
from bench.figures import Figure
from bench.subjects import first_page

if TYPE_CHECKING:
    from bench.run import Conditions

DOCUMENTS = 12
PARTS = {
    "supervisor": "manage.py serve",
    "web": "mathpixweb.web.server",
    "worker and its children": "mathpixweb.web.worker",
    "reader of images": "mathpixweb.providers.serving",
}


def measure(conditions: Conditions) -> Iterator[Figure]:
    with servers.folder() as place:
        with servers.running(place) as server:
            yield Figure("first start: database, key, everything, to ready", server.ready_after, "s")
        with servers.running(place) as server, server.client() as client:
            yield Figure("cold start to ready", server.ready_after, "s")
            yield Figure("CPU of a cold start", server.cpu_seconds(), "CPU s")
            first, _ = first_page.streamed(client, 0)
            yield Figure("first page of the first document after it", first, "s")
            yield from _held(server, "idle")
            for seed in range(DOCUMENTS):
                first_page.streamed(client, seed)
            yield from _held(server, f"after {DOCUMENTS} documents")


def _held(server: servers.Server, when: str) -> Iterator[Figure]:
    for name, command in PARTS.items():
        held = sum(_own(process) for process in server.family(command))
        yield Figure(f"{when}: {name}", held / 1e6, "MB")


def _own(process: psutil.Process) -> float:
    """Memory with what is shared divided among those who share it, where the system tells."""
    try:
        return float(process.memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return float(process.memory_info().rss)
