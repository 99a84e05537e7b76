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

    def mirrored(self, around: float) -> Box:
        """The box on the other side of the upright line at half of `around`."""
        return Box(around - self.x1, self.y0, around - self.x0, self.y1)

    def x_overlap(self, other: Box) -> float:
        """Length of the common part of both x intervals; negative is the gap between them."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def y_overlap(self, other: Box) -> float:
        """Length of the common part of both y intervals; negative is the gap between them."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def contains_point(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


def both(one: Box, other: Box) -> Box:
    """The smallest box around two."""
    return Box(
        min(one.x0, other.x0),
        min(one.y0, other.y0),
        max(one.x1, other.x1),
        max(one.y1, other.y1),
    )


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of `boxes`, of which there must be at least one."""
    known = boxes if isinstance(boxes, list) else list(boxes)
    if len(known) == 1:
        return known[0]
    return Box(  # called for every word
        min([box.x0 for box in known]),
        min([box.y0 for box in known]),
        max([box.x1 for box in known]),
        max([box.y1 for box in known]),
    )
