"""`manage.py serve` as a person starts it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from tests import server
from tests.server import Server

PATIENCE = 60  # seconds, on a machine that is busy with other things
NOTHING_CHOSEN = dict.fromkeys(
    ("BOOTSTRAP_EMAIL", "BOOTSTRAP_PASSWORD", "BOOTSTRAP_APP_ID", "BOOTSTRAP_APP_KEY"), ""
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """What the first start leaves."""
    folder = tmp_path_factory.mktemp("prepared")
    with server.running(folder, "--web-only", first=True):
        return folder


@pytest.fixture
def folder(tmp_path, prepared) -> Path:
    shutil.copytree(prepared / "data", tmp_path / "data")
    return tmp_path


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def status(running: Server, path: str, **headers: str) -> int:
    return httpx.get(f"{running.url}{path}", headers=headers, timeout=30).status_code


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def part(process: subprocess.Popen[bytes], module: str) -> psutil.Process | None:
    """The program of that module that the supervisor has started."""
    for child in psutil.Process(process.pid).children():
        try:
            if module in child.cmdline():
                return child
        except psutil.Error:  # just gone
            continue
    return None


def test_the_first_start_shows_a_key_and_a_login_link_that_work_and_the_second_shows_neither(tmp_path):
    with server.running(tmp_path, "--web-only", first=True, **NOTHING_CHOSEN) as first:
        shown = first.log.read_text()
        app_id, app_key = re.search(r"app_id (\S+)  app_key (\S+)", shown).groups()
        assert status(first, "/v3/pdf-results", app_id=app_id, app_key=app_key) == 200
        assert status(first, "/v3/pdf-results", app_id=app_id, app_key="wrong") == 401
        link = re.search(re.escape(first.url) + r"(/login-link/\S+)", shown)[1]
        with httpx.Client(base_url=first.url, follow_redirects=True) as browser:
            assert browser.get(link).status_code == 200
            signed_in = browser.post(link, data={"csrfmiddlewaretoken": browser.cookies["csrftoken"]})
            assert (signed_in.status_code, signed_in.url.path) == (200, "/")
    with server.running(tmp_path, "--web-only", **NOTHING_CHOSEN) as second:
        shown = second.log.read_text()
        assert "app_key" not in shown
        assert "login-link" not in shown


def test_the_environment_can_choose_the_owner_and_the_key_and_then_no_secret_is_shown(prepared):
    shown = (prepared / "server.log").read_text()
    assert server.EMAIL in shown
    assert not any(secret in shown for secret in (server.PASSWORD, server.APP_KEY, "login-link"))


def test_an_interrupt_leaves_no_process_and_no_open_port(folder):
    with server.running(folder) as running:
        until(lambda: len(family(running.process)) >= 3)  # web, worker and the worker's child
        members = family(running.process)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(PATIENCE) == 0
        assert not [member for member in members if member.is_running()]
        with pytest.raises(httpx.ConnectError):
            status(running, "/healthz")


def test_a_killed_worker_is_replaced_with_all_its_children(folder):
    with server.running(folder) as running:
        until(lambda: len(family(running.process)) >= 3)
        worker = part(running.process, "mathpixweb.web.worker")
        children = worker.children()
        worker.kill()
        # an orphaned child looks like a worker until it is killed
        until(lambda: part(running.process, "mathpixweb.web.worker") not in (None, worker, *children))
        assert not [child for child in children if child.is_running()]


def test_a_killed_web_server_refuses_no_connection(folder):
    with server.running(folder, "--web-only") as running:
        part(running.process, "mathpixweb.web.server").kill()
        assert status(running, "/healthz") == 200


def test_web_and_worker_can_run_apart(folder):
    with server.running(folder, "--web-only") as running:
        assert part(running.process, "mathpixweb.web.worker") is None
        with serving(folder, "--worker-only") as other:
            until(lambda: part(other, "mathpixweb.web.worker"))
            assert part(other, "mathpixweb.web.server") is None
            other.terminate()
            other.communicate(timeout=PATIENCE)


def test_a_port_that_is_taken_is_named_with_another_to_try(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(folder, PORT=str(port)) as process:
            said = process.stdout.read()
    assert process.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in said
    assert f"PORT={port + 1}" in said
    assert "Traceback" not in said


def serving(folder: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    """`manage.py serve`, of which no answer is expected."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", *options],
        cwd=server.ROOT,
        env={**os.environ, "DATA_DIR": str(folder / "data"), "WORKERS": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
