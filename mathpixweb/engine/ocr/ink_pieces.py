"""What stands in a drawing: symbols with several readings, and what was made of them.

Coordinates are in units of the writing's usual height, y grows downwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Atom, Node
from mathpixweb.engine.ocr.ink_alphabet import AXIS, InkClass

SMALLEST: Final = 0.01  # units; ink of no extent has a size all the same
_OPERATORS: Final = frozenset({Kind.BIN, Kind.REL})
# What else the shape of a class may mean, and how high over the baseline its centre then is, in em.
_OTHERWISE: Final = {
    ".": (Atom(r"\cdot", Kind.BIN), AXIS),
    r"\ldots": (Atom(r"\cdots", Kind.ORD), AXIS),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a piece. `cost` is the negative logarithm of its probability.

    `size` (em) and `y` (baseline) are those of the writing, `y` the better known one. Where the ink does not
    tell the baseline, `middle` is how high over it, in em, the centre of this symbol usually stands, and
    `hint` a rough size.
    """

    node: Node
    kind: Kind | None
    cost: float
    size: float | None
    y: float | None
    middle: float = AXIS
    hint: float | None = None

    @property
    def latex(self) -> str:
        return self.node.latex if isinstance(self.node, Atom) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Ink in a box with its readings, best first. `centre` is the height that `Reading.middle` speaks of."""

    box: Box
    readings: tuple[Reading, ...]
    centre: float
    strokes: tuple[int, ...] = ()

    @property
    def latex(self) -> str:
        return self.readings[0].latex

    @property
    def kind(self) -> Kind | None:
        return self.readings[0].kind

    def only(self, reading: Reading) -> Piece:
        return replace(self, readings=(reading,))


def symbol(box: Box, guesses: Iterable[tuple[InkClass, float]], strokes: tuple[int, ...]) -> Piece:
    """A symbol from its classes with their costs, best first."""
    readings: list[Reading] = []
    for known, cost in guesses:
        readings.append(_reading(known, box, cost))
        if known.latex in _OTHERWISE:
            node, middle = _OTHERWISE[known.latex]
            readings.append(Reading(node, node.kind, cost, None, None, middle))
    return Piece(box, tuple(readings), box.cy, strokes)


def _reading(known: InkClass, box: Box, cost: float) -> Reading:
    node, middle = Atom(known.latex, known.kind), (known.top + known.bottom) / 2
    if known.kind in _OPERATORS:
        usual = known.flat or known.height
        return Reading(
            node, known.kind, cost, None, None, middle, max(box.width, box.height, SMALLEST) / usual
        )
    if not known.tells_size:
        return Reading(node, known.kind, cost, None, None, middle)
    size = max(box.height, 0.3 * box.width, SMALLEST) / known.height
    return Reading(node, known.kind, cost, size, box.y1 + known.bottom * size, middle)


def composite(
    node: Node, parts: Iterable[Piece], *, size: float | None, y: float | None, centre: float | None = None
) -> Piece:
    """Several pieces that have become one."""
    parts = list(parts)
    box = union(part.box for part in parts)
    reading = Reading(node, None, 0.0, size, y)
    strokes = tuple(stroke for part in parts for stroke in part.strokes)
    return Piece(box, (reading,), box.cy if centre is None else centre, strokes)
