"""Writing paper: the rules that are printed on it taken out, on which letters stand and which they touch.

They are many, of one distance, and reach across the page; no frame closes them, and letters hang into them.
What is drawn on the paper keeps its rules: those between upright ones are of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import page_rules
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.scaling import scaled

PROBE: Final = 1000  # pixels of the width at which rules are looked for
STRETCH: Final = 1 / 20  # of the width over which their darkness is averaged: letters pale, rules stay
THIN: Final = 7  # pixels; what is higher is a line of letters
DARKER: Final = 16  # grey levels than what is above and under them, so averaged
FEWEST: Final = 10  # rules
ACROSS: Final = 0.6  # of the page's width that each of them reaches
BENT: Final = 0.03  # of the width that one may rise or fall
NARROWEST, WIDEST = 0.018, 0.075  # of the width from rule to rule …
EVEN: Final = 0.006  # … and by which that may differ …
MOSTLY: Final = 0.8  # … for so many of them
LETTER: Final = 1 / 80  # of the width: about the least that somebody writes
WHOLE: Final = 0.6  # of the height of all rules that a margin reaches, or the frame or the columns of a table
MARGIN: Final = 0.22  # of the width on either side, in which there may be a margin …
FRAME: Final = 0.02  # … unless rules end so near to it
TALL: Final = 1.5  # distances of rules that the upright ones of a table are high
REACH: Final = 0.3  # of that distance, above and below a rule, in which it is told from what touches it
PALE: Final = 235  # grey levels of a rule
OVER: Final = 40  # grey levels that what is written over a rule is darker than it
BESIDE: Final = 1  # pixels that a rule may be thicker elsewhere; what is higher is written
INKED: Final = 0.9  # of their length that is ink, as dots and letters in a row are not
TOUCHED: Final = 0.03  # of that length that something written touches

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The pixels of a rule in a band of the picture, and how many of its columns something touches."""

    top: int
    left: int
    pixels: Mask
    inked: int
    touched: int


def without_rules(gray: Gray) -> Gray:
    """The picture itself, if it shows no writing paper."""
    height, width = gray.shape
    zoom = min(1.0, PROBE / width)
    small = scaled(gray, zoom)
    across = small.shape[1]
    dark = _thin(small)
    lines = _lines(dark)
    distance = _distance(lines, across)
    if not distance:
        return gray
    stems = [box for box, upright in page_rules.find(small, LETTER * across) if upright]
    if _are_of_a_table(lines, stems, across):
        return gray
    tables = _tables(lines, stems, distance)
    parts = [part for line in lines for part in _outside(line, tables)]
    dark = _mask(cv2.dilate(dark, np.ones((3, 1), np.uint8)))
    track = _mask(cv2.resize(dark, (width, height), interpolation=cv2.INTER_NEAREST))
    found = [_pixels_of(gray, track, part.scaled(1 / zoom), distance / zoom) for part in parts]
    inked, touched = sum(one.inked for one in found), sum(one.touched for one in found)
    if touched < TOUCHED * inked or inked < INKED * sum(one.pixels.shape[1] for one in found):
        return gray
    bare = gray.copy()
    for one in found:
        rows, columns = one.pixels.shape
        bare[one.top : one.top + rows, one.left : one.left + columns][one.pixels > 0] = 255
    return bare


def _thin(small: Gray) -> Mask:
    """What is long, level, thin and darker than what is above and under it."""
    averaged = cv2.blur(small, (_stretch(small), 1))
    darker = cv2.morphologyEx(averaged, cv2.MORPH_BLACKHAT, np.ones((THIN, 1), np.uint8))
    return _mask(darker > DARKER)


def _stretch(small: Gray | Mask) -> int:
    return max(15, round(STRETCH * int(small.shape[1])))


def _lines(thin: Mask) -> list[Box]:
    """The lines across the page, from top to bottom."""
    width = thin.shape[1]
    pieces = [box for box in boxes_of(thin) if box.width > _stretch(thin)]
    lines = page_rules.joined(pieces, 2 * LETTER * width)
    return [line for line in lines if line.width > ACROSS * width and line.height < BENT * width]


def _distance(lines: Sequence[Box], width: int) -> float:
    """At which most of them stand under another one, whatever else is drawn between them; 0 if few do."""
    middles = [line.cy for line in lines]
    between = {b - a for after in (1, 2) for a, b in zip(middles, middles[after:], strict=False)}
    counts = {
        distance: sum(any(abs(y - above - distance) < EVEN * width for above in middles) for y in middles)
        for distance in between
        if NARROWEST * width < distance < WIDEST * width
    }
    usual = max(counts, key=lambda distance: (counts[distance], -distance), default=0.0)
    many = len(lines) >= FEWEST and counts.get(usual, 0) >= MOSTLY * (len(lines) - 1)
    return usual if many else 0.0


def _are_of_a_table(lines: Sequence[Box], stems: Sequence[Box], width: int) -> bool:
    """Whether upright rules close them at their ends, or part them into columns."""
    whole = union(lines)
    inside = [stem for stem in stems if FRAME * width < stem.cx < (1 - FRAME) * width]
    high = [stem for stem in inside if stem.height > WHOLE * whole.height]
    left, right = median(line.x0 for line in lines), median(line.x1 for line in lines)
    framed = any(min(abs(stem.cx - left), abs(stem.cx - right)) < FRAME * width for stem in high)
    return framed or any(left + MARGIN * width < stem.cx < right - MARGIN * width for stem in high)


def _tables(lines: Sequence[Box], stems: Sequence[Box], distance: float) -> list[Box]:
    """What is drawn between upright rules, margins aside."""
    most, least = WHOLE * union(lines).height, TALL * distance
    tables: list[Box] = []
    for stem in (stem for stem in stems if least < stem.height < most):
        near = [table for table in tables if table.y_overlap(stem) > 0]
        tables = [table for table in tables if table not in near] + [union([stem, *near])]
    return [table.grown(0, least / 4) for table in tables if table.width > least]


def _outside(line: Box, tables: Sequence[Box]) -> list[Box]:
    """The parts of the rule that are in none of the tables."""
    parts = [line]
    for table in tables:
        if table.y0 < line.cy < table.y1:
            ends = [(part.x0, min(part.x1, table.x0)) for part in parts]
            ends += [(max(part.x0, table.x1), part.x1) for part in parts]
            parts = [Box(x0, line.y0, x1, line.y1) for x0, x1 in ends if x1 > x0]
    return parts


def _pixels_of(gray: Gray, track: Mask, rule: Box, distance: float) -> _Found:
    """The rule's ink, without that of letters across it."""
    reach = max(2, round(REACH * distance))
    top, left = max(0, int(rule.y0) - reach), max(0, int(rule.x0))
    band = slice(top, int(rule.y1) + reach + 1), slice(left, int(rule.x1) + 1)
    ink = _mask(gray[band] < PALE)
    length = max(5, round(LETTER * gray.shape[1]))
    closed = _mask(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8)))
    along = ink & track[band] & _opened(closed, (1, length))
    thick = along.sum(axis=0)
    usual = int(np.median(thick[thick > 0])) if thick.any() else 0
    written = _opened(ink, (usual + BESIDE + 1, 1)) | _over(gray[band], along) & ink
    touched = int((along & written).any(axis=0).sum())
    inked = int((ink & track[band]).any(axis=0).sum())
    pixels = _mask(cv2.dilate(along & ~written, np.ones((3, 1), np.uint8))) & ~written
    return _Found(top, left, pixels, inked, touched)


def _over(band: Gray, along: Mask) -> Mask:
    """What is darker than the rule, with its edges."""
    level = np.median(band[along > 0]) if along.any() else 0.0
    return _mask(cv2.dilate(_mask(band < level - OVER), np.ones((3, 3), np.uint8)))


def _opened(mask: Mask, shape: tuple[int, int]) -> Mask:
    return _mask(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))


def _mask(values: object) -> Mask:
    return np.asarray(values, np.uint8)
