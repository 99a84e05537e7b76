"""Where a pixel of a prepared picture lies in the picture as it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box

Matrix = NDArray[np.float64]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """`matrix` takes (x, y, 1) of the prepared picture to the sent one, of `width` x `height` pixels."""

    width: int
    height: int
    matrix: Matrix

    @classmethod
    def of_whole(cls, width: int, height: int) -> Frame:
        return cls(width, height, np.eye(3))

    def after(self, step: Matrix) -> Frame:
        """The frame of a picture made by a step whose inverse, new pixels to old ones, is `step`."""
        return Frame(self.width, self.height, self.matrix @ step)

    def shifted(self, x: float, y: float) -> Frame:
        return self.after(np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float))

    def scaled(self, zoom: float) -> Frame:
        """After the picture was made `zoom` times as large."""
        return self.after(np.diag([1 / zoom, 1 / zoom, 1.0]))

    def place(self, points: Sequence[Point]) -> list[list[int]]:
        """The points in whole pixels of the sent picture, none outside of it."""
        homogeneous = np.concatenate([np.asarray(points, float), np.ones((len(points), 1))], axis=1)
        moved = homogeneous @ self.matrix.T
        xs = np.clip(np.rint(moved[:, 0]), 0, self.width)
        ys = np.clip(np.rint(moved[:, 1]), 0, self.height)
        return [[int(x), int(y)] for x, y in zip(xs, ys, strict=True)]

    def outline(self, box: Box) -> list[list[int]]:
        """The corners of a box: lower left, upper left, upper right, lower right."""
        return self.place([(box.x0, box.y1), (box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1)])
