"""The same server with its data in PostgreSQL, and the tests of what is asked of a database."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import pdfs, server
from tests.server import ROOT

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
INITDB = str(BINARIES[-1]) if BINARIES else shutil.which("initdb")
pytestmark = pytest.mark.skipif(INITDB is None, reason="PostgreSQL is missing: apt-get install postgresql")
# PostgreSQL refuses to run as root
AS_USER = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database in a PostgreSQL of our own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(subprocess.check_output([*AS_USER, "mktemp", "-d"], text=True).strip())
    binaries = Path(str(INITDB)).parent
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    start = ["-D", f"{folder}/data", "-l", f"{folder}/log", "-w"]
    try:
        initdb = [INITDB, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", f"{folder}/data"]
        subprocess.run([*AS_USER, *initdb], check=True, capture_output=True)
        subprocess.run([*AS_USER, binaries / "pg_ctl", *start, "-o", options, "start"], check=True)
        yield f"postgres://tester@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*AS_USER, binaries / "pg_ctl", *start, "-m", "immediate", "stop"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def test_what_is_asked_of_a_database_is_answered_alike_by_postgresql(postgres: str) -> None:
    asked = ["tests/documents/test_search.py", "tests/accounts", "tests/wire/test_usage.py"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *asked],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": postgres},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]


def test_a_document_is_converted_searched_and_deleted_in_postgresql(postgres: str, tmp_path: Path) -> None:
    with server.running(tmp_path, DATABASE_URL=postgres) as running:
        headers = {"app_id": running.app_id, "app_key": running.app_key}
        chapters = [(f"Chapter {n}", f"Its number is {n}.") for n in range(1, 7)]
        with httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
            sent = client.post(
                "/v3/pdf",
                files={"file": ("notes.pdf", pdfs.with_pages(*chapters))},
                data={"options_json": json.dumps({"streaming": True})},
            )
            pdf_id = sent.json()["pdf_id"]
            with client.stream("GET", f"/v3/pdf/{pdf_id}/stream") as stream:
                told = [json.loads(line)["page_idx"] for line in stream.iter_lines() if line.strip()]
            assert told == list(range(1, 7))
            assert client.get("/v3/pdf-results").json()["pdfs"][0]["id"] == pdf_id
            assert client.get("/v3/ocr-usage").json()["ocr_usage"][0]["count"] == 6
            assert "deleted_at" in client.delete(f"/v3/pdf/{pdf_id}").json()
            assert client.get(f"/v3/pdf/{pdf_id}.mmd").status_code == 404
    assert not (running.data_dir / "db.sqlite3").exists()
