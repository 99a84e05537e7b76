"""How long after a page is stored each of 200 watchers has it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from bench import documents, servers
from bench.figures import Figure, middle, percentile

if TYPE_CHECKING:
    from bench.run import Conditions

WATCHERS, PAGES = 200, 60
LIMITS = httpx.Limits(max_connections=WATCHERS + 10)


def measure(conditions: Conditions) -> Iterator[Figure]:
    with servers.running() as server:
        [web] = server.family("mathpixweb.web.server")
        before = sum(web.cpu_times()[:2])
        pdf_id, arrivals = asyncio.run(_watched(server, 50 if conditions.quick else WATCHERS))
        spent = sum(web.cpu_times()[:2]) - before
        stored = _stored(server, pdf_id)
    late = [at - stored[index] for one in arrivals for index, at in one if at >= stored[index]]
    everything = all([index for index, _ in one] == list(range(1, PAGES + 1)) for one in arrivals)
    yield Figure("watchers", len(arrivals), "")
    yield Figure("every page to every watcher, in order", float(everything), "of 1", goal="1")
    yield Figure("page stored to page received, p50", middle(late) * 1000, "ms")
    yield Figure("page stored to page received, p95", percentile(late, 95) * 1000, "ms", goal="200 ms")
    yield Figure("CPU of the web server for a delivery", spent / len(late) * 1e6, "CPU µs", goal="100 µs")


async def _watched(server: servers.Server, watchers: int) -> tuple[str, list[list[tuple[int, float]]]]:
    async with httpx.AsyncClient(
        base_url=server.url, headers=server.headers, timeout=300, limits=LIMITS
    ) as client:
        files = {"file": ("prose.pdf", documents.prose(PAGES))}
        sent = await client.post(
            "/v3/pdf", files=files, data={"options_json": json.dumps({"streaming": True})}
        )
        pdf_id = sent.json()["pdf_id"]
        return pdf_id, await asyncio.gather(*(_watch(client, pdf_id) for _ in range(watchers)))


async def _watch(client: httpx.AsyncClient, pdf_id: str) -> list[tuple[int, float]]:
    """Which page came when; those stored before we came are told apart by the caller."""
    async with client.stream("GET", f"/v3/pdf/{pdf_id}/stream") as stream:
        return [
            (json.loads(line)["page_idx"], datetime.now(UTC).timestamp())
            async for line in stream.aiter_lines()
            if line.strip()
        ]


def _stored(server: servers.Server, pdf_id: str) -> dict[int, float]:
    asked = """SELECT p."index", p.completed_at FROM documents_page p
        JOIN documents_document d ON d.id = p.document_id WHERE d.public_id = ?"""
    with sqlite3.connect(f"file:{server.data_dir}/db.sqlite3?mode=ro", uri=True) as database:
        rows = database.execute(asked, [pdf_id]).fetchall()
    database.close()
    return {index: datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() for index, at in rows}
