"""A full disk; a database that is held, gone or old; readers that do not read; a worker that stands still."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests import pdfs, server
from tests.asking import HTTP
from tests.faults import victims
from tests.server import Server

WEB, WORKER = "mathpixweb.web.server", "mathpixweb.web.worker"
ROOM = 3 * 1024 * 1024
HELD_SECONDS = 3.0
SLOW_READERS = 20
FILES = "db.sqlite3*"
BEHIND = "UPDATE django_migrations SET app = 'of later' WHERE app = 'documents'"
UP_TO_DATE = "UPDATE django_migrations SET app = 'documents' WHERE app = 'of later'"
GROWN_MB = 60  # what a server may grow by in all of this; a hundred pages a reader would be far more


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("scarce")
    with server.running(folder, WORKERS="2") as running:
        yield running


@pytest.fixture
def small_disk(victim: Server) -> Iterator[Path]:
    """The files of documents on a disk of three megabytes, for as long as a test lasts."""
    files = victim.data_dir / "files"
    files.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(files)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk, and only where mounting is allowed")
    yield files
    subprocess.run(["umount", "-l", str(files)], check=True)


def send(victim: Server, content: bytes) -> dict[str, object]:
    files = {"file": ("notes.pdf", content, "application/pdf")}
    answer = HTTP.post(f"{victim.url}/v3/pdf", headers=victims.credentials(victim), files=files, timeout=60)
    said: dict[str, object] = answer.json()
    return said


def test_a_full_disk_is_told_nothing_half_is_kept_and_room_is_enough_to_go_on(
    victim: Server, small_disk: Path
) -> None:
    big = pdfs.with_numbered_pages(1) + b"%" * (2 * ROOM)
    before = victims.rows(victim, "SELECT count(*) FROM documents_document")
    refused = send(victim, big)
    assert "disk is full" in str(refused["error"])
    assert refused["error_info"]["id"] == "sys_exception"  # type: ignore[index]
    assert victims.rows(victim, "SELECT count(*) FROM documents_document") == before
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    assert list((victim.data_dir / "uploads").iterdir()) == []
    small = send(victim, pdfs.with_numbered_pages(2))
    assert victims.ended(victim, str(small["pdf_id"]))["status"] == "completed"


def test_a_disk_that_fills_while_pages_are_read_costs_pictures_and_no_page(
    victim: Server, small_disk: Path
) -> None:
    pdf_id = victims.submit(victim, 3)
    with contextlib.suppress(OSError):
        (small_disk / "filler").write_bytes(bytes(ROOM))
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    victims.audit(victim, pdf_id, 3)


def test_a_database_in_others_hands_is_waited_for(victim: Server) -> None:
    if victim.database:
        pytest.skip("only SQLite has one lock for all")
    with sqlite3.connect(victim.data_dir / "db.sqlite3", isolation_level=None, timeout=30) as other:
        other.execute("BEGIN IMMEDIATE")
        answers: list[dict[str, object]] = []
        sending = threading.Thread(target=lambda: answers.append(send(victim, pdfs.with_numbered_pages(2))))
        sending.start()
        sending.join(HELD_SECONDS)
        assert sending.is_alive(), "it was answered although nothing could be stored"
        other.execute("COMMIT")
    other.close()
    sending.join(victims.PATIENCE)
    assert victims.ended(victim, str(answers[0]["pdf_id"]))["status"] == "completed"


def get(victim: Server, path: str) -> httpx.Response:
    return HTTP.get(f"{victim.url}{path}", headers=victims.credentials(victim), timeout=30)


@contextmanager
def moved_away(victim: Server) -> Iterator[None]:
    """The database, as when a disk is unmounted or somebody tidies up."""
    aside = victim.data_dir / "aside"
    aside.mkdir()
    for file in victim.data_dir.glob(FILES):
        file.rename(aside / file.name)
    try:
        yield
    finally:
        for file in aside.iterdir():
            file.rename(victim.data_dir / file.name)


def test_what_is_sent_while_the_database_is_gone_is_refused_and_all_goes_on_when_it_is_back(
    victim: Server,
) -> None:
    """SQLite would write on to the file that was moved away, and make an empty one in its place."""
    if victim.database:
        pytest.skip("test_with_postgres.py takes PostgreSQL away")
    pdf_id = victims.submit(victim, 2)
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    with moved_away(victim):
        for path in ("/healthz", "/readyz", "/region-health"):
            told = get(victim, path)
            assert (told.status_code, told.json()["failed"][0]) == (503, "database")
        told = HTTP.post(
            f"{victim.url}/v3/pdf", headers=victims.credentials(victim), json={"url": "https://example.org/a"}
        )
        assert told.json()["error_info"]["id"] == "sys_exception"
        assert get(victim, "/files/v1/jobs").status_code == 500
        assert get(victim, f"/v3/pdf/{pdf_id}").json()["error_info"]["id"] == "sys_exception"
        page = httpx.get(f"{victim.url}/", cookies={"sessionid": "of-somebody"}, timeout=30)
        assert page.status_code == 503
        assert "cannot use its database" in page.text
        assert list(victim.data_dir.glob(FILES)) == []
    another = victims.submit(victim, 2)
    assert victims.ended(victim, another)["status"] == "completed"
    for each in (pdf_id, another):
        victims.audit(victim, each, 2)
    assert "ended by itself" not in victim.log.read_text(), "nobody was started again and again"
    assert get(victim, "/readyz").status_code == 200


def test_tables_of_an_older_version_are_red_and_told_with_what_to_do(victim: Server) -> None:
    victim.change(BEHIND)
    try:
        assert get(victim, "/healthz").status_code == 200, "to be started again would not help it"
        told = get(victim, "/readyz")
        assert (told.status_code, told.json()["failed"]) == (503, ["migrations"])
        assert "manage.py doctor" in told.json()["to_do"]
    finally:
        victim.change(UP_TO_DATE)
    assert get(victim, "/readyz").status_code == 200


def test_readers_that_never_read_cost_no_memory_and_keep_nobody_waiting(victim: Server) -> None:
    [web] = victims.programs(victim, WEB)[:1]
    pdf_id = victims.submit(victim, 40)
    held = web.memory_info().rss
    readers = [_silent(victim, pdf_id) for _ in range(SLOW_READERS)]
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    victims.audit(victim, pdf_id, 40)
    assert (web.memory_info().rss - held) / 1e6 < GROWN_MB
    for reader in readers:
        reader.close()
    victims.until(lambda: _open_to_us(web, victim) == 0, victim)


def _silent(victim: Server, pdf_id: str) -> socket.socket:
    """Asks for the stream and never takes anything of it."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    line.connect(("127.0.0.1", int(victim.url.rsplit(":", 1)[1])))
    head = "".join(f"{name}: {value}\r\n" for name, value in victims.credentials(victim).items())
    line.sendall(f"GET /v3/pdf/{pdf_id}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode())
    return line


def _open_to_us(web: psutil.Process, victim: Server) -> int:
    port = int(victim.url.rsplit(":", 1)[1])
    return sum(line.laddr.port == port and line.status == "ESTABLISHED" for line in web.net_connections())


def test_a_worker_that_stands_still_is_overtaken_and_overwrites_nothing_when_it_goes_on(
    victim: Server,
) -> None:
    pdf_id = victims.submit(victim, 20)
    victims.until(lambda: victims.status(victim, pdf_id).get("num_pages_completed"), victim)
    main, *children = victims.programs(victim, WORKER)
    reading = max(children, key=lambda child: sum(child.cpu_times()[:2]))
    reading.send_signal(signal.SIGSTOP)
    try:
        victims.until(lambda: victims.status(victim, pdf_id)["status"] == "completed", victim)
    finally:
        reading.send_signal(signal.SIGCONT)
    before = _pages(victim, pdf_id)
    time.sleep(1.5)  # for whatever the one that was overtaken would still write
    assert _pages(victim, pdf_id) == before
    assert main.is_running()
    victims.audit(victim, pdf_id, 20)


def _pages(victim: Server, pdf_id: str) -> list[str]:
    text = victims.ask(victim, f"/v3/pdf/{pdf_id}/stream").text
    return [json.dumps(json.loads(line), sort_keys=True) for line in text.splitlines() if line.strip()]
