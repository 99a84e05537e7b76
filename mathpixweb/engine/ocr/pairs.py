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
_PARTNERS: Final = {
    "(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil",
}  # fmt: skip


def agreed(symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """The symbols, from left to right, brackets that stand like a pair matching where that may be."""
    changed = sorted(symbols, key=lambda symbol: symbol.box.x0)
    still_open: list[int] = []
    for k, symbol in enumerate(changed):
        if symbol.best.kind is Kind.OPEN:
            still_open.append(k)
        elif symbol.best.kind is Kind.CLOSE:
            partner = next((j for j in reversed(still_open) if _is_level(changed[j], symbol)), None)
            if partner is not None:
                still_open.remove(partner)
                changed[partner], changed[k] = _matched(changed[partner], symbol)
    return changed


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
    ]
    if not odds:
        return left, right
    chance, one, other = max(odds, key=lambda pair: pair[0])
    if chance < LIKELY * left.guesses[0].probability * right.guesses[0].probability:
        return left, right
    return _as(left, one), _as(right, other)


def _as(symbol: FoundSymbol, guess: Guess) -> FoundSymbol:
    return replace(symbol, guesses=(guess, *(g for g in symbol.guesses if g is not guess)))
