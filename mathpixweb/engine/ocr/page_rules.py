"""Long straight lines in a picture: the rules of tables, and what parts columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.ground import Gray

PALE: Final = 205  # grey levels; rules are often paler than text
LONGEST_STROKE: Final = 2.2  # em; longer straight ink is no part of a letter
THICKEST: Final = 0.35  # em
BROKEN: Final = 0.2  # em that may be missing of a line
SAME_LINE: Final = 0.3  # em between pieces of one line, which may be askew, across …
THROUGH: Final = 0.35  # of a line's length that may run through text; more is strokes of its letters
MIDDLE: Final = 0.15  # of a line of text's height on either side in which rules may touch it
NEXT_PIECE: Final = 0.45  # … and along it
MOST: Final = 600  # more are a drawing


def find(gray: Gray, size: float, text: Sequence[Box] = ()) -> list[tuple[Box, bool]]:
    """Boxes in pixels, each with whether it is upright; `size` is the font size of the text, whose boxes
    no rule runs through.
    """
    length = max(20, round(LONGEST_STROKE * size))
    mask = (gray < PALE).view(np.uint8)
    bodies = [box.grown(0, -MIDDLE * box.height) for box in text]
    level = [box for box in _runs(mask, length, size) if not _runs_through(box, bodies)]
    turned = _runs(np.asarray(cv2.transpose(mask), np.uint8), length, size)
    sideways = [_turned(body) for body in bodies]
    upright = [_turned(box) for box in turned if not _runs_through(box, sideways)]
    found = [(box, False) for box in level] + [(box, True) for box in upright]
    return found if len(found) <= MOST else []


def _turned(box: Box) -> Box:
    return Box(box.y0, box.x0, box.y1, box.x1)


def _runs_through(line: Box, bodies: Sequence[Box]) -> bool:
    inside = sum(max(0.0, line.x_overlap(body)) for body in bodies if body.y0 < line.cy < body.y1)
    return inside > THROUGH * line.width


def _runs(mask: NDArray[np.uint8], length: int, size: float) -> list[Box]:
    """The level lines."""
    gap = 1 + 2 * min(2, round(BROKEN * size / 2))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((min(3, gap), gap), np.uint8))
    thin = [
        box
        for box in boxes_of(_solid(closed, length))
        if box.height <= max(THICKEST * size, 3) + 0.01 * box.width
    ]
    return joined(thin, size)


def _solid(mask: NDArray[Any], length: int) -> NDArray[np.uint8]:
    """What of the mask lies in level runs at least so long, or going on beyond the picture's edge.

    Most rows hold none, and are done with.
    """
    counted = cv2.boxFilter(mask, cv2.CV_16U, (length, 1), normalize=False, borderType=cv2.BORDER_REPLICATE)
    solid = np.zeros(mask.shape, np.uint8)
    if len(rows := np.flatnonzero(counted.max(axis=1) == length)):
        middles = (counted[rows] == length).view(np.uint8)
        solid[rows] = cv2.dilate(middles, np.ones((1, length), np.uint8))
    return solid


def joined(boxes: Sequence[Box], size: float) -> list[Box]:
    """Pieces of one line together."""
    joined: list[Box] = []
    open_: list[Box] = []  # those that do not end too far left for any further piece
    for box in sorted(boxes, key=lambda box: box.x0):
        open_ = [other for other in open_ if box.x0 - other.x1 < NEXT_PIECE * size]
        before = [other for other in open_ if _goes_on(other, box, size)]
        if before:
            nearest = min(before, key=lambda other: abs(other.cy - box.cy))
            joined.remove(nearest)
            open_.remove(nearest)
            box = union((nearest, box))
        joined.append(box)
        open_.append(box)
    return sorted(joined, key=lambda box: box.y0)


def _goes_on(line: Box, box: Box, size: float) -> bool:
    gap = box.x0 - line.x1
    return abs(line.cy - box.cy) < SAME_LINE * size and -0.3 * box.width < gap < NEXT_PIECE * size
