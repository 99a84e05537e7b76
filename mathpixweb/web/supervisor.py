"""Keeps a handful of programs running: passes on what they print, restarts what dies, leaves nothing behind.

Every program is the head of its own session, so Ctrl-C reaches only the supervisor, and a program is
stopped together with everything that it has started.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import psutil

from mathpixweb.web import lifeline

FIRST_PAUSE = 1.0  # seconds before a dead program is started again; doubled at each death, up to …
LONGEST_PAUSE = 15.0  # … so that with its start it works again within half a minute
SETTLED_AFTER = 60.0  # and forgotten when it has lived this long
FAREWELL = 4.0  # seconds to finish what is running when asked to stop, before being killed
REAP_EVERY = 10.0
CHORE_EVERY = 5.0

Say = Callable[[str], None]
Chore = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Program:
    """A command to keep alive; `inherits` are file descriptors that it takes over from us."""

    name: str
    command: tuple[str, ...]
    inherits: tuple[int, ...] = ()


def supervise(programs: Sequence[Program], say: Say, chore: Chore | None = None) -> None:
    """Runs the programs until SIGINT, SIGTERM or SIGHUP; then stops them all and returns within 5 s.

    `chore` is done every CHORE_EVERY seconds meanwhile, here, where no dying program can take it along.
    """
    asyncio.run(Supervisor(say).run(programs, chore))


class Supervisor:
    def __init__(self, say: Say, first_pause: float = FIRST_PAUSE) -> None:
        self.say = say
        self.first_pause = first_pause
        self.stopping = asyncio.Event()
        self.running: set[int] = set()

    async def run(self, programs: Sequence[Program], chore: Chore | None = None) -> None:
        lifeline.adopt_orphans()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)
        beside = [asyncio.create_task(self._reap())]
        if chore:
            beside.append(asyncio.create_task(self._repeat(chore)))
        async with asyncio.TaskGroup() as group:
            for program in programs:
                group.create_task(self._keep_running(program))
        for task in beside:
            task.cancel()

    def _stop(self) -> None:
        if not self.stopping.is_set():
            self.stopping.set()
            self._tell("Stopping …")

    def _tell(self, line: str) -> None:
        """Says it. When nobody can hear us any more it is time to stop, as for any program in a pipe."""
        try:
            self.say(line)
        except OSError:
            self.stopping.set()

    async def _keep_running(self, program: Program) -> None:
        pause = self.first_pause
        while True:
            started = time.monotonic()
            status = await self._run_once(program)
            if self.stopping.is_set():
                return
            if time.monotonic() - started >= SETTLED_AFTER:
                pause = self.first_pause
            self._tell(
                f"{program.name} ended by itself ({_in_words(status)}); starting it again in {pause:g} s."
            )
            if await _happens(self.stopping, pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _run_once(self, program: Program) -> int:
        """Starts the program, and returns its exit status when it and all that it has started are gone."""
        process = self._start(program)
        printing = asyncio.create_task(self._pass_on(process, program.name))
        exited = asyncio.create_task(asyncio.to_thread(process.wait))
        asked = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait((exited, asked), return_when=asyncio.FIRST_COMPLETED)
            await _say_farewell(process.pid, exited)
        finally:
            asked.cancel()
            await self._kill_family(process.pid, exited)
            await asyncio.wait((printing,), timeout=0.5)
            printing.cancel()
        return await exited

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        # not asyncio's: its wait() would last as long as any grandchild holds the pipe
        process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=program.inherits,
            preexec_fn=lifeline.die_with_parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.running.add(process.pid)
        return process

    async def _pass_on(self, process: subprocess.Popen[bytes], name: str) -> None:
        """Prints whole lines, however long they are, and no empty ones."""
        unfinished = b""
        async for chunk in _chunks(process):
            *lines, unfinished = (unfinished + chunk).split(b"\n")
            for line in filter(bytes.strip, lines):
                self._tell(f"{name:6} | {line.decode(errors='replace')}")
        if unfinished:
            self._tell(f"{name:6} | {unfinished.decode(errors='replace')}")

    async def _kill_family(self, pid: int, exited: asyncio.Task[int]) -> None:
        """Kills a program's session, and what left that session and came down to us when its parent died."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        await asyncio.wait((exited,))
        self.running.discard(pid)
        for _ in range(20):
            await asyncio.sleep(0.02)  # a killed parent hands over its children a moment later
            if not (orphans := self._orphans()):
                return
            for orphan in orphans:
                _kill_and_bury(orphan)

    async def _repeat(self, chore: Chore) -> None:
        while not await _happens(self.stopping, CHORE_EVERY):
            await asyncio.to_thread(chore)

    async def _reap(self) -> None:
        """Adopted orphans that end by themselves would stay in the process table for ever."""
        while True:
            await asyncio.sleep(REAP_EVERY)
            for orphan in self._orphans():
                _bury(orphan)

    def _orphans(self) -> list[psutil.Process]:
        return [child for child in psutil.Process().children() if child.pid not in self.running]


async def _chunks(process: subprocess.Popen[bytes]) -> AsyncIterator[bytes]:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, process.stdout)
    try:
        while chunk := await reader.read(65536):
            yield chunk
    finally:
        transport.close()


async def _say_farewell(pid: int, exited: asyncio.Task[int]) -> None:
    if not exited.done():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        await asyncio.wait((exited,), timeout=FAREWELL)


async def _happens(event: asyncio.Event, within: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), within)
    return event.is_set()


def _kill_and_bury(orphan: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        orphan.kill()
    _bury(orphan)


def _bury(orphan: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        orphan.wait(timeout=0)


def _in_words(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
