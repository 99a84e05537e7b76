"""The same server with its data in PostgreSQL, and the tests of what is asked of a database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import server, services
from tests.asking import HTTP
from tests.faults import victims
from tests.server import NOT_INHERITED, ROOT
from tests.services import Postgres

pytestmark = pytest.mark.skipif(
    services.INITDB is None, reason="PostgreSQL is missing: apt-get install postgresql"
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    with services.postgres() as running:
        yield running


@pytest.fixture
def postgres(cluster: Postgres) -> str:
    """The address of an empty database."""
    return services.new_database(cluster.url)


def test_what_is_asked_of_a_database_is_answered_alike_by_postgresql(postgres: str) -> None:
    asked = ["tests/documents/test_search.py", "tests/wire/test_usage.py"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *asked],
        cwd=ROOT,
        env={**os.environ, services.DATABASE: postgres, services.MESSAGES: "", services.BUCKET: ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]


def test_while_the_database_is_gone_nothing_crashes_and_when_it_is_back_all_goes_on(
    cluster: Postgres, postgres: str, tmp_path: Path
) -> None:
    """Whoever asks is told so in the words of the contract; nobody is started again and again."""
    with server.running(tmp_path, DATABASE_URL=postgres) as victim:
        pdf_id = victims.submit(victim, 30)
        before = {program.pid for program in victims.programs(victim, "mathpixweb.web")}
        cluster.stop()
        try:
            victims.until(lambda: HTTP.get(f"{victim.url}/healthz", timeout=30).status_code == 503, victim)
            assert HTTP.get(f"{victim.url}/readyz", timeout=30).status_code == 503
            told = HTTP.get(f"{victim.url}/v3/pdf/{pdf_id}", headers=victims.credentials(victim), timeout=30)
            assert told.json()["error_info"]["id"] == "sys_exception"
            assert "connection" not in told.text
        finally:
            cluster.start()
        assert victims.ended(victim, pdf_id)["status"] == "completed"
        victims.audit(victim, pdf_id, 30)
        after = {program.pid for program in victims.programs(victim, "mathpixweb.web.server")}
        assert after <= before, "the web server has lived on"


def test_what_was_backed_up_from_files_is_restored_in_postgresql(postgres: str, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    with server.running(tmp_path / "old", DATABASE_URL="") as old:
        pdf_id = victims.submit(old, 2)
        assert victims.ended(old, pdf_id)["status"] == "completed"
        text = victims.ask(old, f"/v3/pdf/{pdf_id}.mmd").text
        archive = str(tmp_path / "backup.tar.gz")
        manage({"DATA_DIR": str(old.data_dir)}, "backup", archive)
    there = {"DATA_DIR": str(tmp_path / "new" / "data"), "DATABASE_URL": postgres}
    manage(there, "restore", archive)
    manage(there, "rebuild_search", "--check")
    manage(there, "check_usage")
    with server.running(tmp_path / "new", DATABASE_URL=postgres) as new:
        assert victims.ask(new, f"/v3/pdf/{pdf_id}.mmd").text == text
        another = victims.submit(new, 2)
        assert victims.ended(new, another)["status"] == "completed", "numbers go on after those that came"
        victims.audit(new, another, 2)


def manage(settings: dict[str, str], *command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    program = [sys.executable, "manage.py", *command]
    done = subprocess.run(
        program, cwd=ROOT, env={**environment, **settings}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
