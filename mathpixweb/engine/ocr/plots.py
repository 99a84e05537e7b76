"""What the field of a chart shows: columns, bars, an area, dots or lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.ground import Gray

LEVELS: Final = 16  # grey levels that count as one
EDGE: Final = 0.12  # of the field's sides
COMMON: Final = 0.12  # of the field has at least the tone of its ground
DARKER: Final = 22  # grey levels than the ground is what is drawn
SOLID: Final = 0.018  # of the field's shorter side: surfaces are thicker than lines
SURFACE: Final = 0.06  # of the field under surfaces; less are dots and broad lines
BASE: Final = 0.06  # of the field's height between the base of a column and the lowest one
WHOLE: Final = 0.9  # of a column's height is drawn
BASED: Final = 0.8  # of the breadth of surfaces stands on the base
TOP: Final = 6  # pixels of a column's breadth …
FLAT: Final = 0.7  # … in so many of which its top is level
FULL: Final = 0.9  # of the field's breadth is filled by an area, at least
EDGES: Final = 3  # of columns, at least, as two have that touch
STEP: Final = 2  # pixels of such an edge
RULE: Final = 0.25  # of the field's sides long is a straight line of its grid
DASH: Final = 5  # pixels of a gap in such a line
FEWEST_DOTS: Final = 8
LARGEST_DOT: Final = 0.08  # of the field's shorter side
ALIKE: Final = 0.45  # of the usual dot's size others differ
DOTTED: Final = 0.5  # of what is drawn between the lines of the grid is dots
LONG: Final = 0.4  # of the field's breadth a curve runs …
PIECE: Final = 0.1  # … in pieces so long, for lines of the grid part it

Mask = NDArray[np.bool_]


def kind_of(field: Gray, words: Sequence[Box]) -> str | None:
    """`field` is dark on light; the words in it are not looked at. None if it shows nothing known."""
    drawn = field.astype(np.int16) < _ground(field) - DARKER
    ruled = _rules(drawn)
    for word in words:
        drawn[max(0, int(word.y0)) : int(word.y1) + 1, max(0, int(word.x0)) : int(word.x1) + 1] = False
    thick = max(4, round(SOLID * min(drawn.shape)))
    solid = _opened(drawn, thick, thick)
    return _lines(drawn & ~ruled) if solid.mean() < SURFACE else _surfaces(solid)


def _ground(field: Gray) -> int:
    """The lightest tone that much of the field has, whose edges may be paper."""
    height, width = field.shape
    down, across = round(EDGE * height), round(EDGE * width)
    middle = field[down : height - down, across : width - across]
    counts = np.bincount((middle // LEVELS).ravel(), minlength=256 // LEVELS)
    lightest = int(np.flatnonzero(counts >= COMMON * middle.size)[-1])
    return lightest * LEVELS + LEVELS // 2


def _opened(mask: Mask, height: int, width: int) -> Mask:
    return np.asarray(
        cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((height, width), np.uint8)) > 0
    )


def _closed(mask: Mask, height: int, width: int) -> Mask:
    return np.asarray(
        cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((height, width), np.uint8)) > 0
    )


def _surfaces(solid: Mask) -> str | None:
    if _stands(solid):
        return "column"
    if _stands(np.rot90(solid)):
        return "bar"
    columns = np.asarray(solid.any(axis=0))
    return "area" if columns.mean() > FULL and _based(solid, columns) else None


def _based(solid: Mask, columns: NDArray[Any]) -> bool:
    """Whether most of the surfaces are whole down to the same line."""
    highest = np.argmax(solid, axis=0)[columns]
    lowest = (solid.shape[0] - np.argmax(solid[::-1], axis=0))[columns]
    base = float(np.percentile(lowest, 80))
    whole = solid[:, columns].sum(axis=0) > WHOLE * (lowest - highest)
    return float((whole & (np.abs(lowest - base) <= BASE * solid.shape[0])).mean()) > BASED


def _stands(solid: Mask) -> bool:
    """Whether several columns with level tops stand on one base, with gaps or steps between them."""
    columns = np.asarray(solid.any(axis=0))
    if not columns.any() or not _based(solid, columns):
        return False
    heights = np.where(columns, solid.shape[0] - np.argmax(solid, axis=0), 0)
    inside = columns[TOP:] & columns[:-TOP]
    level = np.abs(heights[TOP:] - heights[:-TOP]) <= 1
    edges = np.abs(np.diff(heights, prepend=0, append=0)) > STEP
    return bool(inside.any()) and float(level[inside].mean()) > FLAT and int(edges.sum()) >= EDGES


def _rules(drawn: Mask) -> Mask:
    """The lines of the grid and of the axes."""
    height, width = drawn.shape
    level = _opened(_closed(drawn, 1, DASH), 1, max(8, round(RULE * width)))
    return level | _opened(_closed(drawn, DASH, 1), max(8, round(RULE * height)), 1)


def _lines(drawn: Mask) -> str | None:
    height, width = drawn.shape
    joined = _closed(drawn, 3, 3)
    boxes = [box for box in boxes_of(joined) if max(box.width, box.height) > 2]
    run = np.zeros(width, bool)
    for box in boxes:
        if box.width > PIECE * width:
            run[int(box.x0) : int(box.x1)] = True
    if run.mean() > LONG:
        return "line"
    dots = _dots(boxes, min(height, width))
    return "scatter" if len(dots) >= FEWEST_DOTS and _ink(joined, dots) > DOTTED * joined.sum() else None


def _dots(boxes: Sequence[Box], side: float) -> list[Box]:
    """Those that are small, about as wide as high and alike: of the size that most of their ink has."""
    small = sorted(
        (
            box
            for box in boxes
            if max(box.width, box.height) < LARGEST_DOT * side and 0.5 < box.width / box.height < 2
        ),
        key=lambda box: box.width,
    )
    if not small:
        return []
    shares = np.cumsum([box.width * box.height for box in small])
    usual = small[int(np.searchsorted(shares, shares[-1] / 2))].width
    return [box for box in small if abs(box.width - usual) <= max(1.0, ALIKE * usual)]


def _ink(drawn: Mask, boxes: Sequence[Box]) -> float:
    return sum(float(drawn[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].sum()) for box in boxes)
