"""The real server as its own processes, on a free port and with data of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import psycopg

from tests import migrated, services
from tests.asking import HTTP

ROOT = Path(__file__).parent.parent
START_SECONDS = 180  # of a machine that is busy with other things
STOP_SECONDS = 15
EMAIL, PASSWORD = "owner@example.org", "a long password"
NOT_INHERITED = ("PUBLIC_URL", "REDIS_URL", "DATABASE_URL")
APP_ID, APP_KEY = "test_app", "test_key_of_the_first_team"
PREPARE = """
import django; django.setup()
from django.core.management import call_command
from mathpixweb.web import static_files
call_command("migrate", verbosity=0)
static_files.build()
"""


@dataclass(frozen=True)
class Server:
    """A running server; `log` holds what it has printed."""

    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[bytes]
    email: str = EMAIL
    password: str = PASSWORD
    app_id: str = APP_ID
    app_key: str = APP_KEY
    database: str = ""  # its address, where it is no file in `data_dir`

    def change(self, statement: str) -> None:
        """Rows, behind the server's back: what else only time would do."""
        if self.database:
            with psycopg.connect(self.database) as rows:
                rows.execute(statement)
        else:
            with closing(sqlite3.connect(self.data_dir / "db.sqlite3", timeout=30)) as rows, rows:
                rows.execute(statement)


@contextmanager
def running(folder: Path, *options: str, first: bool = False, **environment: str) -> Iterator[Server]:
    """`manage.py serve` with its data in `folder`, ready to answer; stopped at the end.

    A folder without data gets the tables and static files that the first start would make, unless this is to
    be the `first` start of all: they take as long as the rest of it.
    """
    data_dir = folder / "data"
    port = services.free_port()
    log = folder / "server.log"
    settings = {
        "DATA_DIR": str(data_dir),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WORKERS": "1",
        "BOOTSTRAP_EMAIL": EMAIL,
        "BOOTSTRAP_PASSWORD": PASSWORD,
        "BOOTSTRAP_APP_ID": APP_ID,
        "BOOTSTRAP_APP_KEY": APP_KEY,
    }
    if not {"DATABASE_URL", "REDIS_URL"} & environment.keys():
        settings |= services_of(folder)
    database = environment.get("DATABASE_URL") or settings.get("DATABASE_URL", "")
    if not first and not data_dir.exists():
        left_out = shutil.ignore_patterns("secret_key", *(["db.sqlite3*"] if database else []))
        shutil.copytree(_prepared(), data_dir, ignore=left_out)
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *options],
            cwd=ROOT,
            env={**inherited, **settings, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", data_dir, log, process, database=database)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        _stop(process)


@cache
def _prepared() -> Path:
    folder = Path(os.environ["DATA_DIR"]) / "prepared"
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    chosen = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "mathpixweb.settings"}
    migrated.give(folder / "db.sqlite3")
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env={**environment, **chosen}, check=True)
    migrated.keep(folder / "db.sqlite3")
    return folder


def manage(data_dir: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of `manage.py` on the data of a server, which may run meanwhile."""
    environment = {**os.environ, "DATA_DIR": str(data_dir), **services_of(data_dir.parent)}
    program = [sys.executable, "manage.py", *command]
    return subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def run_inside(server: Server, script: str) -> None:
    """Runs the script by the server's own means, on its data."""
    manage(server.data_dir, "shell", "-c", script).check_returncode()


def services_of(folder: Path) -> dict[str, str]:
    """Where servers of this folder keep rows, messages and files under `manage.py test --services`."""
    if services.DATABASE not in os.environ:
        return {}
    known = folder / "services.json"
    if not known.exists():
        settings = {
            "DATABASE_URL": services.new_database(os.environ[services.DATABASE]),
            "REDIS_URL": services.new_messages(os.environ[services.MESSAGES]),
            **services.new_folder(os.environ[services.BUCKET]),
        }
        known.write_text(json.dumps(settings))
    settings = json.loads(known.read_text())
    return dict(settings)


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if HTTP.get(f"{server.url}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{server.log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
