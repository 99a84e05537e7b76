"""Mixed traffic for some minutes while processes are killed at random; then an exact audit.

Whatever the server has accepted must end: completed, failed with a reason, or deleted by whoever sent it.
The ledger must say what the documents say. A figure that is not what its goal says is a fault of the product.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from bench import documents, servers
from bench.figures import Figure
from bench.servers import Server
from bench.subjects.images import drawn as drawn_line

if TYPE_CHECKING:
    from bench.run import Conditions

SENDERS = 3
KILL_EVERY = (4.0, 9.0)  # seconds
VICTIMS = ("mathpixweb.web.server", "mathpixweb.web.worker", "mathpixweb.providers.serving")
SETTLING = 240.0  # seconds for everything accepted to end once nothing is sent or killed any more
UNFINISHED = """SELECT count(*) FROM documents_document
    WHERE deleted_at IS NULL AND status NOT IN ('completed', 'error')"""
AUDIT = {
    "documents failed without a reason": """SELECT count(*) FROM documents_document
        WHERE status = 'error' AND (error_id = '' OR error_detail = '{}')""",
    "pages read and not counted, or counted and not read": """SELECT count(*) FROM documents_document d
        WHERE d.deleted_at IS NULL AND d.kind = 'pdf' AND d.counted_pages <>
        (SELECT count(*) FROM documents_page p WHERE p.document_id = d.id AND p.status = 'completed')""",
    "pages read twice": "SELECT count(*) FROM documents_page WHERE edition > 1",
    "ledger of pages less documents": """SELECT
        (SELECT COALESCE(SUM(count), 0) FROM accounts_usageevent WHERE usage_type = 'pdf-page') -
        (SELECT COALESCE(SUM(counted_pages), 0) FROM documents_document WHERE kind = 'pdf')""",
    "completed documents with pages missing": """SELECT count(*) FROM documents_document d
        WHERE d.deleted_at IS NULL AND d.status = 'completed' AND d.num_pages <>
        (SELECT count(*) FROM documents_page p WHERE p.document_id = d.id)""",
    "formats that never ended": "SELECT count(*) FROM documents_rendition WHERE status = 'processing'",
}


@dataclass(slots=True)
class Traffic:
    """What was sent, and what came of it so far; many threads write into it."""

    server: Server
    accepted: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    images: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)


def measure(conditions: Conditions) -> Iterator[Figure]:
    with servers.running(WORKERS="2") as server:
        traffic = Traffic(server)
        threads = [threading.Thread(target=_send, args=(traffic, n)) for n in range(SENDERS)]
        threads.append(threading.Thread(target=_kill, args=(traffic,)))
        for thread in threads:
            thread.start()
        time.sleep(conditions.minutes * 60)
        traffic.over.set()
        for thread in threads:
            thread.join()
        settled = _settle(server)
        yield from _told(traffic, settled)


def _told(traffic: Traffic, settled: float) -> Iterator[Figure]:
    for name in ("kills", "requests", "requests lost with the server", "answers of 500 and above"):
        yield Figure(name, traffic.counts[name], "", goal="0" if "500" in name else "")
    yield Figure("documents accepted", len(traffic.accepted), "")
    yield Figure("until everything had ended", settled, "s")
    states = _states(traffic)
    for state in ("completed", "error", "deleted", "unfinished", "unknown"):
        goal = "0" if state in ("unfinished", "unknown") else ""
        yield Figure(f"accepted, now {state}", states[state], "", goal=goal)
    for name, statement in AUDIT.items():
        yield Figure(name, _asked(traffic.server, statement), "", goal="0")
    counted = _asked(traffic.server, "SELECT count(*) FROM accounts_usageevent WHERE usage_type = 'image'")
    yield Figure("answered images that are not in the ledger", max(0, traffic.images - counted), "", goal="0")
    yield Figure("drafts of files left behind", len(list(traffic.server.data_dir.rglob("*.part"))), "")


def _send(traffic: Traffic, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same traffic at every run
    deeds: list[Callable[[httpx.Client, Traffic, random.Random], None]] = [
        _pdf, _pdf, _pdf, _image, _image, _text, _delete, _look, _watch,
    ]  # fmt: skip
    with traffic.server.client(timeout=60) as client:
        while not traffic.over.is_set():
            traffic.counts["requests"] += 1
            try:
                chance.choice(deeds)(client, traffic, chance)
            except httpx.TransportError:
                traffic.counts["requests lost with the server"] += 1
            traffic.over.wait(chance.uniform(0.1, 0.8))


def _pdf(client: httpx.Client, traffic: Traffic, chance: random.Random) -> None:
    options = {"streaming": True}
    if chance.random() < 0.4:
        options["conversion_formats"] = {"md": True, "html": True}  # type: ignore[assignment]
    content = documents.prose(chance.randint(1, 12), chance.randrange(10**6))
    files, data = {"file": ("prose.pdf", content)}, {"options_json": json.dumps(options)}
    _accept(client.post("/v3/pdf", files=files, data=data), "pdf_id", traffic)


def _text(client: httpx.Client, traffic: Traffic, chance: random.Random) -> None:
    body = {"mmd": f"# Number {chance.random()}\n\n\\( x^2 \\)", "formats": {"md": True}}
    _accept(client.post("/v3/converter", json=body), "conversion_id", traffic)


def _accept(answer: httpx.Response, name: str, traffic: Traffic) -> None:
    if answer.status_code >= 500:
        traffic.counts["answers of 500 and above"] += 1
    elif name in answer.json():
        traffic.accepted.append(answer.json()[name])


def _image(client: httpx.Client, traffic: Traffic, chance: random.Random) -> None:
    answer = client.post("/v3/text", files={"file": ("line.png", drawn_line())})
    if answer.status_code >= 500:
        traffic.counts["answers of 500 and above"] += 1
    elif "error" not in answer.json():
        traffic.images += 1


def _chosen(traffic: Traffic, chance: random.Random) -> str | None:
    return chance.choice(traffic.accepted[-20:]) if traffic.accepted else None


def _look(client: httpx.Client, traffic: Traffic, chance: random.Random) -> None:
    if pdf_id := _chosen(traffic, chance):
        traffic.counts["answers of 500 and above"] += client.get(f"/v3/pdf/{pdf_id}").status_code >= 500


def _delete(client: httpx.Client, traffic: Traffic, chance: random.Random) -> None:
    pdf_id = _chosen(traffic, chance)
    if pdf_id and chance.random() < 0.3 and "deleted_at" in client.delete(f"/v3/pdf/{pdf_id}").json():
        traffic.deleted.add(pdf_id)


def _watch(client: httpx.Client, traffic: Traffic, chance: random.Random) -> None:
    """A reader who goes away in the middle."""
    if pdf_id := _chosen(traffic, chance):
        with client.stream("GET", f"/v3/pdf/{pdf_id}/stream") as stream:
            for _, line in zip(range(3), stream.iter_lines(), strict=False):
                del line


def _kill(traffic: Traffic) -> None:
    chance = random.Random(99)  # noqa: S311
    while not traffic.over.wait(chance.uniform(*KILL_EVERY)):
        family = traffic.server.family(chance.choice(VICTIMS))
        if family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(family).pid, signal.SIGKILL)
                traffic.counts["kills"] += 1


def _settle(server: Server) -> float:
    started = time.monotonic()
    while _asked(server, UNFINISHED) or _asked(server, AUDIT["formats that never ended"]):
        if time.monotonic() - started > SETTLING:
            break
        time.sleep(1)
    return time.monotonic() - started


def _states(traffic: Traffic) -> Counter[str]:
    states: Counter[str] = Counter()
    with sqlite3.connect(_address(traffic.server), uri=True) as database:
        rows = database.execute("SELECT public_id, status, deleted_at FROM documents_document").fetchall()
    database.close()
    known = {public_id: "deleted" if deleted else status for public_id, status, deleted in rows}
    for pdf_id in traffic.accepted:
        state = known.get(pdf_id, "deleted" if pdf_id in traffic.deleted else "unknown")
        states[state if state in ("completed", "error", "deleted", "unknown") else "unfinished"] += 1
    return states


def _asked(server: Server, statement: str) -> int:
    with sqlite3.connect(_address(server), uri=True, timeout=30) as database:
        [found] = database.execute(statement).fetchone()
    database.close()
    return int(found or 0)


def _address(server: Server) -> str:
    return f"file:{server.data_dir}/db.sqlite3?mode=ro"
