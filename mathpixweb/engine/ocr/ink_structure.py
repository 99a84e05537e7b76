"""Drawn symbols to a tree: what encloses or divides is taken first, what is left are lines with scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import EMPTY, Accent, Atom, Frac, Limits, Node, Scripts, Sqrt, Word
from mathpixweb.engine.ocr import ink_names, ink_tree
from mathpixweb.engine.ocr.ink_alphabet import MINUS, RADICAL
from mathpixweb.engine.ocr.ink_lines import Arranged, arrange
from mathpixweb.engine.ocr.ink_pieces import Piece, Reading, composite

DEEPEST: Final = 10
CLEAR: Final = 0.15  # of its width, what a fraction bar may fall short of its numerator on each side
FAR: Final = 1.3  # em between a fraction bar and what is next to it
LONG_BAR: Final = 0.55  # of the wider part: a shorter stroke between two parts is a minus between scripts
ACCENT_GAP: Final = 0.55  # em
CHAIN_GAP: Final = 0.33  # of the height of a sum, between the parts of its limits
_STACKING: Final = frozenset({r"\sum", r"\prod", r"\bigcup", r"\bigcap"})
_ACCENTS: Final = {
    MINUS: r"\bar",
    r"\wedge": r"\hat",
    r"\sim": r"\tilde",
    r"\rightarrow": r"\vec",
    ".": r"\dot",
}
_WIDE: Final = {
    r"\bar": r"\overline",
    r"\vec": r"\overrightarrow",
    r"\hat": r"\widehat",
    r"\tilde": r"\widetilde",
}


_Step = tuple[list[Piece], float]


@dataclass(frozen=True, slots=True)
class Structure:
    """A tree with its cost, and the line it was made of."""

    node: Node
    cost: float
    y: float
    size: float


def read(pieces: Sequence[Piece], how_many: int = 1, depth: int = 0) -> list[Structure]:
    """The likeliest trees, best first."""
    if not pieces:
        return [Structure(EMPTY, 0.0, 0.0, 1.0)]
    parts, inner = list(pieces), 0.0
    if depth < DEEPEST:
        size = usual_size(parts)
        for step in _STEPS:
            parts, cost = step(parts, size, depth)
            inner += cost
    found = arrange(parts, usual_size(parts))[:how_many]
    return [_structure(arranged, inner) for arranged in found]


def _joined(pieces: list[Piece], size: float, depth: int) -> _Step:
    """Strokes that are one symbol only for what stands around them: = drawn as two bars, ÷ around a bar."""
    for bar in sorted((p for p in pieces if p.latex == MINUS), key=lambda p: p.box.y0):
        if bar not in pieces:
            continue
        others = [
            p
            for p in pieces
            if p is not bar and p.box.x_overlap(bar.box) > 0.5 * min(bar.box.width, p.box.width)
        ]
        near = [p for p in others if abs(p.centre - bar.centre) < 0.5 * size]
        twins = [p for p in near if p.latex == MINUS and 0.5 < p.box.width / max(1e-9, bar.box.width) < 2.0]
        dots = [p for p in near if p.latex == "."]
        if len(near) == 1 and len(twins) == 1:
            pieces = _replaced(pieces, [bar, *twins], Atom("=", Kind.REL))
        elif (
            len(near) == 2
            and len(dots) == 2
            and (dots[0].centre - bar.centre) * (dots[1].centre - bar.centre) < 0
        ):
            pieces = _replaced(pieces, [bar, *dots], Atom(r"\div", Kind.BIN))
    return pieces, 0.0


def _replaced(pieces: Sequence[Piece], parts: Sequence[Piece], node: Atom) -> list[Piece]:
    box = union(part.box for part in parts)
    reading = Reading(node, node.kind, sum(part.readings[0].cost for part in parts), None, None)
    strokes = tuple(stroke for part in parts for stroke in part.strokes)
    return [p for p in pieces if p not in parts] + [Piece(box, (reading,), box.cy, strokes)]


def usual_size(pieces: Sequence[Piece]) -> float:
    """The size of the writing outside of scripts: nearly the largest."""
    told = [piece.readings[0].size for piece in pieces if piece.readings[0].size is not None]
    if told:
        return float(np.percentile(told, 70))
    return max(1e-6, *(0.9 * max(piece.box.width, piece.box.height) for piece in pieces))


def _structure(arranged: Arranged, inner: float) -> Structure:
    line = arranged.line
    return Structure(ink_tree.of(line), arranged.cost + inner, line.y, line.size)


def _roots(pieces: list[Piece], size: float, depth: int) -> _Step:
    """Radical signs with what stands under them, the widest first."""
    cost = 0.0
    for sign in sorted((p for p in pieces if p.latex == RADICAL), key=lambda p: -p.box.width):
        if sign not in pieces:
            continue
        body = [p for p in pieces if p is not sign and _is_under(sign.box, p)]
        if not body:
            continue
        index = [p for p in pieces if p is not sign and p not in body and _is_index(sign.box, p)]
        inside = read(body, 1, depth + 1)[0]
        order = read(index, 1, depth + 1)[0] if index else None
        cost += sign.readings[0].cost + inside.cost + (order.cost if order else 0.0)
        node = Sqrt(inside.node, order.node if order else None)
        pieces = [p for p in pieces if p is not sign and p not in body and p not in index]
        pieces.append(composite(node, [sign, *body, *index], size=inside.size, y=inside.y))
    return pieces, cost


def _is_under(sign: Box, piece: Piece) -> bool:
    inside = sign.x0 + 0.1 * sign.width < piece.box.cx < sign.x1 + 0.05 * sign.width
    return inside and sign.y0 - 0.1 * sign.height < piece.box.cy < sign.y1 + 0.15 * sign.height


def _is_index(sign: Box, piece: Piece) -> bool:
    small = piece.box.height < 0.5 * sign.height and piece.kind in (Kind.DIGIT, Kind.LETTER)
    near = sign.x0 - 0.15 * sign.height < piece.box.cx <= sign.x0 + 0.2 * sign.height
    return small and near and sign.y0 - 0.4 * sign.height < piece.box.cy < sign.cy


def _fractions(pieces: list[Piece], size: float, depth: int) -> _Step:
    """Horizontal strokes with something over and under them, the longest first."""
    cost = 0.0
    for bar in sorted((p for p in pieces if p.latex == MINUS), key=lambda p: -p.box.width):
        if bar not in pieces:
            continue
        above, below = _sides(bar, pieces, size)
        if not above or not below or not _divides(bar, above, below):
            continue
        upper, lower = read(above, 1, depth + 1)[0], read(below, 1, depth + 1)[0]
        cost += bar.readings[0].cost + upper.cost + lower.cost
        taken = [bar, *above, *below]
        pieces = [p for p in pieces if p not in taken]
        pieces.append(composite(Frac(upper.node, lower.node), taken, size=None, y=None, centre=bar.box.cy))
    return pieces, cost


def _sides(bar: Piece, pieces: Sequence[Piece], size: float) -> tuple[list[Piece], list[Piece]]:
    """What stands over and what under a stroke."""
    slack = CLEAR * bar.box.width
    level = [
        p
        for p in pieces
        if p is not bar
        and bar.box.x0 - slack < p.box.cx < bar.box.x1 + slack
        and not p.box.y0 + 0.2 * p.box.height < bar.box.cy < p.box.y1 - 0.2 * p.box.height
    ]
    above = sorted((p for p in level if p.box.cy < bar.box.cy), key=lambda p: -p.box.y1)
    below = sorted((p for p in level if p.box.cy >= bar.box.cy), key=lambda p: p.box.y0)
    near_above = above and bar.box.cy - above[0].box.y1 < FAR * size
    near_below = below and below[0].box.y0 - bar.box.cy < FAR * size
    return (above if near_above else []), (below if near_below else [])


def _divides(bar: Piece, above: Sequence[Piece], below: Sequence[Piece]) -> bool:
    wider = max(union(p.box for p in part).width for part in (above, below))
    return bar.box.width > LONG_BAR * wider


def _limits(pieces: list[Piece], size: float, depth: int) -> _Step:
    """What stands over and under sums, products and integrals."""
    cost = 0.0
    for sign in [p for p in pieces if p.kind in (Kind.OP, Kind.INT)]:
        others = [p for p in pieces if p is not sign]
        above, below = _chain(sign.box, others, upwards=True), _chain(sign.box, others, upwards=False)
        if not above and not below:
            continue
        upper = read(above, 1, depth + 1)[0] if above else None
        lower = read(below, 1, depth + 1)[0] if below else None
        cost += (upper.cost if upper else 0.0) + (lower.cost if lower else 0.0)
        reading = sign.readings[0]
        parts = (lower.node if lower else None, upper.node if upper else None)
        node = Limits(reading.node, *parts) if sign.latex in _STACKING else Scripts(reading.node, *parts)
        done = Piece(sign.box, (replace(reading, node=node),), sign.centre, sign.strokes)
        pieces = [p for p in pieces if p is not sign and p not in above and p not in below] + [done]
    return pieces, cost


def _names(pieces: list[Piece], size: float, depth: int) -> _Step:
    """Letters that are the name of a function, with what stands under lim, max and their like."""
    cost = 0.0
    for name, letters in ink_names.among(pieces):
        if any(letter not in pieces for letter in letters):
            continue
        box = union(letter.box for letter in letters)
        others = [p for p in pieces if p not in letters]
        below = _chain(box, others, upwards=False) if name in ink_names.STACKING else []
        lower = read(below, 1, depth + 1)[0] if below else None
        cost += (lower.cost if lower else 0.0) + ink_names.cost_of(letters, name)
        node: Node = Limits(Word(name, "rm"), lower.node, None) if lower else Word(name, "rm")
        told = [reading for reading in map(ink_names.steady, letters) if reading is not None]
        em = float(np.median([reading.size or size for reading in told])) if told else None
        y = float(np.median([reading.y or 0.0 for reading in told])) if told else None
        reading = Reading(node, Kind.ROMAN, 0.0, em, y, ink_names.MIDDLE)
        strokes = tuple(stroke for p in (*letters, *below) for stroke in p.strokes)
        whole = Piece(box, (reading,), box.cy, strokes)
        pieces = [p for p in others if p not in below] + [whole]
    return pieces, cost


def _chain(box: Box, others: Sequence[Piece], *, upwards: bool) -> list[Piece]:
    """Pieces wholly over or under a sign, from those in its middle outwards to what touches them."""
    beyond = [
        p
        for p in others
        if (p.box.y1 < box.y0 + 0.12 * box.height if upwards else p.box.y0 > box.y1 - 0.12 * box.height)
        and -0.2 * box.height < (box.y0 - p.box.y1 if upwards else p.box.y0 - box.y1) < 0.8 * box.height
        and p.box.height < 0.75 * box.height
    ]
    chain = [p for p in beyond if box.x0 - 0.1 * box.width < p.box.cx < box.x1 + 0.1 * box.width]
    if not chain:
        return []
    reach = union(p.box for p in chain)
    for piece in sorted((p for p in beyond if p not in chain), key=lambda p: abs(p.box.cx - box.cx)):
        gap = max(piece.box.x0 - reach.x1, reach.x0 - piece.box.x1)
        level = piece.box.grown(0.0, 0.1 * box.height).y_overlap(reach) > 0
        if gap < CHAIN_GAP * box.height and level:
            chain.append(piece)
            reach = union([reach, piece.box])
    return chain


def _accents(pieces: list[Piece], size: float, depth: int) -> _Step:
    """Marks right over one symbol, or lines over several."""
    cost = 0.0
    for mark in sorted((p for p in pieces if p.latex in _ACCENTS), key=lambda p: p.box.width):
        below = [p for p in pieces if p is not mark and _carries(p, mark, size)]
        if not below or union(p.box for p in below).width < 0.5 * mark.box.width:
            continue
        inside = read(below, 1, depth + 1)[0]
        command = _ACCENTS[mark.latex]
        command = _WIDE.get(command, command) if len(below) > 1 else command
        cost += mark.readings[0].cost + inside.cost
        pieces = [p for p in pieces if p is not mark and p not in below]
        pieces.append(composite(Accent(command, inside.node), [mark, *below], size=inside.size, y=inside.y))
    return pieces, cost


def _carries(piece: Piece, mark: Piece, size: float) -> bool:
    if piece.kind in (Kind.REL, Kind.BIN, Kind.PUNCT, Kind.OP, Kind.INT):
        return False
    inside = mark.box.x0 - 0.1 * size < piece.box.cx < mark.box.x1 + 0.1 * size
    gap = piece.box.y0 - mark.box.y1
    return inside and -0.15 * size < gap < ACCENT_GAP * size


_STEPS: Final = (_joined, _roots, _fractions, _limits, _names, _accents)
