"""The ink boxes of outlines, without drawing them.

Outlines of PostScript fonts are charstrings, programs for a small stack machine. Running one only for the box
of what it draws is several times faster than a general interpreter, and a new document may bring hundreds of
glyphs. The two languages are in `charstrings1` and `charstrings2`; here is what they have in common.
"""

from __future__ import annotations

from typing import Final, Protocol

from fontTools.misc.bezierTools import calcCubicBounds

MOST_STEPS: Final = 20_000  # of one glyph; the largest real ones have 500
DEEPEST_CALL: Final = 10
Bounds = tuple[float, float, float, float]


class Subroutines(Protocol):
    def __getitem__(self, index: int) -> bytes: ...


class BrokenOutline(Exception):
    """The charstring is no program."""


class Pen:
    """Where the outline is, and the box of what it has passed."""

    __slots__ = ("bounds", "x", "y")

    def __init__(self) -> None:
        self.x = self.y = 0.0
        self.bounds: list[float] | None = None

    def move(self, dx: float, dy: float) -> None:
        self.x += dx
        self.y += dy

    def line(self, dx: float, dy: float) -> None:
        self._touch(self.x, self.y)
        self.x += dx
        self.y += dy
        self._touch(self.x, self.y)

    def curve(self, dxa: float, dya: float, dxb: float, dyb: float, dxc: float, dyc: float) -> None:
        x0, y0 = self.x, self.y
        xa, ya = x0 + dxa, y0 + dya
        xb, yb = xa + dxb, ya + dyb
        x, y = self.x, self.y = xb + dxc, yb + dyc
        self._touch(x0, y0)
        self._touch(x, y)
        low, high = (x0, x) if x0 < x else (x, x0)
        lower, upper = (y0, y) if y0 < y else (y, y0)
        if low <= xa <= high and low <= xb <= high and lower <= ya <= upper and lower <= yb <= upper:
            return
        left, bottom, right, top = calcCubicBounds((x0, y0), (xa, ya), (xb, yb), (x, y))
        self._touch(left, bottom)
        self._touch(right, top)

    def _touch(self, x: float, y: float) -> None:
        bounds = self.bounds
        if bounds is None:
            self.bounds = [x, y, x, y]
            return
        if x < bounds[0]:
            bounds[0] = x
        elif x > bounds[2]:
            bounds[2] = x
        if y < bounds[1]:
            bounds[1] = y
        elif y > bounds[3]:
            bounds[3] = y
