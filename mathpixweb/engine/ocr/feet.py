"""Floors, ceilings, brackets and bars, told from each other by which of their ends have feet.

The network knows that it sees one of them, rarely which: a foot is two or three pixels of a stroke of twenty.
Tall bars around rows it takes for brackets, which are far more common there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

# Tuned on renderings with floors, ceilings and brackets in many fonts.
END: Final = 0.17  # em of the stem's ends within which there may be a foot …
FOOT: Final = 0.22  # … which is so long
SURE_BAR: Final = 0.7  # probability of a bar, which is seen well, that feet do not make doubtful
DOUBT: Final = 0.2  # probability that the feet mislead
TALLEST: Final = 1.6  # em; of higher ones it is not known exactly where they end
FAMILY: Final = 0.6  # probability that it is one of these
CLEAR: Final = 0.6
BARE: Final = 0.16
NONE: Final = 0.1  # of the stem's darkness; of 460 brackets none had so little on both ends, of 26 bars 20
_LEFT: Final = ("|", "[", r"\lfloor", r"\lceil")
_RIGHT: Final = ("|", "]", r"\rfloor", r"\rceil")
_BARS: Final = ("|", r"\|")
Floats = NDArray[np.float32]


def told_apart(symbols: Sequence[FoundSymbol], ink: Floats) -> list[FoundSymbol]:
    """The symbols; what has one foot is a floor or a ceiling, what has none a bar."""
    return [_told(symbol, ink) for symbol in symbols]


def _told(symbol: FoundSymbol, ink: Floats) -> FoundSymbol:
    for names, kind, direction in ((_LEFT, Kind.OPEN, 1), (_RIGHT, Kind.CLOSE, -1)):
        share = sum(guess.probability for guess in symbol.guesses if guess.symbol.latex in (*names, *_BARS))
        if share < FAMILY or _is_bar(symbol) or symbol.best.latex not in names:
            continue
        feet = _feet(symbol, ink, direction)
        if feet is not None and (name := _name(symbol, names, *feet)):
            return _as(symbol, Symbol(name, Kind.VERT if name in _BARS else kind), names, share)
    return symbol


def _name(symbol: FoundSymbol, names: Sequence[str], top: float, bottom: float) -> str:
    """What the feet tell, empty if nothing else than the network does."""
    *_, floor, ceiling = names
    if symbol.best.kind is not Kind.VERT and max(top, bottom) < NONE:
        return next((guess.symbol.latex for guess in symbol.guesses if guess.symbol.latex in _BARS), "|")
    if symbol.box.height > TALLEST * symbol.size:
        return ""
    return floor if _is_only(bottom, top) else ceiling if _is_only(top, bottom) else ""


def _as(symbol: FoundSymbol, told: Symbol, names: Sequence[str], share: float) -> FoundSymbol:
    rest = (
        replace(g, probability=g.probability * (DOUBT if g.symbol.latex in names else 1.0))
        for g in symbol.guesses
        if g.symbol != told
    )
    return replace(symbol, guesses=(Guess(told, share * (1 - DOUBT)), *rest))


def _is_bar(symbol: FoundSymbol) -> bool:
    return symbol.best.kind is Kind.VERT and symbol.guesses[0].probability > SURE_BAR


def _is_only(end: float, other: float) -> bool:
    return end > CLEAR and other < BARE * end


def _feet(symbol: FoundSymbol, ink: Floats, direction: int) -> tuple[float, float] | None:
    """How dark it is to the right (1) or left (-1) of the stem's upper and lower end, by the stem.

    None where there are too few pixels to tell.
    """
    box = symbol.box.grown(0.08 * symbol.size, 0.06 * symbol.size)
    part = ink[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
    end, foot = round(END * symbol.size) + 1, max(2, round(FOOT * symbol.size))
    if part.shape[0] < 4 * end or part.shape[1] < 3:
        return None
    part = part[:, ::direction]
    middle = part[end:-end].mean(axis=0)
    stem = int(middle.argmax())
    beside = slice(stem + 1, stem + 1 + foot)
    if part[:, beside].shape[1] < 2 or not middle[stem]:
        return None
    extra = np.clip(part[:, beside] - middle[beside], 0.0, None)
    darkest = np.sort(extra, axis=1)[:, ::-1][:, : max(2, foot * 2 // 3)].mean(axis=1) / middle[stem]
    return float(darkest[:end].max()), float(darkest[-end:].max())
