"""Programs that others would take instead, where they are installed: CPU seconds of their processes."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Rival:
    """`arguments` follow the name of its program; {} is the file."""

    name: str
    program: str
    arguments: tuple[str, ...]

    def cpu_seconds(self, file: Path) -> float | None:
        """What one run takes; None where it is not installed or cannot read the file."""
        path = shutil.which(self.program)
        if path is None:
            return None
        before = _spent()
        command = [path, *(str(file) if each == "{}" else each for each in self.arguments)]
        one = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # several threads take thrice the time of one
        try:
            ended = subprocess.run(command, env=one, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return None
        return None if ended.returncode else _spent() - before

    def pages_a_second(self, one: Path, many: Path, pages: int) -> float | None:
        """Pages by CPU second, without its start: what `many` pages take more than `one`."""
        first, all_of_them = self.cpu_seconds(one), self.cpu_seconds(many)
        if first is None or all_of_them is None or all_of_them <= first:
            return None
        return (pages - 1) / (all_of_them - first)


OF_PDFS = (
    Rival("markitdown", "markitdown", ("{}",)),
    Rival("pdftotext", "pdftotext", ("-q", "{}", "-")),
    Rival("mutool", "mutool", ("draw", "-q", "-F", "txt", "-o", "-", "{}")),
)
OF_PICTURES = (Rival("tesseract", "tesseract", ("{}", "-")),)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
