"""The supervisor adopts and kills orphans, so it runs in a process of its own here too."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

PATIENCE = 20  # seconds, on a machine that is busy with other things
LINUX_ONLY = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux ties processes together like this"
)

STEADY = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
DYING = "raise SystemExit(3)"
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGQUIT, signal.SIG_IGN)
print("pid", os.getpid(), flush=True)
time.sleep(600)
"""
# its child has a session of its own, as the processes of the conversion engines have
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print("child", child.pid, flush=True)
print("pid", os.getpid(), flush=True)
time.sleep(600)
"""
SUPERVISE = """
import asyncio, json, sys
from mathpixweb.web.supervisor import Program, Supervisor

async def run():
    programs = [Program(name, (sys.executable, "-c", code)) for name, code in json.loads(sys.argv[1]).items()]
    await Supervisor(lambda line: print(line, flush=True), first_pause=0.05).run(programs)

asyncio.run(run())
"""


class Supervision:
    """A supervisor at work, and the lines it has printed."""

    def __init__(self, **programs: str) -> None:
        self.lines: list[str] = []
        self._coming: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, json.dumps(programs)], stdout=subprocess.PIPE, text=True
        )
        self._listening = True
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        with self.process.stdout as output:
            for line in output:
                self._coming.put(line.rstrip("\n"))
                if not self._listening:
                    break

    def next(self, pattern: str) -> re.Match[str]:
        """The next line that matches."""
        while True:
            self.lines.append(self._coming.get(timeout=PATIENCE))
            if match := re.search(pattern, self.lines[-1]):
                return match

    def next_pid(self, of: str = "pid") -> int:
        return int(self.next(rf"\b{of} (\d+)$")[1])

    def stop_listening(self) -> None:
        self._listening = False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.stop()
        self._reading.join(PATIENCE)


@pytest.fixture
def supervising() -> Iterator[Callable[..., Supervision]]:
    begun: list[Supervision] = []

    def begin(**programs: str) -> Supervision:
        begun.append(Supervision(**programs))
        return begun[-1]

    yield begin
    for supervision in begun:
        supervision.close()


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_what_programs_print_is_passed_on_with_their_names(supervising):
    supervision = supervising(web="print('hello'); import time; time.sleep(600)")
    assert supervision.next("hello").string == "web    | hello"


def test_a_line_of_any_length_is_passed_on_whole(supervising):
    supervision = supervising(web="import time; print('x' * 300_000, flush=True); time.sleep(600)")
    assert supervision.next("x").string == "web    | " + "x" * 300_000


def test_a_program_that_dies_is_started_again_after_a_growing_pause(supervising):
    supervision = supervising(one=DYING)
    for pause in ("0.05", "0.1", "0.2", "0.4"):
        assert (
            supervision.next("ended").string
            == f"one ended by itself (exit status 3); starting it again in {pause} s."
        )


def test_a_program_that_is_killed_is_started_again(supervising):
    supervision = supervising(one=STEADY)
    first = supervision.next_pid()
    os.kill(first, signal.SIGKILL)
    assert "killed by SIGKILL" in supervision.next("ended").string
    assert supervision.next_pid() != first


def test_one_program_dying_leaves_the_other_running(supervising):
    supervision = supervising(steady=STEADY, dying=DYING)
    pid = supervision.next_pid()
    supervision.next("dying ended")
    supervision.next("dying ended")
    assert psutil.pid_exists(pid)
    assert not [line for line in supervision.lines if line.startswith("steady ended")]


@LINUX_ONLY
def test_a_dead_programs_children_die_too_even_in_sessions_of_their_own(supervising):
    supervision = supervising(one=PARENT)
    child = supervision.next_pid("child")
    os.kill(supervision.next_pid(), signal.SIGKILL)
    supervision.next("ended by itself")
    assert is_gone(child)


def test_a_program_that_ignores_the_request_to_stop_is_killed_within_five_seconds(supervising):
    supervision = supervising(one=STUBBORN)
    pid = supervision.next_pid()
    started = time.monotonic()
    assert supervision.stop() == 0
    assert time.monotonic() - started < 5
    assert is_gone(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(supervising, number):
    supervision = supervising(one=PARENT, two=STEADY)
    pids = {supervision.next_pid("child"), supervision.next_pid()}
    assert supervision.stop(number) == 0
    assert all(is_gone(pid) for pid in pids)


def test_a_supervisor_that_nobody_listens_to_stops_everything(supervising):
    supervision = supervising(
        one=STEADY, two="import time\nwhile True: print('again', flush=True); time.sleep(0.1)"
    )
    pid = supervision.next_pid()
    supervision.stop_listening()
    assert supervision.process.wait(PATIENCE) is not None
    assert is_gone(pid)


@LINUX_ONLY
def test_programs_do_not_outlive_a_supervisor_that_is_killed(supervising):
    supervision = supervising(one=STEADY)
    pid = supervision.next_pid()
    supervision.process.kill()
    assert is_gone(pid)
