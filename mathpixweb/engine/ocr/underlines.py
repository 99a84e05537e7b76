"""Underlines that touch the letters over them, and tie these to one piece of ink, taken out."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.letter_lines import Letters

LONGEST_STROKE: Final = 1.5  # letters' heights; longer level ink is no part of a letter
THICKEST: Final = 0.25  # of the letters' height
WHOLE: Final = 0.85  # of the width that the underline takes
LOW: Final = 0.5  # of the height, from the top, in which there is none
UNDER: Final = 0.15  # of the underline's length has letters over it that touch it; rules of tables have fewer

_Mask = NDArray[np.uint8]


def without(gray: Gray, letters: Letters) -> Gray:
    """The picture itself, if there are none."""
    bare = gray
    length = max(5, round(LONGEST_STROKE * letters.height))
    for x, y, width, tall in letters.tied.astype(int).tolist():
        place = slice(max(0, y - 1), y + tall + 1), slice(x, x + width)
        wiped = _underline((gray[place] < INK).astype(np.uint8), length, THICKEST * letters.height)
        if wiped is None:
            continue
        bare = gray.copy() if bare is gray else bare
        bare[place][wiped] = 255
    return bare


def _underline(ink: _Mask, length: int, thickest: float) -> NDArray[np.bool_] | None:
    """The pixels of the underline of the broadest piece, with its edges, without letters that cross it."""
    _, marks, sizes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    own = marks == 1 + int(sizes[1:, cv2.CC_STAT_WIDTH].argmax())
    strokes = cv2.morphologyEx(own.view(np.uint8), cv2.MORPH_OPEN, np.ones((1, length), np.uint8)) > 0
    high = int(LOW * len(ink))
    if strokes[:high].any(axis=0).mean() > 1 - WHOLE:
        return None  # a frame
    strokes[:high] = False
    across = strokes.any(axis=0)
    if across.mean() < WHOLE or np.median(strokes.sum(axis=0)[across]) > max(2.0, thickest):
        return None
    columns, rows = np.arange(ink.shape[1]), np.arange(len(ink))[:, None]
    top, bottom = strokes.argmax(axis=0), len(ink) - 1 - strokes[::-1].argmax(axis=0)
    if (own & across & (rows < top)).any(axis=0).mean() < UNDER:
        return None
    crossed = own[np.maximum(top - 1, 0), columns] & own[np.minimum(bottom + 2, len(ink) - 1), columns]
    return np.asarray(across & ~crossed & (rows >= top) & (rows <= bottom + 1))
