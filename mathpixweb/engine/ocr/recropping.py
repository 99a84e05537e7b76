"""Lines that the edge of a picture has cut through, taken away: nobody meant them who cut out a formula."""

from __future__ import annotations

from typing import Final

import numpy as np

from mathpixweb.engine.ocr.components import rectangles_of
from mathpixweb.engine.ocr.ground import INK, Gray

WHITE: Final = 255
SMALLEST: Final = 4  # pixels; what is lower is no letter
CUT: Final = 0.7  # of a letter's height: less of a line at the edge was cut through …
APART: Final = 0.7  # … if so much white is between it and what follows …
FEWEST: Final = 2  # … and it is more than the dot of one letter


def recropped(gray: Gray) -> Gray:
    """The picture, dark on white, with white where cut lines were at its upper and lower edge."""
    ink = gray < INK
    letter = _letter_height(gray)
    if not letter:
        return gray
    clean = gray
    for side in (slice(None), slice(None, None, -1)):
        end = _cut_line(np.asarray(ink[side].any(axis=1)), letter)
        if end and _pieces(gray[side][:end]) >= FEWEST:
            clean = clean.copy() if clean is gray else clean
            clean[side][:end] = WHITE
    return clean


def _cut_line(inked: np.ndarray[tuple[int], np.dtype[np.bool_]], letter: float) -> int:
    """How many rows from the edge the rest of a line takes up; 0 if there is none."""
    if not len(inked) or not inked[0] or inked.all():
        return 0
    end = int(np.argmin(inked))
    white = int(np.argmax(inked[end:])) if inked[end:].any() else 0
    return end if end < CUT * letter and white >= APART * letter else 0


def _letter_height(gray: Gray) -> float:
    """That of the usual letter, of those that touch neither edge."""
    _, top, _, height = rectangles_of(gray < INK).T
    whole = height[(height >= SMALLEST) & (top > 0) & (top + height < gray.shape[0])]
    return float(np.median(whole)) if len(whole) else 0.0


def _pieces(strip: Gray) -> int:
    return len(rectangles_of(strip < INK))
