"""Other readings of a formula: those that the second and third guesses about its symbols make."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mathpixweb.engine.math import latex
from mathpixweb.engine.ocr.formulas import LEAST, FoundFormula, formula_of
from mathpixweb.engine.ocr.sightings import FoundSymbol, Sighting

ALIKE: Final = 4  # ways to choose among guesses for one reading: several of them are written alike


def best(formula: FoundFormula, beam: int, style: latex.Style = latex.MATHPIX) -> list[FoundFormula]:
    """The formula and at most `beam - 1` other readings of it, the likeliest first.

    A reading is less sure than the first by how much less likely its guesses are.
    """
    found = [formula]
    if formula.seen is None or beam < 2:
        return found
    for ratio, symbols in _choices(formula.seen, ALIKE * beam):
        other = formula_of(symbols, formula.seen.rules, formula.seen.size, style)
        if other is None or any(other.latex == one.latex for one in found):
            continue
        product = max(LEAST, formula.confidence**formula.symbols * ratio)
        found.append(replace(other, confidence=product ** (1 / other.symbols)))
        if len(found) == beam:
            break
    return found


def _choices(seen: Sighting, width: int) -> Iterator[tuple[float, list[FoundSymbol]]]:
    """The likeliest choices of a guess for each symbol, with how likely they are beside the first."""
    chosen: list[tuple[float, tuple[int, ...]]] = [(1.0, ())]
    for symbol in seen.symbols:
        first = max(symbol.guesses[0].probability, LEAST)
        grown = (
            (ratio * guess.probability / first, (*choice, number))
            for ratio, choice in chosen
            for number, guess in enumerate(symbol.guesses)
        )
        chosen = heapq.nlargest(width, grown, key=lambda one: one[0])
    for ratio, choice in chosen:
        symbols = [_as(symbol, number) for symbol, number in zip(seen.symbols, choice, strict=True)]
        yield min(1.0, ratio), symbols


def _as(symbol: FoundSymbol, number: int) -> FoundSymbol:
    """The symbol with that guess before the others."""
    guess = symbol.guesses[number]
    return replace(symbol, guesses=(guess, *(other for other in symbol.guesses if other is not guess)))
