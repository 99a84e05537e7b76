"""UNIPEN: letters, digits and marks drawn by hundreds of people, as they were recorded; y grows downwards.

A file of `data/1a` to `data/1d` names other files, whose strokes are counted through, and tells which of
these strokes are which character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float32]
Points = list[tuple[float, float]]

CATEGORIES = ("1a", "1b", "1c", "1d")  # isolated digits, capitals, small letters, marks
COARSE = 60.0  # units; smaller drawings show the steps of the tablet
_SEGMENT = re.compile(r'^\.SEGMENT\s+CHARACTER\s+(\S+)\s+\S+\s+"\\?(.+)"')
_WRITER = re.compile(r"^\.WRITER_ID\s+(\S+)")


def drawings(folder: Path) -> Iterator[tuple[str, str, list[Stroke]]]:
    """Writer, character and strokes."""
    for category in CATEGORIES:
        for file in sorted((folder / "data" / category).rglob("*.dat")):
            yield from _drawings_of(file, folder / "include")


def _drawings_of(file: Path, includes: Path) -> Iterator[tuple[str, str, list[Stroke]]]:
    lines = file.read_text(encoding="latin-1").splitlines()
    parts, writer = [], file.parent.name
    for name in (line.split()[1] for line in lines if line.startswith(".INCLUDE")):
        if not name.endswith((".doc", ".lex")):
            components, who = _components(includes / name)
            parts += components
            source = Path(name).parts[0]
            # Some sources name their collection and not the writer; their files are of one writer each.
            writer = f"{source} {Path(name).stem if who.startswith(source) else who}"
    for found in filter(None, map(_SEGMENT.match, lines)):
        yield writer, found[2], [_stroke(points) for points in _cut(parts, found[1])]


@lru_cache(maxsize=64)
def _components(path: Path) -> tuple[list[tuple[bool, Points]], str]:
    """What the pen drew, and the ways it went above the paper, in their order; and who held it."""
    found: list[tuple[bool, Points]] = []
    down, points, x, y, writer = True, Points(), 0, 1, path.stem
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith("."):
            if points:
                found.append((down, points))
                points = []
            words = line.split()
            if words[0] in (".PEN_DOWN", ".PEN_UP"):
                down = words[0] == ".PEN_DOWN"
            elif words[0] == ".COORD":
                x, y = words.index("X") - 1, words.index("Y") - 1
            elif known := _WRITER.match(line):
                writer = known[1]
        else:
            _append(points, line.split(), x, y)
    return ([*found, (down, points)] if points else found), writer


def _append(points: Points, words: list[str], x: int, y: int) -> None:
    try:
        points.append((float(words[x]), -float(words[y])))
    except (IndexError, ValueError):
        return  # the words of a remark


def _cut(components: list[tuple[bool, Points]], places: str) -> Iterator[Points]:
    """The strokes of `3-5,7` or `3:12-4:9`: components, and points within the first and last of them."""
    for part in places.split(","):
        first, *_, last = part.split("-") * 2 if "-" not in part else part.split("-")
        (from_, *start), (to, *end) = first.split(":"), last.split(":")
        for k in range(int(from_), int(to) + 1):
            down, points = components[k]
            begin = int(start[0]) if start and k == int(from_) else 0
            stop = int(end[0]) + 1 if end and k == int(to) else len(points)
            if down and points[begin:stop]:
                yield points[begin:stop]


def _stroke(points: Points) -> Stroke:
    stroke = np.array(points, np.float32)
    if np.ptp(stroke, axis=0).max() < COARSE:
        for _ in range(2 if len(stroke) > 4 else 0):
            stroke[1:-1] = 0.25 * stroke[:-2] + 0.5 * stroke[1:-1] + 0.25 * stroke[2:]
    return stroke
