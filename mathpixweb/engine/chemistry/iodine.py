"""Upright bars at the ends of bonds that are letters: iodine, and the l of a Cl that its bond touches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from mathpixweb.engine.chemistry.letters import Guess
from mathpixweb.engine.chemistry.marks import Mark
from mathpixweb.engine.chemistry.strokes import Stroke
from mathpixweb.engine.geometry import Box

UPRIGHT: Final = math.radians(4)
AS_HIGH: Final = (0.82, 1.2)  # of the letters' height
SHORT: Final = 0.6  # of a bond's length: longer ones are bonds
BESIDE: Final = 0.4  # of a bond's length from a line, of which it may be the second one
READ: Final = (Guess("I", 0.6), Guess("l", 0.3))


def part(
    strokes: Sequence[Stroke], height: float, bond: float, thickness: float
) -> tuple[list[Mark], list[Stroke]]:
    """The bars as letters, and all other strokes. `height` is that of letters, 0 without any."""
    bars = [stroke for stroke in strokes if _is_bar(stroke, strokes, height, bond, thickness)]
    return [_mark(bar, thickness) for bar in bars], [stroke for stroke in strokes if stroke not in bars]


def _is_bar(stroke: Stroke, strokes: Sequence[Stroke], height: float, bond: float, thickness: float) -> bool:
    tall = AS_HIGH[0] * height < stroke.length + thickness < AS_HIGH[1] * height
    if stroke.kind != "plain" or not tall or stroke.length > SHORT * bond or (stroke.met_a and stroke.met_b):
        return False
    return _is_upright(stroke) and not any(
        _runs_along(stroke, other, bond) for other in strokes if other is not stroke
    )


def _is_upright(stroke: Stroke) -> bool:
    return abs(stroke.angle - math.pi / 2) < UPRIGHT


def _runs_along(stroke: Stroke, other: Stroke, bond: float) -> bool:
    """Whether both may be lines of one bond."""
    if abs(other.angle - math.pi / 2) > 4 * UPRIGHT:
        return False
    low, high = sorted((other.a[1], other.b[1]))
    x, y = (stroke.a[0] + stroke.b[0]) / 2, (stroke.a[1] + stroke.b[1]) / 2
    return low < y < high and abs((other.a[0] + other.b[0]) / 2 - x) < BESIDE * bond


def _mark(bar: Stroke, thickness: float) -> Mark:
    half = thickness / 2
    (x0, x1), (y0, y1) = sorted((bar.a[0], bar.b[0])), sorted((bar.a[1], bar.b[1]))
    return Mark(Box(x0 - half, y0 - half, x1 + half, y1 + half), READ, ())
