"""Other programs, run within bounds: of time and memory, and without our environment, files and network."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.programs import confined

LARGEST_FILE = 512 << 20
MEMORY = 4 << 30
PACKAGE = Path(__file__).parents[3]
OWN_FILES = (PACKAGE, PACKAGE.parent / "node_modules", PACKAGE.parent / "static")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, when it ended by itself."""

    status: int
    output: bytes
    complaint: str


def run(command: Sequence[str], stdin: bytes, folder: Path, seconds: float) -> bytes:
    """What the program writes to its standard output, at work in `folder`; raises RenderFailed."""
    ended = attempt(command, stdin, folder, seconds)
    if ended.status:
        raise RenderFailed(f"{Path(command[0]).name} failed: {ended.complaint[-500:] or 'it said nothing.'}")
    return ended.output


def attempt(
    command: Sequence[str],
    stdin: bytes,
    folder: Path,
    seconds: float,
    *,
    environment: Mapping[str, str] | None = None,
    memory: int = MEMORY,
    sockets: Sequence[str] = (),
    files: Sequence[int] = (),
) -> Ended:
    """How the program ended; `folder` is all it can write to. Raises RenderFailed when it did not.

    `sockets` are folders in which it may make sockets, besides, and `files` what it finds open.
    """
    name = Path(command[0]).name
    with _started(command, folder, seconds, environment or {}, memory, sockets, files) as process:
        try:
            output, complaint = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as expired:
            raise RenderFailed(f"{name} took longer than {seconds:g} seconds.") from expired
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return Ended(process.returncode, output, complaint.decode(errors="replace").strip())


def python(script: Path, stdin: bytes, folder: Path, seconds: float, *, memory: int = MEMORY) -> bytes:
    """What a script of ours writes, which imports nothing else of ours; raises RenderFailed."""
    ended = attempt([sys.executable, "-I", "-B", str(script)], stdin, folder, seconds, memory=memory)
    if ended.status:
        raise RenderFailed(
            ended.complaint.rpartition("\n")[2] or f"{script.stem} stopped while it worked on this."
        )
    return ended.output


def _started(
    command: Sequence[str],
    folder: Path,
    seconds: float,
    environment: Mapping[str, str],
    memory: int,
    sockets: Sequence[str],
    files: Sequence[int],
) -> subprocess.Popen[bytes]:
    program = shutil.which(command[0])
    if program is None:
        raise RenderFailed(f"{Path(command[0]).name} is not installed.")
    wanted = {
        "memory": memory,
        "cpu": int(4 * seconds) + 1,  # several threads may work at once
        "file": LARGEST_FILE,
        "read": [str(path) for path in (*OWN_FILES, *_homes(program))],
        "write": [str(folder)],
        "sockets": list(sockets),
    }
    start = [sys.executable, "-I", "-S", confined.__file__, json.dumps(wanted)]
    try:
        return subprocess.Popen(
            [*start, program, *command[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={
                "LANG": "C.UTF-8",
                "PATH": os.defpath,
                "HOME": str(folder),
                "TMPDIR": str(folder),
                **environment,
            },
            start_new_session=True,
            pass_fds=tuple(files),
        )
    except OSError as error:
        raise RenderFailed(f"{Path(command[0]).name} cannot start: {error}.") from error


def _homes(program: str) -> set[Path]:
    """Where the program, and the Python that starts it, have their files."""
    return {
        Path(program).parent,
        Path(program).resolve().parent,
        Path(sys.prefix),
        Path(sys.base_prefix),
    }
