"""Other programs, run within bounds of time and memory, without our environment or the network's names."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mathpixweb.engine.errors import RenderFailed

LARGEST_FILE = 512 << 20


def run(command: Sequence[str], stdin: bytes, folder: Path, seconds: float) -> bytes:
    """What the program writes to its standard output, at work in `folder`; raises RenderFailed."""
    name = Path(command[0]).name
    with _started(command, folder) as process:
        _limit(process, seconds)
        try:
            output, complaint = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as expired:
            raise RenderFailed(f"{name} took longer than {seconds:g} seconds.") from expired
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise RenderFailed(f"{name} failed: {complaint.decode(errors='replace').strip()[-500:]}")
    return output


def _started(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={"LANG": "C.UTF-8", "HOME": str(folder)},
            start_new_session=True,
        )
    except OSError as error:
        raise RenderFailed(f"{Path(command[0]).name} cannot start: {error}.") from error


def _limit(process: subprocess.Popen[bytes], seconds: float) -> None:
    if hasattr(resource, "prlimit"):  # Linux; elsewhere the wall clock alone
        cpu = int(seconds) + 1
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (cpu, cpu))
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
