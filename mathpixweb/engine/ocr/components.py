"""Ink that hangs together, diagonally too."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box


def few_boxes_of(ink: NDArray[Any]) -> list[Box]:
    """The same, in a third of the time and without a large map where there is little ink."""
    outlines, nested = cv2.findContours(ink.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return []
    outer = [k for k, parent in enumerate(nested[0, :, 3]) if parent < 0]  # the others are holes
    found = sorted((cv2.boundingRect(outlines[k]) for k in outer), key=lambda box: (box[1], box[0]))
    return [Box(float(x), float(y), float(x + width), float(y + height)) for x, y, width, height in found]


def boxes_of(ink: NDArray[Any]) -> list[Box]:
    """A box in pixels around each piece of what is not zero."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return [
        Box(float(x), float(y), float(x + width), float(y + height)) for x, y, width, height, _ in stats[1:]
    ]
