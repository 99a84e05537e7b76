"""Which of many boxes have their middle in others; a page has thousands, so all are asked at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box


class Middles:
    """The middles of boxes; answers tell of each, in the order of the boxes."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._x, self._y = np.array([(box.cx, box.cy) for box in boxes], np.float64).reshape(-1, 2).T

    def within(self, box: Box) -> NDArray[np.bool_]:
        across = (box.x0 <= self._x) & (self._x <= box.x1)
        return np.asarray(across & (box.y0 <= self._y) & (self._y <= box.y1))

    def within_any(self, boxes: Iterable[Box]) -> NDArray[np.bool_]:
        found = np.zeros(len(self._x), bool)
        for box in boxes:
            found |= self.within(box)
        return found
