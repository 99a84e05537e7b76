"""Locks between the children of a worker that a killed child does not take with it."""

from __future__ import annotations

import fcntl
import tempfile
from typing import Any

from billiard.pool import Pool
from celery.concurrency import prefork


class ReleasedByDeath:
    """A lock between processes that the system opens when its holder dies, as POSIX says of record locks.

    billiard's own is a semaphore: a child that is killed while it waits for work, and so holds it, would keep
    all the others waiting for ever.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the pool

    def acquire(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_EX)

    def release(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: Any) -> None:
        self.release()


class LastingPool(Pool):  # type: ignore[misc] # billiard has no types
    """Children share one pipe for tasks and one for results, each behind a lock."""

    def _setup_queues(self) -> None:
        super()._setup_queues()
        for queue in (self._inqueue, self._outqueue):
            queue._rlock, queue._wlock = ReleasedByDeath(), ReleasedByDeath()


def install() -> None:
    """Celery's pool for brokers without an event loop, such as the folder of a server of one machine."""
    prefork.TaskPool.BlockingPool = LastingPool
