"""The visible rectangle of a page and the matrix that turns its marks upright."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1

Matrix = tuple[float, float, float, float, float, float]
Rect = tuple[float, float, float, float]

LETTER: Rect = (0.0, 0.0, 612.0, 792.0)
SMALLEST_SIDE = 3.0
LARGEST_SIDE = 14400.0  # the PDF reference's own limit, 200 inches


@dataclass(frozen=True, slots=True)
class PageBox:
    """Size of the upright page in points, and the matrix from its default user space to that page."""

    width: float
    height: float
    matrix: Matrix


def page_box(page: PDFPage, turns: int = 0) -> PageBox:
    """The crop box where it makes sense, else the media box, else US Letter; `/Rotate` undone.

    `turns` are quarter turns clockwise beyond those that the page asks for.
    """
    x0, y0, x1, y1 = _visible(_rect(page.mediabox), _rect(page.cropbox))
    turns = (_quarter_turns(page.attrs.get("Rotate")) + turns) % 4
    width, height = x1 - x0, y1 - y0
    matrices: tuple[Matrix, ...] = (
        (1, 0, 0, 1, -x0, -y0),
        (0, -1, 1, 0, -y0, x1),
        (-1, 0, 0, -1, x1, y1),
        (0, 1, -1, 0, y1, -x0),
    )
    if turns % 2:
        width, height = height, width
    return PageBox(width, height, matrices[turns])


def _visible(media: Rect | None, crop: Rect | None) -> Rect:
    media = media or LETTER
    if crop is None:
        return media
    both = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return _rect(both) or media


def _rect(values: Sequence[Any] | None) -> Rect | None:
    """The rectangle with ordered corners, None unless it is finite and of a size paper can have."""
    try:
        xa, ya, xb, yb = (float(value) for value in values or ())
    except (TypeError, ValueError):
        return None
    rect = (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
    sides = (rect[2] - rect[0], rect[3] - rect[1])
    sane = all(map(math.isfinite, rect)) and all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in sides)
    return rect if sane else None


def _quarter_turns(rotate: Any) -> int:
    try:
        return round(float(resolve1(rotate) or 0) / 90) % 4
    except (TypeError, ValueError, OverflowError):
        return 0
