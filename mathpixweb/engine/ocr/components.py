"""Ink that hangs together, diagonally too."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box


def boxes_of(ink: NDArray[Any]) -> list[Box]:
    """A box in pixels around each piece of what is not zero."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return [
        Box(float(x), float(y), float(x + width), float(y + height)) for x, y, width, height, _ in stats[1:]
    ]
