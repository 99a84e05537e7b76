"""Mathpix Markdown to HTML through one warm Node process that runs mathpix-markdown-it."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import resource
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, cast

from mathpixweb.engine.deadlines import deadline
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.programs import node

SCRIPT = Path(__file__).with_name("render.cjs")
MAX_CHARACTERS = 10_000_000  # the longest source the converter's contract lets in
HEAP_MB = 1024
ADDRESS_SPACE = 8 << 30  # V8 reserves gigabytes it never touches; this stops what is outside its heap
START_SECONDS = 30.0

Math = Literal["mathml", "svg"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML with its hidden forms, and those forms as `{"type": …, "value": …}`."""

    html: str
    data: list[dict[str, str]]


class Renderer:
    """Renders one request at a time, from any thread; starts, kills and restarts its process as needed."""

    def __init__(self, seconds: float = 10.0) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        atexit.register(self.close)

    def html(
        self,
        mmd: str,
        math: Math = "mathml",
        *,
        html_tags: bool = False,
        compact_notes: bool = False,
        page_breaks: bool = False,
    ) -> str:
        """The library's own HTML, not yet safe to show: `writers.html.fragment` is.

        With `html_tags` HTML in the source stays HTML; with `compact_notes` all marks of a footnote look
        alike. Raises RenderFailed.
        """
        asked = {
            "do": "html",
            "mmd": mmd,
            "math": math,
            "htmlTags": html_tags,
            "compactNotes": compact_notes,
            "showPageBreaks": page_breaks,
        }
        return str(self._ask(asked))

    def structure(self, mmd: str, *, html_tags: bool = True, typographer: bool = True) -> str:
        """HTML, not to be shown, that has formulas and structures as their sources. Raises RenderFailed."""
        asked = {"do": "structure", "mmd": mmd, "htmlTags": html_tags, "typographer": typographer}
        return str(self._ask(asked))

    def chemistry(self, equations: Sequence[str]) -> list[str]:
        """The LaTeX of each `\\ce{…}` and `\\pu{…}`; empty for what is none. Raises RenderFailed."""
        return [str(latex) for latex in self._ask({"do": "chemistry", "equations": list(equations)})]

    def data(self, mmd: str, options: Mapping[str, bool]) -> Rendered:
        """The forms of each formula and table that `options` names with the contract's `include_…` words."""
        html, data = self._ask({"do": "data", "mmd": mmd, "options": dict(options)})
        return Rendered(str(html), list(data or []))

    def close(self) -> None:
        """End the process; the next request starts another."""
        process, self._process = self._process, None
        if process:
            if self._owner == os.getpid():
                _kill(process)
            _hang_up(process)

    def _ask(self, request: Mapping[str, object]) -> Any:
        if len(str(request.get("mmd", ""))) > MAX_CHARACTERS:
            raise RenderFailed(f"The text is longer than {MAX_CHARACTERS:,} characters.")
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            # A process that died while idle may show it only now; a text that kills it does so twice.
            answer = self._exchange(line) or self._exchange(line)
        if answer is None:
            raise RenderFailed("The renderer stopped while it worked on this text.")
        if "error" in answer:
            raise RenderFailed(f"The text could not be rendered: {answer['error']}")
        return answer["result"]

    def _running(self) -> subprocess.Popen[bytes]:
        # After a fork the pipes are the parent's: talking over them would mix up two processes' answers.
        process = self._process
        if process and self._owner == os.getpid() and process.poll() is None:
            return process
        self.close()
        self._process, self._owner = _start(), os.getpid()
        return self._process

    def _exchange(self, line: bytes) -> dict[str, Any] | None:
        """The answer, or None when the process ended before it gave one."""
        process = self._running()
        with deadline(self.seconds, lambda: _kill(process)) as expired:
            answer = _send(process, line)
        if answer is None or expired.is_set():
            self.close()
        if expired.is_set():
            raise RenderFailed(f"Rendering took longer than {self.seconds:g} seconds.")
        return answer


def _start() -> subprocess.Popen[bytes]:
    try:
        process = subprocess.Popen(
            [node.executable(), f"--max-old-space-size={HEAP_MB}", str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )
    except OSError as error:
        raise RenderFailed(f"The renderer cannot start: {error}.") from error
    _limit(process)
    with deadline(START_SECONDS, lambda: _kill(process)):
        ready = _read(process)
    if ready is None:
        _kill(process)
        _hang_up(process)
        raise RenderFailed("The renderer did not start; are the npm packages installed (npm ci)?")
    return process


def _limit(process: subprocess.Popen[bytes]) -> None:
    if hasattr(resource, "prlimit"):  # Linux; elsewhere only the heap is limited
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))


def _send(process: subprocess.Popen[bytes], line: bytes) -> dict[str, Any] | None:
    stdin = cast(IO[bytes], process.stdin)
    try:
        stdin.write(line)
        stdin.flush()
    except BrokenPipeError:
        return None
    return _read(process)


def _read(process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    """The next answer, or None when the process has ended."""
    line = cast(IO[bytes], process.stdout).readline()
    if not line.endswith(b"\n"):
        return None
    answer: dict[str, Any] = json.loads(line)
    return answer


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()
