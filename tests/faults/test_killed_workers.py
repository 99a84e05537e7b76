"""Workers killed with SIGKILL in the middle of a document: it completes, nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from tests import pdfs, server
from tests.asking import HTTP
from tests.faults import victims
from tests.server import Server

PAGES = 40
WORDS = "seven quick foxes jump over lazy dogs while nobody watches them at all " * 2
SECONDS_TO_RECOVER = 30  # until all of the document is there


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these tests' own, since they do it harm."""
    with server.running(tmp_path_factory.mktemp("victim"), WORKERS="2") as running:
        yield running


def long_document() -> bytes:
    """Pages that take a worker some time to read, each with its own number in it."""
    half = [WORDS] * 19
    return pdfs.with_pages(*[(*half, f"The number here is {n}.", *half) for n in range(1, PAGES + 1)])


def submit(victim: Server) -> str:
    files = {"file": ("long.pdf", long_document(), "application/pdf")}
    data = {"options_json": json.dumps({"streaming": True})}
    answer = HTTP.post(f"{victim.url}/v3/pdf", headers=credentials(victim), files=files, data=data)
    return answer.json()["pdf_id"]


def credentials(victim: Server) -> dict[str, str]:
    return {"app_id": victim.app_id, "app_key": victim.app_key}


def status(victim: Server, pdf_id: str) -> dict[str, object]:
    return HTTP.get(f"{victim.url}/v3/pdf/{pdf_id}", headers=credentials(victim)).json()


def wait_for(victim: Server, pdf_id: str, pages: int, seconds: float) -> dict[str, object]:
    """The status once `pages` pages are read."""
    deadline = time.monotonic() + seconds
    while (now := status(victim, pdf_id)).get("num_pages_completed", 0) < pages:
        assert now["status"] != "error", now
        assert time.monotonic() < deadline, (now, victim.log.read_text()[-2000:])
        time.sleep(0.02)
    return now


def workers(victim: Server) -> list[psutil.Process]:
    """The worker's main process first, then those that read pages."""
    family = psutil.Process(victim.process.pid).children(recursive=True)
    return [process for process in family if "mathpixweb.web.worker" in " ".join(process.cmdline())]


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        if process.is_running():
            os.kill(process.pid, signal.SIGKILL)


def audit(victim: Server, pdf_id: str) -> None:
    """Every page once, in order, read once, and counted once in the ledger."""
    stream = HTTP.get(f"{victim.url}/v3/pdf/{pdf_id}/stream", headers=credentials(victim))
    streamed = [json.loads(line) for line in stream.text.split("\n") if line.strip()]
    assert [message["page_idx"] for message in streamed] == list(range(1, PAGES + 1))
    assert all(f"The number here is {n}." in message["text"] for n, message in enumerate(streamed, 1))
    pages = "SELECT edition FROM documents_page WHERE document_id = (SELECT id FROM documents_document {})"
    editions = victims.rows(victim, pages.format("WHERE public_id = ?"), pdf_id)
    assert editions == [(1,)] * PAGES
    [(counted,)] = victims.rows(victim, "SELECT sum(count) FROM accounts_usageevent")
    [(documents,)] = victims.rows(victim, "SELECT count(*) FROM documents_document")
    assert counted == documents * PAGES


def test_a_document_survives_the_death_of_the_whole_worker(victim: Server) -> None:
    pdf_id = submit(victim)
    wait_for(victim, pdf_id, 5, 60)
    before = workers(victim)
    kill(before)
    at_death = status(victim, pdf_id)["num_pages_completed"]
    assert at_death < PAGES, "the document was done before the worker was killed"
    killed = time.monotonic()
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    assert time.monotonic() - killed < SECONDS_TO_RECOVER
    assert not {process.pid for process in before} & {process.pid for process in workers(victim)}
    audit(victim, pdf_id)


def test_a_document_survives_the_death_of_those_who_read_it(victim: Server) -> None:
    """Only the children die; the worker itself lives and starts new ones."""
    pdf_id = submit(victim)
    wait_for(victim, pdf_id, 5, 60)
    main, *children = workers(victim)
    kill(children)
    killed = time.monotonic()
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    assert time.monotonic() - killed < SECONDS_TO_RECOVER
    assert main.is_running()
    audit(victim, pdf_id)


def test_those_who_wait_for_work_can_die_too(victim: Server) -> None:
    """One of them holds the lock of the pipe that all of them read."""
    main, *children = workers(victim)
    kill(children)
    pdf_id = submit(victim)
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    assert main.is_running()
