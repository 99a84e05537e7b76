"""Small strokes that the network overlooks: a bar through h or over i and j, a second prime or f.

It sees the letter, of which the stroke is a few pixels, and takes two primes or f for one that is wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

INKED: Final = 0.4  # darkness from which a pixel is ink
PROBABLE: Final = 0.9  # that a stroke is what its place says
FEWEST: Final = 8.0  # pixels of an em in which strokes can be told

# Tuned on renderings in many fonts; sizes in em of the letter.
ASCENDER: Final = (0.13, 0.3)  # of the height of h, from above, is between its serif and its arch …
CROSSED: Final = 0.27  # … and so wide with a bar …
STEMS: Final = 3.2  # … and so many times as wide as a leg of it is thick …
LEGS: Final = (0.6, 0.9)  # … which are seen here
BAR: Final = 0.33  # a bar over i and j is so wide …
FLAT: Final = 3.0  # … and so many times as wide as high; a dot is as wide as high
HIGHEST_BAR: Final = 0.14
OVER: Final = 0.4  # of the height of i and j is over the letter
TWO: Final = 0.48  # width of two f, of which one has 0.33
WHOLE: Final = 0.6  # of a prime's box is the height of each prime in it
AROUND: Final = 0.3  # beside a symbol is looked for where its pieces end
SLACK: Final = 2.0  # pixels by which a box may miss its ink

_BAR: Final = Symbol(r"\bar", Kind.ACCENT)
_F: Final = Symbol("f", Kind.ROMAN, "rm")
_DOUBLE_F: Final = Symbol("ff", Kind.ROMAN, "rm")
_HBAR: Final = Symbol(r"\hbar", Kind.LETTER)
Floats = NDArray[np.float32]


def told(symbols: Sequence[FoundSymbol], ink: Floats) -> list[FoundSymbol]:
    """The symbols with their strokes, from left to right."""
    marks = [symbol for symbol in symbols if symbol.best.kind in (Kind.ACCENT, Kind.PRIME)]
    found = [one for symbol in symbols for one in _with_strokes(symbol, marks, ink)]
    return sorted(found, key=lambda symbol: symbol.box.x0)


def _with_strokes(symbol: FoundSymbol, marks: Sequence[FoundSymbol], ink: Floats) -> Iterator[FoundSymbol]:
    name, kind = symbol.best.latex, symbol.best.kind
    if symbol.size < FEWEST:
        yield symbol
    elif kind is Kind.PRIME:
        yield from _primes(symbol, marks, ink)
    elif kind is Kind.LETTER and name == "h" and _is_crossed(symbol, ink):
        yield _as(symbol, _HBAR)
    elif symbol.best == _F and symbol.box.width > TWO * symbol.size:
        yield _as(symbol, _DOUBLE_F)
    elif kind is Kind.LETTER and name in ("i", "j") and (bar := _bar_over(symbol, marks, ink)) is not None:
        yield replace(symbol, box=replace(symbol.box, y0=bar.y1))
        yield FoundSymbol((Guess(_BAR, PROBABLE),), PROBABLE, bar, bar.y1, symbol.size)
    else:
        yield symbol


def _as(symbol: FoundSymbol, name: Symbol) -> FoundSymbol:
    return replace(symbol, guesses=(Guess(name, symbol.guesses[0].probability), *symbol.guesses))


def _is_crossed(symbol: FoundSymbol, ink: Floats) -> bool:
    """Whether a bar runs through the stem between its serif and the arch."""
    ascender, legs = (_part(symbol.box, share, ink) for share in (ASCENDER, LEGS))
    leg = float(np.median(legs.sum(axis=1))) / 2
    width = int((ascender > INKED).any(axis=0).sum())
    return width > max(CROSSED * symbol.size, STEMS * leg)


def _part(box: Box, share: tuple[float, float], ink: Floats) -> Floats:
    """The rows between two shares of the box's height."""
    start, end = (round(box.y0 + part * box.height) for part in share)
    return _within(ink, Box(box.x0, start, box.x1, end))


def _bar_over(symbol: FoundSymbol, marks: Sequence[FoundSymbol], ink: Floats) -> Box | None:
    """The bar that stands in the place of the dot, if the network saw none."""
    over = replace(symbol.box, y1=symbol.box.y0 + OVER * symbol.box.height)
    if any(over.grown(AROUND * symbol.size).contains_point(mark.box.cx, mark.box.cy) for mark in marks):
        return None
    for piece in _pieces(ink, over, symbol.size):
        flat = piece.width > max(FLAT * piece.height, BAR * symbol.size)
        if flat and piece.height < HIGHEST_BAR * symbol.size:
            return piece
    return None


def _primes(symbol: FoundSymbol, marks: Sequence[FoundSymbol], ink: Floats) -> Iterator[FoundSymbol]:
    """Each prime in the place of one by itself, but for those that were seen."""
    others = [mark.box for mark in marks if mark is not symbol]
    pieces = [
        piece
        for piece in _pieces(ink, symbol.box, symbol.size)
        if piece.height > WHOLE * symbol.box.height
        and not any(piece.grown(1).contains_point(other.cx, other.cy) for other in others)
    ]
    for piece in pieces if len(pieces) > 1 else [symbol.box]:
        yield replace(symbol, box=piece)


def _pieces(ink: Floats, box: Box, size: float) -> list[Box]:
    """What hangs together in the box, and with nothing around it."""
    around = box.grown(AROUND * size)
    left, top = max(0, int(around.x0)), max(0, int(around.y0))
    found = (piece.moved(left, top) for piece in boxes_of(_within(ink, around) > INKED))
    return [
        piece for piece in found
        if box.x0 - SLACK <= piece.x0 and piece.x1 <= box.x1 + SLACK
        and box.y0 - SLACK <= piece.y0 and piece.y1 <= box.y1 + SLACK
    ]  # fmt: skip


def _within(ink: Floats, box: Box) -> Floats:
    return ink[max(0, int(box.y0)) : max(0, int(box.y1)) + 1, max(0, int(box.x0)) : max(0, int(box.x1)) + 1]
