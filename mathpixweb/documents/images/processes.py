"""Processes that read images, strokes and scanned pages.

A message to the worker and a result handed back through the database take longer than most images, and would
put on a disk what must not reach one. A thread would be faster still, but an image that crashes, hangs or
swells its reader would take the web server along. So the image goes over a pipe to a process that is killed
when it takes too long or nobody waits any more, replaced when it dies, and renewed before it grows old.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

from django.conf import settings

from mathpixweb.documents.images.shelf import Shelf
from mathpixweb.engine import heap
from mathpixweb.engine.deadlines import deadline
from mathpixweb.providers.base import ProviderError

logger = logging.getLogger(__name__)

START_SECONDS = 60.0
MOST_IMAGES = 500  # that one process reads, in case its libraries leak
MOST_HELD = 300 << 20  # bytes between two images: a page takes up to a hundred MB more for a moment
PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
    *("PYTHONPATH", "PYTHONDONTWRITEBYTECODE"),
)
# threads are not there any more after a fork; and images are spread over processes already
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}


@dataclass(frozen=True, slots=True)
class Faults:
    """How it is told that reading has come to nothing."""

    subject: str
    error_id: str
    full: ProviderError

    @property
    def stopped(self) -> ProviderError:
        return self._error(f"Reading this {self.subject} stopped the reader, so it was given up.")

    @property
    def crashed(self) -> ProviderError:
        return self._error(f"Something went wrong on this server while the {self.subject} was read.")

    def slow(self, seconds: float) -> ProviderError:
        return self._error(f"Reading this {self.subject} took longer than {seconds:g} seconds.")

    def _error(self, message: str) -> ProviderError:
        return ProviderError(self.error_id, message)


OF_IMAGES = Faults(
    "image",
    "sys_exception",
    ProviderError("image_max_size", "Reading this image needs more memory than this server gives."),
)
OF_PAGES = Faults(
    "page",
    "page_failed",
    ProviderError(
        "page_failed", f"Reading this page needs more than {settings.WORKER_MEMORY_MB} MB of memory."
    ),
)
BUSY = ProviderError("sys_exception", "The server is reading as many images as it can. Try again in a while.")


class Readers:
    """At most `number` processes of one provider; each is started when it is first needed."""

    def __init__(self, worker: str, number: int, seconds: float, memory_mb: int) -> None:
        self.worker = worker
        self.seconds = seconds
        self.memory_mb = memory_mb
        self._idle: Shelf[_Process | None] = Shelf([None] * number)
        atexit.register(self.close)

    def ask(
        self,
        request: Mapping[str, object],
        content: bytes = b"",
        seconds: float | None = None,
        faults: Faults = OF_IMAGES,
    ) -> Any:
        """The answer of the first process that is free; it may take `seconds`. Raises ProviderError."""
        message = json.dumps({**request, "size": len(content)}).encode() + b"\n" + content
        answer = self._answer(message, seconds or self.seconds, faults)
        if answer is None:  # it may not have been the image: the machine may be short of memory
            answer = self._answer(message, seconds or self.seconds, faults)
        if answer is None:
            raise faults.stopped
        if "error" in answer:
            error_id, said, detail = answer["error"]
            raise ProviderError(error_id, said, **detail)
        if "full" in answer:
            raise faults.full
        if "crash" in answer:
            logger.error("the %s could not be read:\n%s", faults.subject, answer["crash"])
            raise faults.crashed
        return answer["result"]

    def _answer(self, message: bytes, seconds: float, faults: Faults) -> dict[str, Any] | None:
        """None when the process ended before it gave one."""
        with self._one() as process:
            try:
                return process.exchange(message, seconds)
            except TimeoutError:
                raise faults.slow(seconds) from None

    @contextmanager
    def _one(self) -> Iterator[_Process]:
        """A process that is fit. One that nobody waits for any more in the middle of its work is ended."""
        try:
            process = self._idle.take(self.seconds)
        except TimeoutError:
            raise BUSY from None
        try:
            if process is None or not process.fit():
                if process:
                    process.close()
                process = None
                process = _Process(self.worker, self.memory_mb)
            yield process
        finally:
            if process and not process.alive:
                process.close()
                process = None
            self._idle.put_back(process)

    def warm(self) -> None:
        """Starts a process if none is there; who comes meanwhile waits for it, sooner than for two at once.

        Raises ProviderError.
        """
        idle = self._idle.emptied()
        try:
            if idle and not any(idle):
                idle[0] = _Process(self.worker, self.memory_mb)
        finally:
            for process in sorted(idle, key=lambda one: one is None):
                self._idle.put_back(process, cold=process is None)

    def close(self) -> None:
        """Ends the processes that are idle; the next request starts others."""
        for process in self._idle.emptied():
            if process:
                process.close()
            self._idle.put_back(None)


class _Process:
    def __init__(self, worker: str, memory_mb: int) -> None:
        self.owner = os.getpid()
        self.images = 0
        self.alive = True
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "mathpixweb.providers.serving", worker, str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name in PASSED_ON} | ONE_THREAD,
            process_group=0,  # with what it forks
        )
        with deadline(START_SECONDS, self._kill):
            ready = self._read()
        if ready is None:
            self.close()
            logger.error("the reader of images did not start: %s", worker)
            raise OF_IMAGES.crashed

    def fit(self) -> bool:
        """After a fork the pipes are the parent's: talking over them would mix up two processes' answers."""
        mine = self.owner == os.getpid()
        return mine and self.alive and self.popen.poll() is None and not self._is_old()

    def _is_old(self) -> bool:
        return self.images >= MOST_IMAGES or heap.resident(self.popen.pid) > MOST_HELD

    def exchange(self, message: bytes, seconds: float) -> dict[str, Any] | None:
        """The answer, or None when the process ended before it gave one. Raises TimeoutError if it hung."""
        self.images += 1
        self.alive = False  # until it has answered
        stdin = cast(IO[bytes], self.popen.stdin)
        with deadline(seconds, self._kill) as expired:
            try:
                stdin.write(message)
                stdin.flush()
                answer = self._read()
            except BrokenPipeError:
                answer = None
        if expired.is_set():
            raise TimeoutError
        self.alive = answer is not None
        return answer

    def _read(self) -> dict[str, Any] | None:
        line = cast(IO[bytes], self.popen.stdout).readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def close(self) -> None:
        if self.owner == os.getpid():
            self._kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(timeout=5)
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _kill(self) -> None:
        """With what it has forked; one that has ended may have left its number to another."""
        if self.popen.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
