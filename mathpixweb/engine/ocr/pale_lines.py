"""Lines of text that is paler than ink, as reports print what is less important.

They are sought where a page has letters of which hardly a pixel is dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import letter_lines
from mathpixweb.engine.ocr.components import rectangles_of
from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.letter_lines import Letters
from mathpixweb.engine.ocr.text_regions import Region

PALE: Final = 215  # grey levels; lighter is paper, or what shows through it
BARELY: Final = 0.3  # of a pale letter's pixels are as dark as ink
LOW, HIGH, LONG = 0.5, 2.5, 4.0  # letters' heights that a pale letter is high at least and at most, and long
FEWEST: Final = 8  # pale letters of a line …
MOSTLY: Final = 0.4  # … and their share of its letters
WITHIN: Final = 0.9  # of a dark line's length within a pale one of which it is a part …
KNOWN: Final = 0.8  # … and of the pale one's in dark ones: then these are all of it
MOST: Final = 6000  # pale letters; more are a texture


def find(gray: Gray, letters: Letters, dark: Sequence[Region]) -> list[Region]:
    """Regions of lines in which most letters are pale, beside dark letters and the lines that they make."""
    if letters.height < letter_lines.SMALL:
        return []
    boxes = rectangles_of(gray < PALE).astype(np.float64)
    sides = np.maximum(boxes[:, 2], boxes[:, 3]) / letters.height
    likely = (boxes[:, 3] > LOW * letters.height) & (boxes[:, 3] < HIGH * letters.height) & (sides < LONG)
    pale = likely.copy()
    pale[likely] = [_is_barely_inked(gray, box) for box in boxes[likely].astype(int)]
    if not FEWEST <= pale.sum() <= MOST:
        return []
    marks = (sides > letter_lines.SPECK) & (sides <= LOW)
    regions = letter_lines.regions_of(Letters(boxes[likely | marks], letters.height))
    found = [region for region in regions if _is_pale(region.box, boxes[likely], boxes[pale])]
    return [region for region in found if _tells_more(region.box, [line.box for line in dark])]


def _is_barely_inked(gray: Gray, box: NDArray[np.intp]) -> bool:
    x, y, width, height = box
    part = gray[y : y + height, x : x + width]
    return bool(np.count_nonzero(part < INK) < BARELY * np.count_nonzero(part < PALE))


def _is_pale(line: Box, letters: NDArray[np.float64], pale: NDArray[np.float64]) -> bool:
    few = _inside(line, pale)
    return few >= FEWEST and few > MOSTLY * _inside(line, letters)


def _inside(line: Box, boxes: NDArray[np.float64]) -> int:
    x, y = boxes[:, 0] + boxes[:, 2] / 2, boxes[:, 1] + boxes[:, 3] / 2
    return int(((line.x0 < x) & (x < line.x1) & (line.y0 < y) & (y < line.y1)).sum())


def _tells_more(line: Box, dark: Sequence[Box]) -> bool:
    """Whether much of it is in no dark line. Where it runs over some of them it shows through the paper."""
    near = [
        other
        for other in dark
        if line.x_overlap(other) > 0 and line.y_overlap(other) > min(line.height, other.height) / 2
    ]
    within = all(
        line.contains_point(other.cx, other.cy) and line.x_overlap(other) > WITHIN * other.width
        for other in near
    )
    return within and sum(other.width for other in near) < KNOWN * line.width
