"""Points in a row that lead the eye from a line to what is said of it far away, as in tables of contents.

They say nothing, and there may be five of them for each letter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.disjoint_sets import DisjointSets

FEWEST: Final = 6  # points in a row: fewer are an elision
MOST: Final = 5000  # points of a page; more are dirt
SMALL: Final = 0.45  # of the larger letters' height
ROUND: Final = 1.6  # times its other side a point is long at most
STEP: Final = 8.0  # points from one to the next at most
ALIKE: Final = 0.35  # of a point by which its neighbour may be larger or lower
EVEN: Final = 0.15  # of a step by which most differ from the usual one

_Boxes = NDArray[np.float64]


def of(boxes: _Boxes, inked: NDArray[np.bool_]) -> list[int]:
    """Which of the boxes are such points: left, top, width, height. `inked` are those that are no dirt."""
    if not inked.any():
        return []
    x, y, width, tall = boxes.T
    size, feet = np.maximum(width, tall), y + tall
    small = size < SMALL * np.percentile(tall[inked], 90)
    points = np.flatnonzero(inked & small & (size < ROUND * np.minimum(width, tall)))
    if not FEWEST <= len(points) <= MOST:
        return []
    points = points[np.argsort(x[points])]
    rows = DisjointSets(points.tolist())
    for position, k in enumerate(points.tolist()):
        last = np.searchsorted(x[points], x[k] + STEP * size[k])
        after = points[position + 1 : last]
        away = np.maximum(np.abs(feet[after] - feet[k]), np.abs(size[after] - size[k]))
        for other in after[away < ALIKE * size[k]][:1].tolist():
            rows.join(k, other)
    return [k for row in rows.groups() if len(row) >= FEWEST and _is_even(x[row]) for k in row]


def _is_even(places: _Boxes) -> bool:
    """Whether they follow each other at nearly equal steps, as the dots of letters do not."""
    steps = np.diff(places)
    usual = np.median(steps)
    return bool(np.percentile(np.abs(steps - usual), 80) < EVEN * usual)
