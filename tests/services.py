"""PostgreSQL and Redis of our own, on free ports of this machine, for as long as they are needed."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

REDIS = shutil.which("redis-server")
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
INITDB = str(_BINARIES[-1]) if _BINARIES else shutil.which("initdb")
# PostgreSQL refuses to run as root
_AS_USER = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
_REDIS_DATABASES = 10_000
START_SECONDS = 30
# where tests keep their data, when it is not in files
DATABASE, MESSAGES, BUCKET = "TEST_DATABASE_URL", "TEST_REDIS_URL", "TEST_BUCKET"


@dataclass(frozen=True)
class Postgres:
    """A cluster that can be stopped and started again."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://tester@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._control("-w", "-l", f"{self.folder}/log", "-o", f"{options} -c max_connections=300", "start")

    def stop(self) -> None:
        self._control("-w", "-m", "immediate", "stop")

    def _control(self, *arguments: str) -> None:
        program = Path(str(INITDB)).parent / "pg_ctl"
        command = [*_AS_USER, program, "-D", f"{self.folder}/data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def postgres() -> Iterator[Postgres]:
    folder = Path(subprocess.check_output([*_AS_USER, "mktemp", "-d"], text=True).strip())
    locale = ["-E", "UTF8", "--locale=C.UTF-8"]
    initdb = [*_AS_USER, str(INITDB), "-U", "tester", "-A", "trust", *locale, f"{folder}/data"]
    cluster = Postgres(folder, free_port())
    try:
        subprocess.run(initdb, check=True, capture_output=True)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(url: str) -> str:
    """The address of an empty database in the same cluster."""
    name = f"server_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Its address, without a database's number."""
    port = free_port()
    process = start_redis(folder, port)
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)


def start_redis(folder: Path, port: int) -> subprocess.Popen[bytes]:
    options = ["--port", str(port), "--dir", str(folder), "--save", "", "--appendonly", "no"]
    options += ["--databases", str(_REDIS_DATABASES)]
    process = subprocess.Popen([str(REDIS), *options], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return process
    raise AssertionError("redis-server did not start")


def new_messages(url: str) -> str:
    """The address of a part of that Redis which nobody uses yet."""
    return f"{url}/{100 + secrets.randbelow(_REDIS_DATABASES - 100)}"


def own_messages(url: str) -> str:
    """The part of it that belongs to this one of the processes that run tests side by side."""
    return f"{url}/{os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw')}"


def new_folder(endpoint: str) -> dict[str, str]:
    """Settings that make an empty folder of the bucket at that server the home of all files."""
    return {
        "FILES_URL": f"s3://papers/{secrets.token_hex(8)}",
        "FILES_ENDPOINT": endpoint,
        "FILES_ACCESS_KEY": "key",
        "FILES_SECRET_KEY": "secret",
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def missing() -> list[str]:
    """Debian's packages that have to be installed first."""
    needed = {"postgresql": INITDB, "redis-server": REDIS}
    return [package for package, program in needed.items() if program is None]
