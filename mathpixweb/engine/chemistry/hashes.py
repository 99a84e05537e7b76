"""Rows of short bars, as bonds that point away from the reader are drawn."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mathpixweb.engine.chemistry.marks import Piece, Pieces
from mathpixweb.engine.chemistry.strokes import Stroke
from mathpixweb.engine.chemistry.tracing import Point

FEWEST: Final = 3  # bars
CLEARLY: Final = 6  # bars: no letters are so many and so even
THICKEST: Final = 2.0  # times the thickness of lines
LONGEST: Final = 18.0  # times the thickness of lines
FILLED: Final = 0.4  # of the bar's length by its width
DOT: Final = 10  # pixels, of which nobody knows the direction
MOST: Final = 160  # bars; more are a texture
CLOSE: Final = 5.0  # times the thickness between neighbouring bars
PARALLEL: Final = math.radians(22)
ACROSS: Final = math.radians(30)  # by which bars may miss being square to their row
STRAIGHT: Final = 0.9  # times the thickness that a bar's middle may lie off the row
LENGTHY: Final = 0.8  # times the longest bar: shorter is no row
UNEVEN: Final = 0.45  # of the usual distance of bars by which one may differ


@dataclass(frozen=True, slots=True)
class Bar:
    piece: Piece
    centre: Point
    angle: float
    length: float
    round: bool


@dataclass(frozen=True, slots=True)
class Row:
    """The stroke that the bars stand for, and the pieces they are."""

    stroke: Stroke
    pieces: tuple[int, ...]


def bars_of(pieces: Pieces, thickness: float) -> list[Bar]:
    """The pieces that may be bars."""
    return [bar for piece in pieces.all if (bar := _bar(pieces, piece, thickness)) is not None]


def find(bars: Sequence[Bar], taken: Collection[int], thickness: float, fewest: int = FEWEST) -> list[Row]:
    """Rows among the bars that are not taken."""
    left = [bar for bar in bars if bar.piece.number not in taken]
    if len(left) > MOST:
        return []
    rows: list[Row] = []
    while len(row := _longest(left, thickness)) >= fewest:
        rows.append(_row(row))
        numbers = {bar.piece.number for bar in row}
        left = [bar for bar in left if bar.piece.number not in numbers]
    return rows


def _bar(pieces: Pieces, piece: Piece, thickness: float) -> Bar | None:
    if max(piece.box.width, piece.box.height) > LONGEST * thickness:
        return None
    x0, y0 = int(piece.box.x0), int(piece.box.y0)
    part = pieces.labels[y0 : int(piece.box.y1), x0 : int(piece.box.x1)] == piece.number
    rows, columns = np.nonzero(part)
    points = np.stack([columns + x0, rows + y0], axis=1).astype(np.float64)
    centre = points.mean(axis=0)
    if len(points) < 3:
        return None
    _, spread, axes = np.linalg.svd(points - centre, full_matrices=False)
    length, width = (float(s) * math.sqrt(12 / len(points)) + 1 for s in spread)
    if width > THICKEST * thickness or part.sum() < FILLED * length * width:
        return None
    angle = math.atan2(axes[0][1], axes[0][0]) % math.pi
    return Bar(
        piece, (float(centre[0]), float(centre[1])), angle, length, length < 1.5 * width or len(points) <= DOT
    )


def _longest(bars: Sequence[Bar], thickness: float) -> list[Bar]:
    """The row of most bars, if most of them have a direction."""
    best: list[Bar] = []
    for first in bars:
        for second in bars:
            if first is second or math.dist(first.centre, second.centre) > CLOSE * thickness:
                continue
            row = _grown([first, second], bars, thickness)
            if len(row) > len(best) and _is_long(row):
                best = row
    return best if sum(not bar.round for bar in best) >= FEWEST - 1 else []


def _is_long(row: Sequence[Bar]) -> bool:
    """Whether it is longer than it is wide, as the three lines of a triple bond are not."""
    return math.dist(row[0].centre, row[-1].centre) > LENGTHY * max(bar.length for bar in row)


def _grown(row: list[Bar], bars: Sequence[Bar], thickness: float) -> list[Bar]:
    """The row on and on in the direction of its first two bars."""
    step = math.dist(row[0].centre, row[1].centre)
    heading = math.atan2(row[1].centre[1] - row[0].centre[1], row[1].centre[0] - row[0].centre[0])
    if not all(_stands_across(bar, heading) for bar in row) or not _fits(row[0], row[1]):
        return []
    while True:
        last, first = row[-1].centre, row[0].centre
        reach = (last[0] - first[0]) / (len(row) - 1), (last[1] - first[1]) / (len(row) - 1)
        expected = last[0] + reach[0], last[1] + reach[1]
        near = [
            bar
            for bar in bars
            if math.dist(bar.centre, expected) < max(UNEVEN * step, STRAIGHT * thickness)
            and bar not in row
            and _stands_across(bar, heading)
            and _fits(row[-1], bar)
        ]
        if not near:
            return row
        row = [*row, min(near, key=lambda bar: math.dist(bar.centre, expected))]


def _stands_across(bar: Bar, heading: float) -> bool:
    if bar.round:
        return True
    return abs(math.remainder(bar.angle - heading - math.pi / 2, math.pi)) < ACROSS


def _fits(one: Bar, other: Bar) -> bool:
    alike = one.round or other.round or abs(math.remainder(one.angle - other.angle, math.pi)) < PARALLEL
    longer, shorter = max(one.length, other.length), min(one.length, other.length)
    return alike and longer < 2.6 * shorter + 2


def _row(bars: Sequence[Bar]) -> Row:
    """From the shorter bars to the longer ones, half a step beyond both ends."""
    half = len(bars) // 2
    first, last = (sum(bar.length for bar in some) for some in (bars[:half], bars[-half:]))
    ordered = bars if first <= last else bars[::-1]
    a, b = ordered[0].centre, ordered[-1].centre
    steps = len(bars) - 1
    dx, dy = (b[0] - a[0]) / steps, (b[1] - a[1]) / steps
    start, end = (a[0] - 0.8 * dx, a[1] - 0.8 * dy), (b[0] + 0.5 * dx, b[1] + 0.5 * dy)
    return Row(Stroke(start, end, kind="hash"), tuple(bar.piece.number for bar in bars))
