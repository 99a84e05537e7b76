"""Pictures made smaller or larger."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def scaled(pixels: Pixels, zoom: float) -> Pixels:
    """`zoom` times as wide and as high, which is at least a pixel: pictures may be a hair's breadth wide."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * zoom)), max(1, round(height * zoom)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
