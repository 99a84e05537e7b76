"""Files made to break their reader, sent in by every way there is: who dies, and how soon is it told?

The folder of `--corpus` is taken whole, whatever is in it; none of it is kept here.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil

from bench import servers
from bench.figures import Figure, LeftOut, percentile
from bench.servers import Server

if TYPE_CHECKING:
    from bench.run import Conditions

PATIENCE = 240.0  # seconds for one file; the goal is a quarter of it
WANTED = 60.0
WORKER_MEMORY = 1024  # MB
FORMATS = {"md": True, "docx": True, "html": True}
LOOK_EVERY = 0.1
QUICK_FILES = 20


@dataclass(slots=True)
class Outcomes:
    seconds: dict[str, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    largest: int = 0  # bytes that one process held


def measure(conditions: Conditions) -> Iterator[Figure]:
    if conditions.corpus is None:
        raise LeftOut("It needs a folder of hostile files: --corpus FOLDER.")
    files = sorted(path for path in conditions.corpus.rglob("*") if path.is_file())
    outcomes = Outcomes()
    memory = {"WORKER_MEMORY_MB": str(WORKER_MEMORY)}
    with servers.running(WORKERS="2", **memory) as server, _watched(server, outcomes):
        [web] = server.family("mathpixweb.web.server")
        with server.client(timeout=PATIENCE) as client:
            for path in files[:: max(1, len(files) // QUICK_FILES)] if conditions.quick else files:
                for way in (_document, _image, _text):
                    _try(client, path, way, outcomes)
        alive = web.is_running() and web.status() != psutil.STATUS_ZOMBIE
    yield Figure("files sent in", len(files), "")
    yield Figure("web servers that died", not alive, "", goal="0")
    yield Figure("answers of 500 and above", outcomes.counts["500"], "", goal="0")
    yield Figure("errors without an id", outcomes.counts["no id"], "", goal="0")
    for end in ("read", "refused"):
        yield Figure(f"ways that were {end}", outcomes.counts[end], "")
    taken = sorted(outcomes.seconds.values())
    late = [name for name, seconds in outcomes.seconds.items() if seconds > WANTED]
    yield Figure("until it was told, p95", percentile(taken, 95), "s")
    yield Figure("until it was told, at most", taken[-1], "s", goal=f"{WANTED:.0f} s")
    yield Figure(f"told after {WANTED:.0f} s", len(late), "", goal="0")
    yield Figure("the largest process", outcomes.largest / 1e6, "MB", goal=f"{WORKER_MEMORY} MB and itself")
    for fault in (*outcomes.faults, *(f"{name}: {outcomes.seconds[name]:.0f} s" for name in late)):
        print(fault)  # noqa: T201 - which ones it were


def _try(
    client: httpx.Client,
    path: Path,
    way: Callable[[httpx.Client, Path], httpx.Response | None],
    outcomes: Outcomes,
) -> None:
    started, name = time.monotonic(), f"{path.name} as {way.__name__[1:]}"
    try:
        answer = way(client, path)
    except (httpx.TransportError, TimeoutError) as error:
        outcomes.counts["500"] += 1
        outcomes.faults.append(f"{name}: {error!r}")
        return
    if answer is None:
        return
    outcomes.seconds[name] = time.monotonic() - started
    said = answer.json()
    failed = "error" in said
    outcomes.counts["refused" if failed else "read"] += 1
    if answer.status_code >= 500:
        outcomes.counts["500"] += 1
        outcomes.faults.append(f"{name}: {answer.status_code} {answer.text[:200]}")
    if failed and not said.get("error_info", {}).get("id"):
        outcomes.counts["no id"] += 1
        outcomes.faults.append(f"{name}: {answer.text[:200]}")


def _document(client: httpx.Client, path: Path) -> httpx.Response:
    answer = client.post("/v3/pdf", files={"file": (path.name, path.read_bytes())})
    if "pdf_id" not in answer.json():
        return answer
    return _ended(client, f"/v3/pdf/{answer.json()['pdf_id']}")


def _image(client: httpx.Client, path: Path) -> httpx.Response:
    return client.post("/v3/text", files={"file": (path.name, path.read_bytes())})


def _text(client: httpx.Client, path: Path) -> httpx.Response | None:
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return None
    answer = client.post("/v3/converter", json={"mmd": text, "formats": FORMATS})
    if "conversion_id" not in answer.json():
        return answer
    return _ended(client, f"/v3/converter/{answer.json()['conversion_id']}")


def _ended(client: httpx.Client, address: str) -> httpx.Response:
    """The answer that says how it ended, with all its formats."""
    gives_up = time.monotonic() + PATIENCE
    while time.monotonic() < gives_up:
        answer = client.get(address)
        said = answer.json()
        states = [one["status"] for one in said.get("conversion_status", {}).values()]
        if said.get("status") in ("completed", "error") and "processing" not in states:
            return answer
        time.sleep(LOOK_EVERY)
    raise TimeoutError(f"{address} had not ended after {PATIENCE:.0f} s")


@contextmanager
def _watched(server: Server, outcomes: Outcomes) -> Iterator[None]:
    """Looks at the processes' memory all the while."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY):
            for process in server.family():
                try:
                    outcomes.largest = max(outcomes.largest, process.memory_info().rss)
                except psutil.Error:
                    continue

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
