"""Omniglot: the small Latin and Greek letters, each drawn by twenty people; y grows downwards."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float32]

LATIN = "abcdefghijklmnopqrstuvwxyz"
GREEK = (
    *(r"\alpha", r"\beta", r"\gamma", r"\delta", r"\varepsilon", r"\zeta", r"\eta", r"\theta", r"\iota"),
    *(r"\kappa", r"\lambda", r"\mu", r"\nu", r"\xi", "o", r"\pi", r"\rho", r"\sigma", r"\tau", r"\upsilon"),
    *(r"\varphi", r"\chi", r"\psi", r"\omega"),
)
_ALPHABETS = {"Latin": tuple(LATIN), "Greek": GREEK}


def drawings(archive: Path) -> Iterator[tuple[str, str, list[Stroke]]]:
    """Writer, LaTeX and strokes, from `strokes_background_small1.zip`."""
    with zipfile.ZipFile(archive) as files:
        for name in sorted(files.namelist()):
            parts = name.split("/")
            if len(parts) == 4 and parts[1] in _ALPHABETS and parts[3].endswith(".txt"):
                latex = _ALPHABETS[parts[1]][int(parts[2].removeprefix("character")) - 1]
                writer = f"omniglot {parts[1]} {parts[3].split('_')[1]}"
                yield writer, latex, list(_strokes(files.read(name).decode()))


def _strokes(text: str) -> Iterator[Stroke]:
    for part in text.removeprefix("START\n").split("BREAK\n"):
        points = [[float(value) for value in line.split(",")[:2]] for line in part.splitlines() if line]
        if points:
            yield np.array(points, np.float32) * np.array([1.0, -1.0], np.float32)
