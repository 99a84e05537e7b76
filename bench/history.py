"""The history of what was measured: docs/performance.md, newest run first."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.figures import Row, table

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- runs: newest first -->"
INTRODUCTION = f"""# Performance

What `python3 manage.py bench` has measured. Each run says on which machine, at which commit and under which
load. On a busy machine wall times are several times too long; only figures per CPU second can be compared.
A ratio is our figure by the rival's, measured in the same run. Kept are figures with a goal or a rival; a run
itself prints all.

{MARK}
"""


def append(rows: Sequence[Row], load_before: float, quick: bool) -> None:
    text = PAGE.read_text() if PAGE.exists() else INTRODUCTION
    kept = [row for row in rows if row.figure.goal or row.figure.rival] or rows
    run = f"{MARK}\n\n## {_heading(quick)}\n\n{_machine(load_before)}\n\n{table(kept)}\n"
    PAGE.write_text(text.replace(MARK, run, 1))


def _heading(quick: bool) -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_commit()}{', quick' if quick else ''}"


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.check_output(command, cwd=ROOT, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _machine(load_before: float) -> str:
    memory = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{cores} cores ({platform.machine()}), {memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load average {load_before:.1f} before, "
        f"{os.getloadavg()[0]:.1f} after."
    )
