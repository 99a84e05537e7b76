"""Pictures of nothing but noise, told by how evenly it is spread.

Chance evens out: of squares four times as large the means differ half as much, however coarse its grain is.
Strokes, dots of a screen and tones of a photograph make the means of larger squares, or of strips along lines
of text, differ more than that, or single ones stand out.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

GRAIN: Final = 4  # pixels on either side of the squares whose means are compared with those of larger ones
PAPER: Final = 230  # grey levels; lighter is the paper around it
SHAPES: Final = (
    (4, 4),
    (1, 8),
    (8, 1),
    (1, 16),
    (16, 1),
)  # rows and columns of those squares in the larger ones
FEWEST: Final = 1000  # squares, of which it can be told
NARROWEST: Final = 8  # of them beside or above each other
LEAST, MOST = 0.85, 1.45  # times what chance leaves is noise; lines of text have over 2 in some shape …
OUTSTANDING: Final = 6.0  # … or a square so many deviations from the mean, of which chance makes 4.6

Gray = NDArray[np.uint8]
Floats = NDArray[np.float32]


def is_noise(gray: Gray) -> bool:
    """Whether there is noise and nothing else on the paper."""
    marked = gray < PAPER
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return False
    inner = gray[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (side // GRAIN for side in inner.shape)
    shapes = [shape for shape in SHAPES if shape[0] <= height and shape[1] <= width]
    if height * width < FEWEST or min(height, width) < NARROWEST:
        return False
    grains = cv2.resize(inner, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    spread = float(grains.std())
    return spread > 0 and all(_is_even(_means(grains, *shape), spread, shape) for shape in shapes)


def _is_even(means: Floats, spread: float, shape: tuple[int, int]) -> bool:
    left = float(means.std())
    by_chance = spread / (shape[0] * shape[1]) ** 0.5
    most = float(np.abs(means - means.mean()).max())
    return LEAST * by_chance < left < MOST * by_chance and most < OUTSTANDING * left


def _means(grains: Floats, rows: int, columns: int) -> Floats:
    height, width = grains.shape[0] // rows, grains.shape[1] // columns
    parts: NDArray[Any] = grains[: height * rows, : width * columns]
    return np.asarray(parts.reshape(height, rows, width, columns).mean(axis=(1, 3)), np.float32)
