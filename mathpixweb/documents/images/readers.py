"""Who reads an image while somebody waits for the answer: a few processes beside this one.

A message to the worker and a result handed back through the database take longer than most images, and would
put on a disk what must not reach one. A thread would be faster still, but an image that crashes, hangs or
swells its reader would take the web server along. So the image goes over a pipe to a process that is killed
when it takes too long, replaced when it dies, and renewed before it grows old.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

from mathpixweb.documents import provider
from mathpixweb.documents.images.shelf import Shelf
from mathpixweb.documents.work import patience
from mathpixweb.engine import heap
from mathpixweb.providers.base import Provider, ProviderError, Stroke
from mathpixweb.providers.deferred import path_of
from mathpixweb.providers.results import ImageResult

logger = logging.getLogger(__name__)

START_SECONDS = 60.0
MOST_IMAGES = 500  # that one process reads, in case its libraries leak
MOST_HELD = 300 << 20  # bytes between two images: a large one takes a hundred MB more for a moment
PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
    *("PYTHONPATH", "PYTHONDONTWRITEBYTECODE"),
)

STOPPED = ProviderError("sys_exception", "Reading this image stopped the reader, so it was given up.")
CRASHED = ProviderError("sys_exception", "Something went wrong on this server while the image was read.")
BUSY = ProviderError("sys_exception", "The server is reading as many images as it can. Try again in a while.")


class Readers:
    """At most `number` processes of one provider; each is started when it is first needed."""

    def __init__(self, worker: str, number: int, seconds: float, memory_mb: int) -> None:
        self.worker = worker
        self.seconds = seconds
        self.memory_mb = memory_mb
        self._idle: Shelf[_Process | None] = Shelf([None] * number)
        atexit.register(self.close)

    def ask(self, request: Mapping[str, object], content: bytes = b"", seconds: float | None = None) -> Any:
        """The answer of the first process that is free; it may take `seconds`. Raises ProviderError."""
        line = json.dumps({**request, "size": len(content)}).encode() + b"\n"
        with self._one() as process:
            answer, rested = process.exchange(line + content, seconds or self.seconds), process.rested
        if answer is None and rested:  # it may have been dying when it was taken: a new one tells
            with self._one(new=True) as process:
                answer = process.exchange(line + content, seconds or self.seconds)
        if answer is None:
            raise STOPPED
        if "error" in answer:
            error_id, message, detail = answer["error"]
            raise ProviderError(error_id, message, **detail)
        if "crash" in answer:
            logger.error("an image could not be read:\n%s", answer["crash"])
            raise CRASHED
        return answer["result"]

    @contextmanager
    def _one(self, new: bool = False) -> Iterator[_Process]:
        try:
            process = self._idle.take(self.seconds)
        except TimeoutError:
            raise BUSY from None
        try:
            if process is None or new or not process.fit():
                if process:
                    process.close()
                process = None
                process = _Process(self.worker, self.memory_mb)
            yield process
        finally:
            if process:
                process.rested = True
            self._idle.put_back(process)

    def warm(self) -> None:
        """Starts a process if none is idle. Raises ProviderError."""
        with self._one():
            pass

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
        self.rested = False  # whether it has been idle since it was started
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "mathpixweb.providers.serving", worker, str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name in PASSED_ON},
        )
        with _deadline(self.popen, START_SECONDS):
            ready = self._read()
        if ready is None:
            self.close()
            logger.error("the reader of images did not start: %s", worker)
            raise CRASHED

    def fit(self) -> bool:
        """After a fork the pipes are the parent's: talking over them would mix up two processes' answers."""
        mine = self.owner == os.getpid()
        return mine and self.alive and self.popen.poll() is None and not self._is_old()

    def _is_old(self) -> bool:
        return self.images >= MOST_IMAGES or heap.resident(self.popen.pid) > MOST_HELD

    def exchange(self, message: bytes, seconds: float) -> dict[str, Any] | None:
        """The answer, or None when the process ended before it gave one. Raises ProviderError if it hung."""
        self.images += 1
        self.alive = False  # until it has answered
        stdin = cast(IO[bytes], self.popen.stdin)
        with _deadline(self.popen, seconds) as expired:
            try:
                stdin.write(message)
                stdin.flush()
                answer = self._read()
            except BrokenPipeError:
                answer = None
        if expired.is_set():
            raise ProviderError("sys_exception", f"Reading this image took longer than {seconds:g} seconds.")
        self.alive = answer is not None
        return answer

    def _read(self) -> dict[str, Any] | None:
        line = cast(IO[bytes], self.popen.stdout).readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def close(self) -> None:
        if self.owner == os.getpid():
            self.popen.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(timeout=5)
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


@contextmanager
def _deadline(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kills the process when the block takes too long, which ends its reads and writes."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        process.kill()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


_pools: dict[str, Readers] = {}
_making = threading.Lock()


def _pool(worker: Provider) -> Readers:
    path = path_of(worker)
    with _making:
        if path not in _pools:
            _pools[path] = Readers(
                path, settings.IMAGE_READERS, settings.IMAGE_SECONDS, settings.WORKER_MEMORY_MB
            )
        return _pools[path]


def read_image(worker: Provider, image: bytes, options: Mapping[str, object]) -> ImageResult:
    """Reads with the provider, outside this process if it is isolated. Raises ProviderError."""
    if not worker.isolated:
        return worker.read_image(image, options)
    request = {"do": "image", "options": dict(options)}
    return ImageResult(**_pool(worker).ask(request, image, patience.for_image(options)))


def read_strokes(worker: Provider, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
    """Raises ProviderError."""
    if not worker.isolated:
        return worker.read_strokes(strokes, options)
    request = {"do": "strokes", "strokes": strokes, "options": dict(options)}
    return ImageResult(**_pool(worker).ask(request))


def preview(image: bytes, width: int) -> bytes:
    """The image as WebP, whoever reads it. Raises ProviderError."""
    worker = provider.named(provider.ENGINE.name)
    return base64.b64decode(_pool(worker).ask({"do": "preview", "width": width}, image))


def framed(image: bytes, turns: int, frame: Sequence[float]) -> bytes:
    """The image turned by quarters and cut to the shares of its sides. Raises ProviderError."""
    request = {"do": "frame", "turns": turns, "frame": list(frame)}
    return base64.b64decode(_pool(provider.named(provider.ENGINE.name)).ask(request, image))


def page_count(source: Path) -> int:
    """Of a PDF that lies on this machine. Raises ProviderError: "pdf_encrypted" for a locked one."""
    request = {"do": "count", "source": str(source)}
    return int(_pool(provider.named(provider.ENGINE.name)).ask(request))


def explanation(source: Path, number: int) -> str:
    """A web page that shows why the engine reads a page of a PDF as it does. Raises ProviderError."""
    request = {"do": "explain", "source": str(source), "number": number}
    return str(_pool(provider.named(provider.ENGINE.name)).ask(request))


def page_image(worker: Provider, source: Path, number: int, width: int) -> bytes:
    """A page of a document that lies on this machine, as WebP. Raises ProviderError."""
    if not worker.isolated:
        return worker.page_image(source, number, width)
    request = {"do": "page", "source": str(source), "number": number, "width": width}
    return base64.b64decode(_pool(worker).ask(request))


def warm() -> None:
    """Has one process ready before anybody waits for it."""
    worker = provider.named(provider.ENGINE.name)
    if worker.isolated:
        with contextlib.suppress(ProviderError):
            _pool(worker).warm()
