"""Boxes and their arithmetic, in PDF points with the origin at the page's lower left corner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True, unsafe_hash=True)
class Box:
    """An axis-parallel rectangle: x grows to the right, y grows upwards.

    Nobody changes one. It is not frozen only because that makes it three times as slow to make, and a page
    has thousands.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def edges(self) -> tuple[float, float, float, float]:
        return self.x0, self.y0, self.x1, self.y1

    def grown(self, dx: float, dy: float | None = None) -> Box:
        """The box with `dx` more on the left and right and `dy` (or `dx`) more above and below."""
        dy = dx if dy is None else dy
        return Box(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def scaled(self, by: float) -> Box:
        """The box in a picture that is so many times as large."""
        return Box(self.x0 * by, self.y0 * by, self.x1 * by, self.y1 * by)

    def clipped(self, width: float, height: float) -> Box:
        """The part of the box on a page or in a picture of that size."""
        return Box(max(0.0, self.x0), max(0.0, self.y0), min(width, self.x1), min(height, self.y1))

    def mirrored(self, around: float) -> Box:
        """The box on the other side of the upright line at half of `around`."""
        return Box(around - self.x1, self.y0, around - self.x0, self.y1)

    def x_overlap(self, other: Box) -> float:
        """Length of the common part of both x intervals; negative is the gap between them."""
        right = self.x1 if self.x1 <= other.x1 else other.x1
        return right - (self.x0 if self.x0 >= other.x0 else other.x0)

    def y_overlap(self, other: Box) -> float:
        """Length of the common part of both y intervals; negative is the gap between them."""
        top = self.y1 if self.y1 <= other.y1 else other.y1
        return top - (self.y0 if self.y0 >= other.y0 else other.y0)

    def contains_point(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


def both(one: Box, other: Box) -> Box:
    """The smallest box around two."""
    return Box(
        one.x0 if one.x0 <= other.x0 else other.x0,
        one.y0 if one.y0 <= other.y0 else other.y0,
        one.x1 if one.x1 >= other.x1 else other.x1,
        one.y1 if one.y1 >= other.y1 else other.y1,
    )


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of `boxes`, of which there must be at least one."""
    several = iter(boxes)
    first = next(several)
    x0, y0, x1, y1 = first.x0, first.y0, first.x1, first.y1
    for box in several:  # called for every word: one loop takes a third of the time of four `min` and `max`
        if box.x0 < x0:
            x0 = box.x0
        if box.y0 < y0:
            y0 = box.y0
        if box.x1 > x1:
            x1 = box.x1
        if box.y1 > y1:
            y1 = box.y1
    return Box(x0, y0, x1, y1)
