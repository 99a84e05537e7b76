"""Where the columns of a table end: at upright rules, and at white gaps that stand above each other."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.tables.lines import cut
from mathpixweb.engine.ocr.text import TextLine

TALL: Final = 0.4  # of the table's height that an upright rule reaches at least
STEP: Final = 0.2  # em; how finely gaps are told apart
CROSSED: Final = 0.14  # of the lines may go across a gap: headings over several columns
NARROWEST: Final = 0.35  # em of white between columns in any line
USUAL: Final = 0.85  # em of white in the middle one of the lines that have something on both sides
BESIDE: Final = 0.7  # em between two borders that are one
SPARSE: Final = 0.1  # of the lines have something in a column
FULL: Final = 0.6  # of the most pieces that a line has
FEWEST: Final = 2  # lines with something on both sides of a gap
STRONG: Final = 0.5  # of all lines, in a table that has upright rules as well


def borders(lines: Sequence[Sequence[TextLine]], box: Box, stems: Sequence[Box], em: float) -> list[float]:
    """The places between columns, from left to right."""
    ruled = _single(sorted(stem.cx for stem in inner(stems, box, em)), em)
    fewest = max(FEWEST + 1, STRONG * len(lines)) if ruled else FEWEST
    white = [
        gap for gap in _gaps(_full(lines), box, em, fewest) if all(abs(gap - x) > BESIDE * em for x in ruled)
    ]
    return sorted([*ruled, *_filled(white, ruled, lines, box, em)])


def inner(stems: Sequence[Box], box: Box, em: float) -> list[Box]:
    """The upright rules that part columns."""
    return [s for s in stems if s.height > TALL * box.height and box.x0 + em < s.cx < box.x1 - em]


def _filled(
    white: Sequence[float],
    ruled: Sequence[float],
    lines: Sequence[Sequence[TextLine]],
    box: Box,
    em: float,
) -> list[float]:
    """The gaps, without those that leave columns which hardly any line has text of its own in."""
    gaps = list(white)
    while gaps:
        edges = sorted([box.x0 - 1, *ruled, *gaps, box.x1 + 1])
        counts = [0] * (len(edges) - 1)
        for line in lines:
            for column in {
                bisect(edges, part.box.cx) - 1 for piece in line for part in _apart(piece, edges, em)
            }:
                counts[min(max(column, 0), len(counts) - 1)] += 1
        fewest = max(1.0, SPARSE * len(lines)) if len(lines) > 4 else 1.0
        poor = [k for k, count in enumerate(counts) if count < fewest]
        beside = [x for k in poor for x in (edges[k], edges[k + 1]) if x in gaps]
        if not beside:
            break
        gaps.remove(max(beside, key=lambda x: _crossings(x, lines)))
    return gaps


def _apart(piece: TextLine, edges: Sequence[float], em: float) -> list[TextLine]:
    """The piece cut at those edges at which it is white enough."""
    gaps = [
        x
        for x in edges
        if any(
            a.box.x1 <= x <= b.box.x0 and b.box.x0 - a.box.x1 > NARROWEST * em
            for a, b in pairwise(piece.words)
        )
    ]
    return cut(piece, gaps)


def _crossings(x: float, lines: Sequence[Sequence[TextLine]]) -> int:
    return sum(piece.box.x0 < x < piece.box.x1 for line in lines for piece in line)


def _full(lines: Sequence[Sequence[TextLine]]) -> Sequence[Sequence[TextLine]]:
    """The lines that fill most columns: headings over several columns, and lines of notes, do not."""
    most = max(map(len, lines), default=0)
    full = [line for line in lines if len(line) >= FULL * most]
    return full if len(full) > 1 else lines


def _single(places: Sequence[float], em: float) -> list[float]:
    """Double rules once."""
    single: list[float] = []
    for x in places:
        if not single or x - single[-1] > BESIDE * em:
            single.append(x)
    return single


def _gaps(lines: Sequence[Sequence[TextLine]], box: Box, em: float, fewest: float) -> list[float]:
    """The middles of the gaps that nearly all lines leave white."""
    step = max(1.0, STEP * em)
    count = max(1, int(box.width / step) + 1)
    inked = np.zeros(count)
    for line in lines:
        own = np.zeros(count, bool)
        for piece in line:
            for word in piece.words:
                first, last = int((word.box.x0 - box.x0) / step), int((word.box.x1 - box.x0) / step)
                own[max(0, first) : last + 1] = True
        inked += own
    most = int(CROSSED * len(lines))
    found = []
    for start, end in _runs(inked <= most):
        middle = box.x0 + (_whitest(inked, start, end) + 0.5) * step
        if _is_wide(middle, lines, em, fewest):
            found.append(middle)
    return found


def _runs(white: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """Runs of white that have ink on either side."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], white, [False])).astype(np.int8)))
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    return [(int(a), int(b)) for a, b in pairs if a > 0 and b < len(white)]


def _whitest(inked: np.ndarray[tuple[int, ...], np.dtype[np.float64]], start: int, end: int) -> float:
    least = inked[start:end].min()
    best = start + np.flatnonzero(inked[start:end] == least)
    return float(best.mean())


def _is_wide(x: float, lines: Sequence[Sequence[TextLine]], em: float, fewest: float) -> bool:
    """Whether the gap is wider than gaps between words, in the lines that have something on both sides."""
    widths = []
    for line in lines:
        words = [word.box for piece in line for word in piece.words]
        left = [box.x1 for box in words if box.x1 <= x]
        right = [box.x0 for box in words if box.x0 >= x]
        if left and right and not any(box.x0 < x < box.x1 for box in words):
            widths.append(min(right) - max(left))
    return len(widths) >= fewest and min(widths) > NARROWEST * em and median(widths) > USUAL * em
