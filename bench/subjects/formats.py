"""Each format of ten pages with mathematics, eight conversions at once, and formulas there and back."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import psutil

from bench import documents, servers
from bench.figures import Figure
from bench.subjects import round_trip
from mathpixweb.engine.writers.formats import FORMATS

if TYPE_CHECKING:
    from bench.run import Conditions

PAGES, QUICK_PAGES = 10, 3
OF_A_PDF = "mmd.overlay.pdf"
AT_ONCE = 8
TOGETHER = ("docx", "html", "tex.zip")
PATIENCE = 600.0


def measure(conditions: Conditions) -> Iterator[Figure]:
    pages = QUICK_PAGES if conditions.quick else PAGES
    for name, kind in FORMATS.items():
        if name == OF_A_PDF or kind.missing():
            continue
        told = _made(name, pages)
        if "failed" not in told:
            yield Figure(f"{name} of {pages} pages", told["cpu"], "CPU s")
            yield Figure(f"{name}: the largest process", told["peak"] / 1e6, "MB")
    yield from _together(pages)
    yield from round_trip.measure(conditions)


def _made(name: str, pages: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.inside.making", name, str(pages)]
    ended = subprocess.run(command, cwd=servers.ROOT, capture_output=True, timeout=PATIENCE, check=True)
    told: dict[str, float] = json.loads(ended.stdout)
    return told


def _together(pages: int) -> Iterator[Figure]:
    with servers.running() as server, server.client() as client:
        texts = [f"# Number {number}\n\n{documents.mathematics(pages)}" for number in range(AT_ONCE)]
        formats, began = dict.fromkeys(TOGETHER, True), time.monotonic()
        waiting = [
            client.post("/v3/converter", json={"mmd": text, "formats": formats}).json()["conversion_id"]
            for text in texts
        ]
        made = most = 0
        while waiting and time.monotonic() - began < PATIENCE:
            time.sleep(0.2)
            most = max(most, _held(server))
            states = {each: _states(client, each) for each in waiting}
            waiting = [each for each in waiting if not states[each] <= {"completed", "error"}]
            made += sum(states[each] == {"completed"} for each in states if each not in waiting)
        seconds = time.monotonic() - began
        yield Figure(f"{AT_ONCE} documents at once to {', '.join(TOGETHER)}", seconds, "s")
        yield Figure("of these with all formats", made, "", goal=str(AT_ONCE))
        yield Figure("all processes meanwhile, at most", most / 1e6, "MB")


def _states(client: httpx.Client, conversion: str) -> set[str]:
    """Of the formats: a text itself is complete at once."""
    answer = client.get(f"/v3/converter/{conversion}").json()
    return {each["status"] for each in answer["conversion_status"].values()}


def _held(server: servers.Server) -> int:
    held = 0
    for process in server.family():
        with contextlib.suppress(psutil.Error):
            held += process.memory_info().rss
    return held
