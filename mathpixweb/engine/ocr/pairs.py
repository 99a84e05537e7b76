"""Brackets that belong together: where one of a pair was seen badly, the other tells what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

LIKELY: Final = 0.12  # of the odds of a pair as it was seen are those of a pair that matches, at least
LEVEL: Final = 0.7  # of the lower one's height is shared by the brackets of a pair
ALIKE: Final = 1.25  # ratio of their heights at most
BAR: Final = 0.15  # of the odds of a bracket without a partner are those of a bar, at least
_PARTNERS: Final = {
    "(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil",
}  # fmt: skip
_BRA_AND_KET: Final = ((r"\langle", "|"), ("|", r"\rangle"))
_STRAIGHT: Final = ("[", "]", r"\lfloor", r"\rfloor", r"\lceil", r"\rceil")  # are easily seen in a bar


def agreed(symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """The symbols, from left to right, brackets that stand like a pair matching where that may be."""
    changed = sorted(symbols, key=lambda symbol: symbol.box.x0)
    alone = {k for k, symbol in enumerate(changed) if symbol.best.kind in (Kind.OPEN, Kind.CLOSE)}
    for left, right in _places(changed):
        changed[left], changed[right] = _matched(changed[left], changed[right])
        alone -= {left, right}
    for k in alone:
        changed[k] = _or_bar(changed[k])
    return changed


def standing(symbols: Sequence[FoundSymbol]) -> list[tuple[FoundSymbol, FoundSymbol]]:
    """The brackets that stand like pairs."""
    ordered = sorted(symbols, key=lambda symbol: symbol.box.x0)
    return [(ordered[left], ordered[right]) for left, right in _places(ordered)]


def _places(ordered: Sequence[FoundSymbol]) -> list[tuple[int, int]]:
    """Where among the symbols, from left to right, the brackets of pairs stand."""
    still_open: list[int] = []
    found: list[tuple[int, int]] = []
    for k, symbol in enumerate(ordered):
        if symbol.best.kind is Kind.OPEN:
            still_open.append(k)
        elif symbol.best.kind is Kind.CLOSE:
            partner = next((j for j in reversed(still_open) if _is_level(ordered[j], symbol)), None)
            if partner is not None:
                still_open.remove(partner)
                found.append((partner, k))
    return found


def _or_bar(symbol: FoundSymbol) -> FoundSymbol:
    """A straight bracket that has no partner as the bar it may be."""
    if symbol.best.latex not in _STRAIGHT:
        return symbol
    bar = next((guess for guess in symbol.guesses if guess.symbol.latex == "|"), None)
    likely = bar is not None and bar.probability > BAR * symbol.guesses[0].probability
    return _as(symbol, bar) if bar is not None and likely else symbol


def _is_level(left: FoundSymbol, right: FoundSymbol) -> bool:
    low, high = sorted((left.box.height, right.box.height))
    return high < ALIKE * low and left.box.y_overlap(right.box) > LEVEL * low


def _matched(left: FoundSymbol, right: FoundSymbol) -> tuple[FoundSymbol, FoundSymbol]:
    if _PARTNERS.get(left.best.latex) == right.best.latex:
        return left, right
    odds = [
        (one.probability * other.probability, one, other)
        for one in left.guesses
        for other in right.guesses
        if _PARTNERS.get(one.symbol.latex) == other.symbol.latex
        or (one.symbol.latex, other.symbol.latex) in _BRA_AND_KET
    ]
    if not odds:
        return left, right
    chance, one, other = max(odds, key=lambda pair: pair[0])
    if chance < LIKELY * left.guesses[0].probability * right.guesses[0].probability:
        return left, right
    return _as(left, one), _as(right, other)


def _as(symbol: FoundSymbol, guess: Guess) -> FoundSymbol:
    return replace(symbol, guesses=(guess, *(g for g in symbol.guesses if g is not guess)))
