import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.programs import bounded, confined

LANDLOCK = pytest.mark.skipif(confined.landlock_version() < 1, reason="the kernel has no Landlock")

UNSHARE = shutil.which("unshare")
NAMESPACES = (
    UNSHARE and not subprocess.run([UNSHARE, "-rn", "true"], capture_output=True, check=False).returncode
)


def shell(script, folder, **bounds):
    return bounded.attempt(["/bin/sh", "-c", script], b"", folder, bounds.pop("seconds", 30), **bounds)


def sleeps(process):
    return process.info["cmdline"] == ["sleep", "77.125"] and process.status() != psutil.STATUS_ZOMBIE


@LANDLOCK
def test_a_program_sees_no_files_but_its_own_and_the_systems(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("very-secret-words")
    own = tmp_path / "own"
    own.mkdir()
    ended = shell(f"echo mine > a; cat a; cat {secret}; cat /etc/passwd; ls {tmp_path}; echo x > ../b", own)
    assert ended.output == b"mine\n"
    assert ended.complaint.count("Permission denied") + ended.complaint.count("cannot create") >= 4
    assert not (tmp_path / "b").exists()


@LANDLOCK
def test_a_program_cannot_read_what_other_processes_know(tmp_path):
    assert shell(f"cat /proc/{os.getpid()}/environ", tmp_path).output == b""


@pytest.mark.skipif(confined.landlock_version() < 4, reason="the kernel's Landlock knows no network")
def test_a_program_has_no_network(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        script = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        ended = bounded.attempt([sys.executable, "-I", "-c", script], b"", tmp_path, 30)
    assert ended.status != 0
    assert "Error" in ended.complaint


@pytest.mark.skipif(not NAMESPACES, reason="nobody may enter a namespace here")
def test_a_program_sends_no_datagrams(tmp_path):
    """Which Landlock lets pass, and with which names could be asked for."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.2)
        to = listening.getsockname()
        script = f"import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', {to})"
        bounded.attempt([sys.executable, "-I", "-c", script], b"", tmp_path, 30)
        with pytest.raises(TimeoutError):
            listening.recv(1)


def test_a_program_knows_nothing_of_our_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very-secret-words")
    assert b"very-secret-words" not in shell("env", tmp_path).output


def test_a_program_that_takes_all_memory_is_stopped(tmp_path):
    script = "a = bytearray(600 * 2**20); print(len(a))"
    command = [sys.executable, "-I", "-c", script]
    assert bounded.attempt(command, b"", tmp_path, 60, memory=2 << 30).status == 0
    ended = bounded.attempt(command, b"", tmp_path, 60, memory=300 << 20)
    assert ended.status != 0
    assert "MemoryError" in ended.complaint


def test_a_program_that_fills_the_disk_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(bounded, "LARGEST_FILE", 1 << 20)
    shell("head -c 5000000 /dev/zero > big", tmp_path)
    assert (tmp_path / "big").stat().st_size <= 1 << 20


def test_a_program_and_its_children_end_with_the_time(tmp_path):
    with pytest.raises(RenderFailed, match="longer than"):
        shell("sleep 77.125 & sleep 77.125", tmp_path, seconds=0.5)
    deadline = time.monotonic() + 20
    while running := [each.pid for each in psutil.process_iter(["cmdline"]) if sleeps(each)]:
        assert time.monotonic() < deadline, running


def test_a_program_that_is_missing_is_named(tmp_path):
    with pytest.raises(RenderFailed, match="no-such-program is not installed"):
        bounded.run(["no-such-program"], b"", tmp_path, 5)


def test_without_landlock_and_namespaces_limits_still_hold(tmp_path, monkeypatch):
    """As in a container that forbids both: the script goes on without them."""
    wanted = json.dumps({"memory": 2 << 30, "cpu": 20, "file": 1000, "read": [], "write": [str(tmp_path)]})
    patched = tmp_path / "confined.py"
    source = Path(confined.__file__).read_text()
    source = source.replace(
        "CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446",
        "CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 9444, 9445, 9446",
    )
    patched.write_text(
        source.replace("NEW_USER, NEW_NET = 0x10000000, 0x40000000", "NEW_USER, NEW_NET = -1, -1")
    )
    command = [sys.executable, "-I", "-S", str(patched), wanted, "/bin/sh", "-c", "ulimit -f; echo ok"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.split()
    assert answer[-1] == "ok"
    assert int(answer[0]) <= 2


def test_whoever_may_enter_a_namespace_and_be_nobody_in_it_stays_outside(tmp_path):
    """A root without capabilities, as in a container, and anybody on a new Ubuntu."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can leave its capabilities behind with setpriv")
    wanted = json.dumps({"memory": 2 << 30, "cpu": 20, "file": 1000, "read": [], "write": [str(tmp_path)]})
    bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    command = [*bare, sys.executable, "-I", "-S", confined.__file__, wanted, "/bin/sh", "-c", "id -u"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (answer.stdout.strip(), answer.stderr) == ("0", "")
