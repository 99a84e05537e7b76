"""Single dots that make an ellipsis: \\vdots and \\ddots one below another, \\ldots and \\cdots in a row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math.items import Item
from mathpixweb.engine.math.profile import Profile
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Atom


def stack(items: list[Item], _profile: Profile) -> list[Item]:
    """Three periods below each other, straight or slanted."""
    single = [item for item in items if item.latex in _ELLIPSES]
    if len(single) < 3:
        return items
    single.sort(key=lambda item: (-item.box.cy, item.box.cx))
    gone: set[int] = set()
    made: list[Item] = []
    for first in single:
        if id(first) in gone:
            continue
        trio = _trio(first, [dot for dot in single if id(dot) not in gone])
        if trio:
            gone |= {id(dot) for dot in trio}
            made.append(_as_one(trio))
    return [item for item in items if id(item) not in gone] + made


def _trio(first: Item, dots: list[Item]) -> list[Item] | None:
    size = first.size or 10.0
    for second in dots:
        dx, dy = second.box.cx - first.box.cx, first.box.cy - second.box.cy
        slanted = 0.2 * size < abs(dx) < 0.62 * size
        if not (0.2 * size < dy < 0.5 * size and (abs(dx) < 0.04 * size or slanted)):
            continue
        for third in dots:
            off_x, off_y = third.box.cx - second.box.cx - dx, second.box.cy - third.box.cy - dy
            if third is not first and third is not second and abs(off_x) < 0.08 * size > abs(off_y):
                return [first, second, third]
    return None


def _as_one(trio: list[Item]) -> Item:
    box = union(dot.box for dot in trio)
    dx = trio[1].box.cx - trio[0].box.cx
    size = trio[0].size or 10.0
    latex = r"\vdots" if abs(dx) < 0.04 * size else r"\ddots" if dx > 0 else r"\iddots"
    index = min(dot.index for dot in trio)
    return Item(
        Atom(latex), str(Kind.ORD), box, size, box.y0, box.x1, index
    )  # TeX sets the lowest on the line


_ELLIPSES = {".": r"\ldots", r"\cdot": r"\cdots"}
SINGLE = frozenset(_ELLIPSES)
TIGHT, WIDE = 0.08, 0.9  # of the font size between two dots; TeX sets \ldots .17 apart and full stops at 0


def space(items: list[Item], profile: Profile) -> list[Item]:
    """Three dots on one line are an ellipsis, unless full stops are set tight: those are what was written.

    In scripts TeX sets an ellipsis tight, too.
    """
    if sum(item.latex in _ELLIPSES for item in items) < 3:
        return items
    text = max((item.size or 0.0 for item in items if item.tells_size), default=0.0)
    gone: set[int] = set()
    for first, second, third in _trios(items):
        script = (first.size or 0.0) < profile.same_size * text
        tight = max(_gap(first, second), _gap(second, third)) < TIGHT
        if id(first) in gone or (first.latex == "." and tight and not script):
            continue
        gone |= {id(second), id(third)}
        first.node = Atom(_ELLIPSES[first.latex])
        first.role = str(Kind.ORD)
        first.box, first.end = union([first.box, third.box]), third.end
    return [item for item in items if id(item) not in gone]


def _trios(items: list[Item]) -> Iterator[tuple[Item, Item, Item]]:
    """Three equal dots in a row with nothing between them, from left to right, the closest first.

    In five dots, those of an ellipsis stand closer to each other than operators do.
    """
    by_left = sorted(items, key=lambda item: item.box.x0)
    found: list[tuple[Item, Item, Item]] = []
    for first in by_left:
        if first.latex in _ELLIPSES:
            level = [item for item in by_left if abs(item.box.cy - first.box.cy) < 0.4 * (first.size or 10.0)]
            trio = level[level.index(first) :][:3]
            if len(trio) == 3 and all(_follows(left, right) for left, right in pairwise(trio)):
                found.append((trio[0], trio[1], trio[2]))
    taken: set[int] = set()
    for first, second, third in sorted(found, key=_spread):
        if taken.isdisjoint((id(first), id(second), id(third))):
            taken.update((id(first), id(second), id(third)))
            yield first, second, third


def _spread(trio: tuple[Item, Item, Item]) -> float:
    """How far apart the three stand, to a tenth of the font size."""
    first, second, third = trio
    return round(_gap(first, second) + _gap(second, third), 1)


def _follows(left: Item, right: Item) -> bool:
    level = abs(left.box.cy - right.box.cy) < 0.05 * (left.size or 10.0)
    return left.latex == right.latex and level and _gap(left, right) < WIDE


def _gap(left: Item, right: Item) -> float:
    """The white between two dots, in units of the font size."""
    return (right.left - left.end) / (left.size or 10.0)
