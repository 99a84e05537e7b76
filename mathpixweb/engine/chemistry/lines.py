"""Bonds as lines: parallel strokes are a double or triple bond, which has one axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Final

from mathpixweb.engine.chemistry.strokes import Stroke, along
from mathpixweb.engine.chemistry.tracing import Point

PARALLEL: Final = math.radians(11)
NEAR: Final = 0.36  # of a bond's length between the lines of one bond
OVERLAP: Final = 0.55  # of the shorter line beside the longer one
SHORTEST: Final = 0.12  # of a bond's length: a line that may be one of several
SHORTER: Final = 0.9  # of the longer line: a line that only accompanies it
OVERLONG: Final = 1.45  # times its companions: a line that goes on where they end


@dataclass(frozen=True, slots=True)
class Bond:
    """The axis of a bond; `order` is the number of its lines."""

    stroke: Stroke
    order: int = 1


def pair(strokes: Sequence[Stroke], bond: float) -> list[Bond]:
    """All bonds. `bond` is their usual length."""
    groups = _groups(strokes, bond)
    grouped = {k for group in groups for k in group}
    bonds = [Bond(stroke) for k, stroke in enumerate(strokes) if k not in grouped]
    for group in groups:
        bonds += _together([strokes[k] for k in group], bond)
    return bonds


def _groups(strokes: Sequence[Stroke], bond: float) -> list[list[int]]:
    """The positions of strokes that are one bond, the closest first; at most three, beside each other."""
    close = sorted(
        (gap, one, other)
        for one, other in combinations(range(len(strokes)), 2)
        if (gap := _gap(strokes[one], strokes[other], bond)) is not None
    )
    home: dict[int, list[int]] = {}
    groups: list[list[int]] = []
    for gap, one, other in close:
        if one not in home and other not in home:
            home[one] = home[other] = [one, other]
            groups.append(home[one])
        elif (one in home) != (other in home):
            group, new = (home[one], other) if one in home else (home[other], one)
            if len(group) == 2 and _is_third(strokes, group, new, gap, bond):
                group.append(new)
                home[new] = group
    return groups


def _gap(one: Stroke, other: Stroke, bond: float) -> float | None:
    """Between two lines of one bond; None if they cannot be."""
    if (
        "plain" not in (one.kind, other.kind)
        or one.kind in ("hash", "wave")
        or other.kind in ("hash", "wave")
    ):
        return None
    longer, shorter = (one, other) if one.length >= other.length else (other, one)
    if shorter.length < SHORTEST * bond or abs(math.remainder(one.angle - other.angle, math.pi)) > PARALLEL:
        return None
    gap = max(_aside(shorter.a, longer), _aside(shorter.b, longer))
    if gap > NEAR * bond:
        return None
    start, end = sorted((along(shorter.a, longer), along(shorter.b, longer)))
    shared = (min(1.0, end) - max(0.0, start)) * longer.length
    return gap if shared > OVERLAP * shorter.length else None


def _aside(point: Point, stroke: Stroke) -> float:
    """The distance from the endless line through the stroke."""
    return abs(_side(point, stroke))


def _side(point: Point, stroke: Stroke) -> float:
    dx, dy = stroke.b[0] - stroke.a[0], stroke.b[1] - stroke.a[1]
    cross = dx * (point[1] - stroke.a[1]) - dy * (point[0] - stroke.a[0])
    return cross / max(stroke.length, 1e-9)


def _is_third(strokes: Sequence[Stroke], group: Sequence[int], new: int, gap: float, bond: float) -> bool:
    """Whether three lines stand at even distances, one of them in the middle."""
    three = [strokes[k] for k in (*group, new)]
    for k, middle in enumerate(three):
        others = [stroke for j, stroke in enumerate(three) if j != k]
        sides = [_side(_middle(stroke), middle) for stroke in others]
        if sides[0] * sides[1] < 0 and 0.6 < abs(sides[0] / sides[1]) < 1.7:
            return all(_gap(middle, other, bond) is not None for other in others)
    return False


def _middle(stroke: Stroke) -> Point:
    return (stroke.a[0] + stroke.b[0]) / 2, (stroke.a[1] + stroke.b[1]) / 2


def _together(lines: Sequence[Stroke], bond: float) -> Iterator[Bond]:
    """The bond of these lines, and what of the longest one goes beyond it."""
    order = len(lines)
    if order == 3:
        middle = min(lines, key=lambda line: sum(_aside(_middle(other), line) for other in lines))
        yield from _cut(middle, [line for line in lines if line is not middle], order, bond)
        return
    longer, shorter = sorted(lines, key=lambda line: -line.length)
    if longer.length > OVERLONG * shorter.length and longer.length > 1.4 * bond:
        yield from _cut(longer, [shorter], order, bond)
    elif _accompanies(shorter, longer):
        yield Bond(longer, order)
    elif _accompanies(longer, shorter):
        yield Bond(shorter, order)
    else:
        yield Bond(_between(longer, shorter), order)


def _accompanies(side: Stroke, main: Stroke) -> bool:
    """Whether one line runs inside of a ring or a chain, and the other from atom to atom."""
    if side.met_a or side.met_b:
        return False
    return side.length < SHORTER * main.length or (main.met_a and main.met_b)


def _between(one: Stroke, other: Stroke) -> Stroke:
    """The line in the middle, as long as both together."""
    if math.dist(one.a, other.a) > math.dist(one.a, other.b):
        other = replace(other, a=other.b, b=other.a, met_a=other.met_b, met_b=other.met_a)
    a = (one.a[0] + other.a[0]) / 2, (one.a[1] + other.a[1]) / 2
    b = (one.b[0] + other.b[0]) / 2, (one.b[1] + other.b[1]) / 2
    return Stroke(a, b, one.met_a or other.met_a, one.met_b or other.met_b)


def _cut(main: Stroke, sides: Sequence[Stroke], order: int, bond: float) -> Iterator[Bond]:
    """The part of the main line beside the others is the bond; a long rest on either side is a single one."""
    places = [along(point, main) for side in sides for point in (side.a, side.b)]
    start, end = max(0.0, min(places)), min(1.0, max(places))
    least = 0.55 * bond / main.length
    cuts = [0.0, *([start] if start > least else []), *([end] if 1 - end > least else []), 1.0]
    for k, (first, last) in enumerate(pairwise(cuts)):
        multiple = first <= (start + end) / 2 <= last
        met = (main.met_a if k == 0 else True), (main.met_b if last == 1.0 else True)
        yield Bond(Stroke(_at(main, first), _at(main, last), *met), order if multiple else 1)


def _at(stroke: Stroke, share: float) -> Point:
    return (
        stroke.a[0] + share * (stroke.b[0] - stroke.a[0]),
        stroke.a[1] + share * (stroke.b[1] - stroke.a[1]),
    )
