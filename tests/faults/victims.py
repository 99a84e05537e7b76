"""What tests of faults share: a server of their own, what is sent to it, and the audit afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import httpx
import psutil
import psycopg

from tests import pdfs
from tests.asking import HTTP
from tests.server import Server

PATIENCE = 90.0
UNANSWERED = (httpx.TransportError, httpx.TimeoutException)


def credentials(victim: Server) -> dict[str, str]:
    return {"app_id": victim.app_id, "app_key": victim.app_key}


def submit(victim: Server, pages: int, **options: object) -> str:
    content = pdfs.with_pages(
        *[(f"The number here is {n}.", *["Words to read."] * 30) for n in range(1, pages + 1)]
    )
    data = {"options_json": json.dumps({"streaming": True, **options})}
    files = {"file": ("notes.pdf", content)}
    answer = HTTP.post(
        f"{victim.url}/v3/pdf", headers=credentials(victim), files=files, data=data, timeout=60
    )
    pdf_id: str = answer.json()["pdf_id"]
    return pdf_id


def ask(victim: Server, path: str) -> httpx.Response:
    """Asked again while the server is being started again."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return HTTP.get(f"{victim.url}{path}", headers=credentials(victim), timeout=30)
        except UNANSWERED:
            assert time.monotonic() < deadline, victim.log.read_text()[-2000:]
            time.sleep(0.1)


def status(victim: Server, pdf_id: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(victim, f"/v3/pdf/{pdf_id}").json()
    return found


def until(condition: Callable[[], object], victim: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, victim.log.read_text()[-3000:]
        time.sleep(0.05)


def ended(victim: Server, pdf_id: str) -> dict[str, Any]:
    """The status of the document when it has ended."""
    until(lambda: status(victim, pdf_id)["status"] in ("completed", "error"), victim)
    return status(victim, pdf_id)


def programs(victim: Server, module: str) -> list[psutil.Process]:
    found = []
    for process in psutil.Process(victim.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if module in " ".join(process.cmdline()):
                found.append(process)
    return found


def kill(victim: Server, *modules: str) -> None:
    for module in modules:
        for process in programs(victim, module):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def rows(victim: Server, statement: str, *values: object) -> list[tuple[Any, ...]]:
    if victim.database:
        with psycopg.connect(victim.database) as connection:
            return connection.execute(statement.replace("?", "%s").encode(), values).fetchall()
    with sqlite3.connect(f"file:{victim.data_dir}/db.sqlite3?mode=ro", uri=True, timeout=30) as database:
        found = database.execute(statement, values).fetchall()
    database.close()
    return found


def audit(victim: Server, pdf_id: str, pages: int) -> None:
    """Each page is there once, was stored once, and stands once in the ledger, as all others do."""
    [(document, counted)] = rows(
        victim, "SELECT id, counted_pages FROM documents_document WHERE public_id = ?", pdf_id
    )
    editions = rows(
        victim, "SELECT edition, count(*) FROM documents_page WHERE document_id = ? GROUP BY 1", document
    )
    assert editions == [(1, pages)]
    assert counted == pages
    ledger = rows(victim, "SELECT sum(count) FROM accounts_usageevent WHERE usage_type = 'pdf-page'")
    assert ledger == rows(victim, "SELECT sum(counted_pages) FROM documents_document WHERE kind = 'pdf'")
    said = [
        json.loads(line) for line in ask(victim, f"/v3/pdf/{pdf_id}/stream").text.splitlines() if line.strip()
    ]
    assert [message["page_idx"] for message in said] == list(range(1, pages + 1))
