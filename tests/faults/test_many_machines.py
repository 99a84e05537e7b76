"""Web servers and workers that share a PostgreSQL, a Redis and a bucket, and no folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import clouds, server, services
from tests.asking import HTTP
from tests.faults import victims
from tests.server import ROOT

PAGES = 12
SECRET = "the same long random text on every machine, as the documentation asks"

pytestmark = pytest.mark.skipif(
    bool(services.missing()), reason=f"missing: apt-get install {' '.join(services.missing())}"
)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings that are the same on all machines."""
    with services.postgres() as cluster, services.redis(tmp_path) as messages, clouds.s3() as endpoint:
        yield {
            "DATABASE_URL": services.new_database(cluster.url),
            "REDIS_URL": f"{messages}/0",
            "SECRET_KEY": SECRET,
            **services.new_folder(endpoint),
        }


def machine(tmp_path: Path, name: str) -> Path:
    (tmp_path / name).mkdir()
    return tmp_path / name


@contextmanager
def worker(folder: Path, shared: dict[str, str]) -> Iterator[None]:
    environment = {**os.environ, **shared, "DATA_DIR": str(folder / "data"), "WORKERS": "1"}
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--worker-only"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(server.STOP_SECONDS)


def test_a_document_outlives_the_machine_that_took_it_in(tmp_path: Path, shared: dict[str, str]) -> None:
    """Sent to one web server, read by a worker, streamed and fetched from another web server."""
    with server.running(machine(tmp_path, "second"), "--web-only", **shared) as second:
        with server.running(machine(tmp_path, "first"), "--web-only", **shared) as first:
            pdf_id = victims.submit(first, PAGES, conversion_formats={"md": True})
        assert not list((first.data_dir / "files").glob("[0-9a-f][0-9a-f]/*/pages")), "nobody has read it yet"
        with worker(machine(tmp_path, "third"), shared):
            address = f"{second.url}/v3/pdf/{pdf_id}/stream"
            with HTTP.stream("GET", address, headers=victims.credentials(second), timeout=60) as stream:
                told = [json.loads(line)["page_idx"] for line in stream.iter_lines() if line.strip()]
            assert told == list(range(1, PAGES + 1))
            victims.until(lambda: victims.ask(second, f"/v3/pdf/{pdf_id}.md").status_code == 200, second)
        victims.audit(second, pdf_id, PAGES)
        assert not (second.data_dir / "db.sqlite3").exists()
        assert victims.ask(second, "/v3/pdf-results").json()["pdfs"][0]["id"] == pdf_id
        assert victims.ask(second, "/v3/ocr-usage").json()["ocr_usage"][0]["count"] == PAGES
        address, key = f"{second.url}/v3/pdf/{pdf_id}", victims.credentials(second)
        assert "deleted_at" in HTTP.delete(address, headers=key, timeout=30).json()
        assert victims.ask(second, f"/v3/pdf/{pdf_id}.md").status_code == 404
