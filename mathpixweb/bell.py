"""A bell between the processes of one machine: who rings it wakes all who listen.

It says only that there is something new to look at. Who listens has a named pipe in the bell's folder; where
that can hold none, nobody is woken, and all look by themselves.
"""

from __future__ import annotations

import errno
import os
import select
import uuid
from contextlib import suppress
from pathlib import Path

LISTENER = ".listener"


def ring(folder: Path) -> None:
    """Wakes all who listen; who has been woken already and has not looked yet is left alone."""
    with suppress(FileNotFoundError, NotADirectoryError):  # nobody has listened yet, or ever can
        for pipe in folder.iterdir():
            if pipe.suffix == LISTENER:
                _wake(pipe)


def _wake(pipe: Path) -> None:
    try:
        descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:  # its listener is gone
            pipe.unlink(missing_ok=True)
        return
    with suppress(OSError):  # full of rings, or its listener has just gone
        os.write(descriptor, b"!")
    os.close(descriptor)


class Listener:
    """One place at the bell. Raises OSError where there can be none."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._pipe = folder / f"{uuid.uuid4()}{LISTENER}"
        draft = self._pipe.with_suffix(".draft")  # nobody may find it before it listens
        os.mkfifo(draft, 0o600)
        # for writing too: a pipe without writers would always be ready, and tell nothing
        self.descriptor = os.open(draft, os.O_RDWR | os.O_NONBLOCK)
        draft.rename(self._pipe)

    def wait(self, seconds: float) -> bool:
        """Waits at most `seconds`; whether the bell has been rung since the last time."""
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN)
        rung = bool(poll.poll(seconds * 1000))
        if rung:
            self.forget()
        return rung

    def forget(self) -> None:
        """Takes in the rings so far."""
        with suppress(BlockingIOError):  # there were none
            os.read(self.descriptor, 65536)

    def leave(self) -> None:
        self._pipe.unlink(missing_ok=True)
        os.close(self.descriptor)
