"""Whether text was printed or written by hand: printed letters stand on their line.

A simple measure, not a trained one: the lower edges of printed letters gather at the baseline and at the
depth of descenders, while a hand wavers. With too few letters the picture is taken to be printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.components import rectangles_of
from mathpixweb.engine.ocr.ground import INK, Gray

FEWEST: Final = 12  # letters that tell anything
ON_LINE: Final = 0.07  # of the line's height around the baseline
STEADY: Final = 0.5  # of the letters on their lines: printed


def is_handwritten(gray: Gray, lines: Sequence[Box]) -> bool:
    """`lines` are the boxes of lines of text, in pixels with y downwards."""
    on, all_ = 0, 0
    for line in lines:
        bottoms = _bottoms(gray, line)
        if len(bottoms) < 4:
            continue
        reach = max(1.5, ON_LINE * line.height)
        best = max(int((np.abs(bottoms - bottom) <= reach).sum()) for bottom in bottoms)
        on, all_ = on + best, all_ + len(bottoms)
    return all_ >= FEWEST and on < STEADY * all_


def _bottoms(gray: Gray, line: Box) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The lower edges of the letters, with the line's tilt taken out."""
    part = gray[max(0, int(line.y0)) : int(line.y1) + 1, max(0, int(line.x0)) : int(line.x1) + 1]
    if part.size == 0:
        return np.zeros(0)
    x, y, width, height = rectangles_of(part < INK).T
    big = height > 0.3 * line.height
    bottoms = np.asarray((y + height)[big], float)
    if len(bottoms) < 4:
        return bottoms
    xs = (x + width / 2)[big]
    slope = float(np.polyfit(xs, bottoms, 1)[0])
    return np.asarray(bottoms - slope * xs)
