"""Pieces from left to right as one line with its scripts.

A beam search: each piece continues a line that is still open, or begins the subscript or superscript of the
last piece of one. How well sizes and baselines agree decides together with the readings' probabilities, so
that a small o after a digit may become its degree sign and a large one a zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr.ink_pieces import Piece, Reading

BEAM: Final = 10
MOST_READINGS: Final = 4
# Spreads and costs were set on composed formulas with drawings that were not trained on.
SAME_SIZE: Final = 0.34  # spread of the logarithm of sizes on one line
SAME_BASELINE: Final = 0.17  # em; spread of baselines on one line
SAME_CENTRE: Final = 0.17  # em; spread of centres of what does not tell its baseline
ROUGH_SIZE: Final = 0.45  # spread of the logarithm of sizes of what tells its size badly
SCRIPT: Final = 0.66  # usual size of scripts
SCRIPT_SIZE: Final = 0.30
SCRIPT_PLACE: Final = 0.24  # em; spread of the height of scripts
RAISED: Final = 0.46  # em; usual height of a superscript's baseline
LOWERED: Final = 0.22
OPENING: Final = 0.65  # cost of a script, which most symbols have not
UNLIKELY_BASE: Final = 5.0  # cost of a script to an operator
UNUSUAL: Final = 0.7  # cost of a number after a variable on one line
LONELY: Final = 1.6  # cost of an operator with nothing before it in a script
NO_OPERAND: Final = 2.5  # cost of an operator with nothing before it or after it
UNHEARD: Final = 3.5  # cost of a relation, a closing bracket or a comma there
LEAN: Final = 0.25  # em; neighbours may reach over each other by as much
UNMATCHED: Final = 2.5  # cost of a bracket without partner on its line
MOST: Final = 9.0  # no single disagreement costs more
_BASES: Final = frozenset(
    {Kind.LETTER, Kind.DIGIT, Kind.CLOSE, Kind.ORD, Kind.OP, Kind.INT, Kind.VERT, Kind.ROMAN}
)
_HANGING: Final = frozenset({Kind.BIN, Kind.REL, Kind.OPEN, Kind.PUNCT, Kind.OP, Kind.INT})
_SIGNS: Final = frozenset({"+", "-", r"\pm", r"\mp"})
_PARTNERS: Final = {")": "(", "]": "[", r"\}": r"\{", r"\rfloor": r"\lfloor", r"\rceil": r"\lceil"}


@dataclass(frozen=True, slots=True)
class Element:
    """A piece in the reading that was chosen, with its scripts."""

    piece: Piece
    reading: Reading
    sub: Line | None = None
    sup: Line | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Elements on one baseline `y`, written in one size; `known` of them told these two."""

    y: float
    size: float
    known: float
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    line: Line
    cost: float


def arrange(pieces: Sequence[Piece], size: float) -> list[Arranged]:
    """The likeliest arrangements, best first. `size` is a guess at the size of the writing."""
    ordered = sorted(pieces, key=lambda piece: (min(piece.box.cx, piece.box.x0 + LEAN * size), piece.box.cx))
    states = _beginnings(ordered[0], size, ordered)
    for piece in ordered[1:]:
        longer = [
            Arranged(line, state.cost + cost)
            for state in states
            for reading in piece.readings[:MOST_READINGS]
            for cost, line in _extended(state.line, piece, reading)
        ]
        states = sorted(longer, key=lambda state: state.cost)[:BEAM]
    return sorted(
        (Arranged(s.line, s.cost + _left_open(s.line)) for s in states), key=lambda state: state.cost
    )


def _beginnings(piece: Piece, size: float, pieces: Sequence[Piece]) -> list[Arranged]:
    """The first piece sets baseline and size, or takes them from what follows if it tells none."""
    found = []
    for reading in piece.readings[:MOST_READINGS]:
        own, weight = reading.size, 1.0
        if own is None or reading.kind in (Kind.OPEN, Kind.OP, Kind.INT, Kind.VERT):
            own, weight = size, 0.3
        y = reading.y if reading.y is not None and weight == 1.0 else piece.centre + reading.middle * own
        line = Line(y, own, weight, (Element(piece, reading),))
        surprise = 0.25 * _square(math.log(own / size) / SAME_SIZE)
        found.append(Arranged(line, reading.cost + surprise + _grammar(None, reading)))
    return found


def _extended(line: Line, piece: Piece, reading: Reading) -> Iterator[tuple[float, Line]]:
    yield _continued(line, piece, reading)
    last = line.elements[-1]
    for part, upwards in ((last.sub, False), (last.sup, True)):
        if part is None:
            cost, begun = _begun(line, last, piece, reading, upwards)
            yield cost, _with_script(line, begun, upwards)
        else:
            for cost, longer in _extended(part, piece, reading):
                yield cost, _with_script(line, longer, upwards)


def _with_script(line: Line, script: Line, upwards: bool) -> Line:
    last = line.elements[-1]
    last = replace(last, sup=script) if upwards else replace(last, sub=script)
    return replace(line, elements=(*line.elements[:-1], last))


def _continued(line: Line, piece: Piece, reading: Reading) -> tuple[float, Line]:
    cost = reading.cost + _disagreement(line.y, line.size, piece, reading, SAME_SIZE, SAME_BASELINE)
    cost += _bracket(line, reading) + _overlap(line, piece)
    cost += _grammar(line.elements[-1].reading, reading)
    if line.elements[-1].reading.kind is Kind.LETTER and reading.kind is Kind.DIGIT:
        cost += UNUSUAL
    if len(line.elements) == 1 and line.known <= 0.5 and line.elements[0].reading.kind is Kind.BIN:
        cost -= LONELY  # a sign and not an operator
    return cost, _settled(line, piece, reading)


def _settled(line: Line, piece: Piece, reading: Reading) -> Line:
    """The line with the piece on it, its baseline and size moved a little towards the piece's."""
    elements = (*line.elements, Element(piece, reading))
    if reading.size is None or reading.y is None:
        return replace(line, elements=elements)
    share = 1.0 / (min(line.known, 3.0) + 1.0)
    y = line.y + share * (reading.y - line.y)
    size = line.size * math.exp(share * math.log(reading.size / line.size))
    return Line(y, size, line.known + 1.0, elements)


def _begun(line: Line, base: Element, piece: Piece, reading: Reading, upwards: bool) -> tuple[float, Line]:
    size = SCRIPT * line.size
    box = base.piece.box
    if upwards:
        y = min(line.y - RAISED * line.size, box.y0 + 0.22 * line.size)
    else:
        y = max(line.y + LOWERED * line.size, box.y1 + 0.06 * line.size)
    cost = reading.cost + OPENING
    cost += _disagreement(y, size, piece, reading, SCRIPT_SIZE, SCRIPT_PLACE * line.size / size)
    if base.reading.kind is not None and base.reading.kind not in _BASES:
        cost += UNLIKELY_BASE
    cost += {Kind.BIN: LONELY, Kind.REL: UNHEARD, Kind.CLOSE: UNHEARD, Kind.PUNCT: UNHEARD}.get(
        reading.kind or Kind.ORD, 0.0
    )
    begun = Line(y, size, 0.5, ())
    if reading.size is None or reading.y is None:
        y = 0.5 * y + 0.5 * (piece.centre + reading.middle * size)
        return cost, replace(begun, y=y, elements=(Element(piece, reading),))
    return cost + _bracket(begun, reading), _settled(begun, piece, reading)


def _disagreement(
    y: float, size: float, piece: Piece, reading: Reading, sizes: float, places: float
) -> float:
    """How badly a piece stands on a line."""
    if reading.size is None:
        off = (piece.centre - (y - reading.middle * size)) / size
        cost = 0.5 * _square(off / (SAME_CENTRE + 0.5 * (places - SAME_BASELINE)))
        if reading.hint is not None:
            cost += 0.5 * _square(math.log(max(reading.hint, 1e-9) / size) / ROUGH_SIZE)
        return min(cost, 1.5 * MOST)
    ratio = 0.5 * _square(math.log(max(reading.size, 1e-9) / size) / sizes)
    off = ((y if reading.y is None else reading.y) - y) / size
    return min(ratio, MOST) + min(0.5 * _square(off / places), MOST)


def _grammar(before: Reading | None, reading: Reading) -> float:
    """Operators stand between operands; + and - may also be signs."""
    hanging = before is None or before.kind in _HANGING
    if reading.kind is Kind.BIN and hanging:
        return 0.5 * NO_OPERAND if reading.latex in _SIGNS else NO_OPERAND
    closing = reading.kind is Kind.CLOSE and before is not None and before.kind in (Kind.BIN, Kind.REL)
    return NO_OPERAND if closing else 0.0


def _bracket(line: Line, reading: Reading) -> float:
    if reading.latex not in _PARTNERS:
        return 0.0
    opened = sum(e.reading.kind is Kind.OPEN for e in line.elements)
    closed = sum(e.reading.latex in _PARTNERS for e in line.elements)
    return UNMATCHED if opened <= closed else 0.0


def _overlap(line: Line, piece: Piece) -> float:
    """What stands over or under the last piece of a line does not continue it."""
    last = line.elements[-1].piece.box
    shared = last.x_overlap(piece.box)
    narrower = min(last.width, piece.box.width)
    return 2.0 if narrower > 0 and shared > 0.7 * narrower and last.y_overlap(piece.box) < 0 else 0.0


def _left_open(line: Line) -> float:
    cost = 0.0
    for element in line.elements:
        cost += sum(_left_open(part) for part in (element.sub, element.sup) if part is not None)
    if len(line.elements) > 1 and line.elements[-1].reading.kind in (Kind.BIN, Kind.REL):
        cost += 0.5 * NO_OPERAND
    opened = sum(e.reading.kind is Kind.OPEN for e in line.elements)
    closed = sum(e.reading.latex in _PARTNERS for e in line.elements)
    return cost + UNMATCHED * max(0, opened - closed)


def _square(value: float) -> float:
    return value * value
