"""Ink that is left over: dots and short bars are so small that the network misses some.

What such a mark is, is told by where it stands: a dot or bar over a letter is its accent, a dot on the line a
full stop, higher a sign of multiplication, a bar between the symbols of a line a minus. All else stays
unexplained, and the reading doubtful.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.sightings import FoundRule, FoundSymbol, Guess, Sighting

DIRT, INKED = 0.2, 0.4  # darkness from which a pixel may be dirt, and from which it is ink
DARK_DOT, DARK_BAR = 0.8, 0.55  # of the symbols' darkness is that of a mark
MARGIN: Final = 1  # pixels around a symbol that are its own
CLEAR: Final = 1  # pixels of white between a dot and its letter
COVERED: Final = 0.3  # of a mark that lies under a symbol it is a part of
MOST: Final = 4  # pieces of ink that are left over; where there are more, they are dirt
SMALL, MOST_SMALL = 0.2, 0.3  # em of small pieces, and how many there are in clean pictures for each symbol
PROBABLE: Final = 0.9  # that the mark is what its place says

# sizes and distances in em of the symbol that the mark belongs to
DOT: Final = (0.065, 0.16)
ROUND: Final = 1.7  # times as long as wide, at most
BAR: Final = (0.18, 3.0)
THIN, SLENDER = 0.11, 3.0  # height of a bar, and how many times as long as high it is
ACCENT: Final = 0.3  # above the letter, at most
IN_BOX: Final = 0.3  # of the height of a letter's box, from above, may be an accent's
SLANT, BESIDE = 0.05, 0.15  # slanted letters have their accents further to the right; by so much may it miss
WIDE_BAR: Final = 1.3  # times the letter's width; a longer one is a line over all that is under it
ON_LINE: Final = 0.1  # by which the foot of a full stop may miss the baseline
AXIS, ON_AXIS = 0.25, 0.07  # height of a minus over the baseline
NEXT: Final = 6.0  # to what stands before it on its line
MINUS: Final = (0.4, 0.95)

_DOT, _BAR = Symbol(r"\dot", Kind.ACCENT), Symbol(r"\bar", Kind.ACCENT)
_STOP, _MINUS, _TIMES = Symbol(".", Kind.ORD), Symbol("-", Kind.BIN), Symbol(r"\cdot", Kind.BIN)
_BODIES: Final = (Kind.LETTER, Kind.ROMAN)
_ON_BASELINES: Final = (*_BODIES, Kind.DIGIT, Kind.CLOSE, Kind.ORD)
_DOTTED: Final = ("i", "j", r"\imath", r"\jmath")


@dataclass(frozen=True, slots=True, eq=False)
class _Inked:
    """The ink of a picture, and its pieces: all that may be dirt, and what is ink."""

    ink: NDArray[np.float32]
    dirt: Sequence[Box]
    pieces: Sequence[Box]


def taken_up(sightings: Sequence[Sighting], ink: NDArray[np.float32]) -> list[Sighting]:
    """Each sighting of this ink with the marks that its symbols have left over of it."""
    inked = _Inked(ink, boxes_of(ink > DIRT), boxes_of(ink > INKED))
    return [_with_marks(seen, inked) for seen in sightings]


def _with_marks(seen: Sighting, inked: _Inked) -> Sighting:
    symbols, rules = list(seen.symbols), list(seen.rules)
    for mark in _marks(seen, inked) if seen.size else ():
        found = _named(mark, seen)
        if isinstance(found, FoundSymbol):
            symbols.append(found)
        elif found:
            rules.append(found)
    symbols.sort(key=lambda symbol: symbol.box.x0)
    return replace(seen, symbols=tuple(symbols), rules=tuple(rules))


def _marks(seen: Sighting, inked: _Inked) -> list[Box]:
    """Ink that hangs together and lies under no symbol and no rule, or is a dot in the box of a letter.

    None in a dirty picture, which has more of it.
    """
    owned = _Places([*(symbol.box for symbol in seen.symbols), *(rule.box for rule in seen.rules)])
    small = sum(max(piece.width, piece.height) < SMALL * seen.size for piece in inked.dirt)
    if small > MOST_SMALL * len(seen.symbols) + MOST or len(_left(inked.dirt, seen, owned)) > MOST:
        return []
    dark = median(_darkest(symbol.box, inked.ink) for symbol in seen.symbols)
    return [
        mark
        for mark in _left(inked.pieces, seen, owned)
        if _darkest(mark, inked.ink) > dark * (DARK_DOT if _is_round(mark) else DARK_BAR)
    ]


def _left(pieces: Sequence[Box], seen: Sighting, owned: _Places) -> list[Box]:
    return [piece for piece in pieces if _is_left(piece, owned.over(piece), seen, pieces)]


def _is_left(mark: Box, owners: Sequence[int], seen: Sighting, pieces: Sequence[Box]) -> bool:
    symbols = seen.symbols
    return all(owner < len(symbols) and _stands_over(mark, symbols[owner], pieces) for owner in owners)


def _darkest(mark: Box, ink: NDArray[np.float32]) -> float:
    inside = ink[max(0, int(mark.y0)) : int(mark.y1) + 1, max(0, int(mark.x0)) : int(mark.x1) + 1]
    return float(inside.max(initial=0.0))


class _Places:
    """Boxes that are asked which of them something lies under."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        edges = np.array([box.edges for box in boxes], np.float64).reshape(-1, 4).T
        self._x0, self._y0, self._x1, self._y1 = edges + np.array([[-MARGIN], [-MARGIN], [MARGIN], [MARGIN]])

    def over(self, mark: Box) -> list[int]:
        across = np.minimum(self._x1, mark.x1) - np.maximum(self._x0, mark.x0)
        along = np.minimum(self._y1, mark.y1) - np.maximum(self._y0, mark.y0)
        shared = np.maximum(across, 0) * np.maximum(along, 0)
        over: list[int] = np.flatnonzero(shared > COVERED * mark.width * mark.height).tolist()
        return over


def _stands_over(mark: Box, symbol: FoundSymbol, pieces: Sequence[Box]) -> bool:
    """Whether it is in the box of a letter without such a part, with white between it and the letter."""
    return (
        symbol.best.kind in _BODIES
        and symbol.best.latex not in _DOTTED
        and _is_dot(mark, symbol.size)
        and mark.y1 < symbol.box.y0 + IN_BOX * symbol.box.height
        and not any(
            piece is not mark and piece.y0 < mark.y1 + CLEAR and piece.x_overlap(mark) > -mark.width
            for piece in pieces
            if symbol.box.contains_point(piece.cx, piece.cy)
        )
    )


def _named(mark: Box, seen: Sighting) -> FoundSymbol | FoundRule | None:
    under = _under(mark, seen.symbols)
    if under:
        return _over(mark, under)
    before = _before(mark, seen.symbols)
    if before is None:
        return None
    size, height = before.size, before.baseline - mark.cy
    if _is_dot(mark, size) and abs(before.baseline - mark.y1) < ON_LINE * size:
        return _symbol(_STOP, mark, before)
    if _is_dot(mark, size) and abs(height - AXIS * size) < ON_AXIS * size:
        return _symbol(_TIMES, mark, before)
    is_long = MINUS[0] * size < mark.width < MINUS[1] * size and mark.height < THIN * size
    if is_long and abs(height - AXIS * size) < ON_AXIS * size:
        return _symbol(_MINUS, mark, before)
    return None


def _under(mark: Box, symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """The letters that the mark may be an accent of, nothing standing between."""
    return [
        symbol
        for symbol in symbols
        if symbol.best.kind in _BODIES
        and symbol.box.y0 - mark.y1 < ACCENT * symbol.size
        and mark.y1 < symbol.box.y0 + IN_BOX * symbol.box.height
        and mark.x0 - BESIDE * symbol.size
        < symbol.box.cx + SLANT * symbol.size
        < mark.x1 + BESIDE * symbol.size
    ]


def _over(mark: Box, under: Sequence[FoundSymbol]) -> FoundSymbol | FoundRule | None:
    letter = min(under, key=lambda symbol: abs(symbol.box.cx - mark.cx))
    if _is_dot(mark, letter.size):
        return None if letter.best.latex in _DOTTED else _symbol(_DOT, mark, letter)
    if not _is_bar(mark, letter.size):
        return None
    if len(under) == 1 and mark.width < WIDE_BAR * letter.box.width:
        return _symbol(_BAR, mark, letter)
    covered = union([symbol.box for symbol in under])
    return FoundRule(mark, PROBABLE) if mark.width > covered.width / WIDE_BAR else None


def _before(mark: Box, symbols: Sequence[FoundSymbol]) -> FoundSymbol | None:
    """The symbol on a baseline that stands next to the left of the mark."""
    near = [
        symbol
        for symbol in symbols
        if symbol.best.kind in _ON_BASELINES
        and symbol.box.x1 <= mark.cx < symbol.box.x1 + NEXT * symbol.size
        and abs(symbol.baseline - mark.y1) < symbol.size / 2
    ]
    return max(near, key=lambda symbol: symbol.box.x1, default=None)


def _is_dot(mark: Box, size: float) -> bool:
    short, long = sorted((mark.width, mark.height))
    return _is_round(mark) and DOT[0] * size < short and long < DOT[1] * size


def _is_round(mark: Box) -> bool:
    short, long = sorted((mark.width, mark.height))
    return long < ROUND * short


def _is_bar(mark: Box, size: float) -> bool:
    length, height = mark.width, mark.height
    return BAR[0] * size < length < BAR[1] * size and height < THIN * size and SLENDER * height < length


def _symbol(name: Symbol, mark: Box, beside: FoundSymbol) -> FoundSymbol:
    return FoundSymbol((Guess(name, PROBABLE),), PROBABLE, mark, beside.baseline, beside.size)
