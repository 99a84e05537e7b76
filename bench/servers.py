"""Servers of the suite's own, with data of their own, and what their processes take."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bench.figures import LeftOut

ROOT = Path(__file__).parent.parent
START_SECONDS, STOP_SECONDS = 180.0, 15.0
SETTLE_SECONDS, AT_REST = 30.0, 1.0
EMAIL, PASSWORD = "bench@example.org", "a password for measuring"
APP_ID, APP_KEY = "bench", "key_of_the_bench"
NOT_INHERITED = ("PUBLIC_URL", "REDIS_URL", "DATABASE_URL", "DATA_DIR")


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[bytes]
    ready_after: float  # seconds

    def client(self, timeout: float = 120) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=self.headers, timeout=timeout)

    @property
    def headers(self) -> dict[str, str]:
        return {"app_id": APP_ID, "app_key": APP_KEY}

    def family(self, of: str = "") -> list[psutil.Process]:
        """The server's processes, or those with `of` in their command."""
        head = psutil.Process(self.process.pid)
        found = []
        for process in (head, *head.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                if of in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def settle(self) -> None:
        """Waits until the server is at rest: after a start it makes ready what nobody has asked for yet."""
        until, before = time.monotonic() + SETTLE_SECONDS, self.cpu_seconds()
        while time.monotonic() < until:
            time.sleep(AT_REST)
            now = self.cpu_seconds()
            if now - before < AT_REST / 10:
                return
            before = now

    def cpu_seconds(self) -> float:
        total = 0.0
        for process in self.family():
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
        return total


def data_of(place: Path) -> Path:
    """DATA_DIR of servers that run in this folder."""
    return place / "data"


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return {**kept, "DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "mathpixweb.settings", **more}


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mathpixweb-bench-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@contextmanager
def running(data_dir: Path | None = None, *options: str, **more: str) -> Iterator[Server]:
    """`manage.py serve`, ready; stopped at the end. Raises LeftOut when it does not start."""
    with contextlib.ExitStack() as stack:
        place = data_dir or stack.enter_context(folder())
        server = _started(place, options, more)
        try:
            yield server
        finally:
            _stop(server.process)


def _started(place: Path, options: tuple[str, ...], more: dict[str, str]) -> Server:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    chosen = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "BOOTSTRAP_EMAIL": EMAIL,
        "BOOTSTRAP_PASSWORD": PASSWORD,
    }
    chosen |= {"BOOTSTRAP_APP_ID": APP_ID, "BOOTSTRAP_APP_KEY": APP_KEY, **more}
    place.mkdir(parents=True, exist_ok=True)
    log, began = place / "server.log", time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *options],
            cwd=ROOT,
            env=environment(data_of(place), **chosen),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    while not _answers(url):
        if process.poll() is not None or time.monotonic() - began > START_SECONDS:
            _stop(process)
            raise LeftOut(f"The server did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)
    return Server(url, data_of(place), log, process, time.monotonic() - began)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
