"""Triangles among the lines of a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.ground import INK, Gray

SHARE: Final = 0.3  # of the drawing's longer side, at least, is the longest side of a triangle in it
MOST: Final = 0.6  # of the longer side of a drawing that is a triangle and little else
REGULAR: Final = 0.9  # of the longest side is the shortest one of a regular triangle
SHORTEST: Final = 40  # pixels of that side
FILLED: Final = 0.92  # of the triangle around it lies within the hull of the ink
DRAWN: Final = 0.92  # of each side is ink …
REACH: Final = 2  # … so many pixels beside it, at most
HOLLOW: Final = 0.5  # of the inside is ink: more is a surface
FLATTEST: Final = 0.08  # height of a triangle by its longest side; what is flatter is a line

Point = tuple[float, float]
Corners = tuple[Point, Point, Point]


def find(gray: Gray, box: Box) -> tuple[Corners, ...]:
    """The triangles that lines in this place make, the largest first. `gray` is dark on white."""
    x, y, part = cut(gray, box)
    ink = part < INK
    _, marks, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    least = max(SHORTEST, SHARE * max(box.width, box.height))
    found: list[Corners] = []
    for number, (_, _, width, height, _) in enumerate(stats[1:], 1):
        if max(width, height) >= least and (corners := _triangle(marks == number, ink)) is not None:
            found.append(corners)
    found.sort(key=_area, reverse=True)
    return tuple(_moved(corners, x, y) for corners in found)


def cut(gray: Gray, box: Box) -> tuple[int, int, Gray]:
    x, y = max(0, int(box.x0)), max(0, int(box.y0))
    return x, y, np.ascontiguousarray(gray[y : int(box.y1) + 1, x : int(box.x1) + 1])


def _triangle(piece: NDArray[np.bool_], ink: NDArray[np.bool_]) -> Corners | None:
    """The corners of ink that hangs together, if its outline is a triangle of three drawn sides."""
    rows, columns = np.nonzero(piece)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.float32))
    area, around = cv2.minEnclosingTriangle(hull)
    if around is None or area <= 0 or cv2.contourArea(hull) < FILLED * area:
        return None
    first, second, third = ((float(px), float(py)) for px, py in around.reshape(3, 2))
    corners = (first, second, third)
    if 2 * area < FLATTEST * _longest(corners) ** 2:
        return None
    near = cv2.dilate(ink.astype(np.uint8), np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)) > 0
    if any(_drawn(near, a, b) < DRAWN for a, b in _sides(corners)):
        return None
    return corners if _inside(piece, corners) < HOLLOW else None


def _sides(corners: Corners) -> Iterator[tuple[Point, Point]]:
    yield from zip(corners, (*corners[1:], corners[0]), strict=True)


def _drawn(near: NDArray[np.bool_], start: Point, end: Point) -> float:
    """The share of a side that is ink."""
    steps = max(2, int(np.hypot(end[0] - start[0], end[1] - start[1])))
    height, width = near.shape
    xs = np.clip(np.rint(np.linspace(start[0], end[0], steps)).astype(int), 0, width - 1)
    ys = np.clip(np.rint(np.linspace(start[1], end[1], steps)).astype(int), 0, height - 1)
    return float(near[ys, xs].mean())


def _inside(piece: NDArray[np.bool_], corners: Corners) -> float:
    """The share of ink in the middle half of the triangle."""
    points = np.asarray(corners)
    shrunk = points.mean(axis=0) + 0.7 * (points - points.mean(axis=0))
    mask = cv2.fillPoly(np.zeros(piece.shape, np.uint8), [np.rint(shrunk).astype(np.int32)], 1) > 0
    return float(piece[mask].mean()) if mask.any() else 1.0


def fills(corners: Corners, box: Box) -> bool:
    """Whether it is most of what is drawn there."""
    return _longest(corners) > MOST * max(box.width, box.height)


def is_regular(corners: Corners) -> bool:
    lengths = [float(np.hypot(*np.subtract(a, b))) for a, b in _sides(corners)]
    return min(lengths) > REGULAR * max(lengths)


def _longest(corners: Corners) -> float:
    return max(float(np.hypot(*np.subtract(a, b))) for a, b in _sides(corners))


def _area(corners: Corners) -> float:
    (ax, ay), (bx, by), (cx, cy) = corners
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def _moved(corners: Corners, x: float, y: float) -> Corners:
    first, second, third = ((px + x, py + y) for px, py in corners)
    return first, second, third
