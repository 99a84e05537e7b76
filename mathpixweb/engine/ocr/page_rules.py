"""Long straight lines in a picture: the rules of tables, and what parts columns."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box

LONGEST_STROKE: Final = 3.0  # em; longer straight ink is no part of a letter
THICKEST: Final = 0.3  # em
MOST: Final = 400  # more are a drawing


def find(ink: NDArray[np.bool_], size: float) -> list[tuple[Box, bool]]:
    """Boxes in pixels, each with whether it is upright; `size` is the font size of the text."""
    length = max(24, round(LONGEST_STROKE * size))
    mask = ink.astype(np.uint8)
    level = [(box, False) for box in _runs(mask, (length, 1), size)]
    upright = [(box, True) for box in _runs(mask, (1, length), size)]
    found = level + upright
    return found if len(found) <= MOST else []


def _runs(mask: NDArray[np.uint8], kernel: tuple[int, int], size: float) -> list[Box]:
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    opened = cv2.morphologyEx(joined, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened)
    boxes: list[Box] = []
    for x, y, width, height, _ in stats[1:]:
        if min(width, height) <= max(THICKEST * size, 4):
            boxes.append(Box(float(x), float(y), float(x + width), float(y + height)))
    return boxes
