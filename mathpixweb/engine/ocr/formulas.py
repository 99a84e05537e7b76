"""A formula from the symbols that were seen of it, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math import latex
from mathpixweb.engine.ocr import arrangement
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Sighting

LEAST = 1e-6  # a probability that is never taken to be nothing
# Fitted with the shipped weights by `python -m training.printed calibrate`: bias and slope of a symbol, so
# that the product over a formula's symbols is the share of such formulas that are read exactly …
OF_SYMBOLS = (0.98, 1.43)
# … and the weights of `signs`, so that they tell how probably a formula is right.
OF_FORMULAS = (-0.65, 0.78, 0.34, -0.61, 2.55)
ONE_LOOK = 0.7  # agreement where there was one look only


@dataclass(frozen=True, slots=True)
class FoundFormula:
    """LaTeX without delimiters; `box` in pixels, y downwards.

    `confidence` is the calibrated geometric mean of its symbols' probabilities, `symbols` how many they are,
    so that `confidence ** symbols` is the probability that all are right. `seen` is what it was made of.
    """

    latex: str
    box: Box
    size: float
    confidence: float
    symbols: int
    tag: str | None = None
    seen: Sighting | None = field(default=None, compare=False, repr=False)

    @property
    def length(self) -> int:
        return self.symbols

    def moved(self, x: float, y: float) -> FoundFormula:
        """In the pixels of a picture of which this one was cut out at that place."""
        box = Box(self.box.x0 + x, self.box.y0 + y, self.box.x1 + x, self.box.y1 + y)
        return replace(self, box=box, seen=None)


def formula_of(
    symbols: Sequence[FoundSymbol],
    rules: Sequence[FoundRule],
    size: float,
    style: latex.Style = latex.MATHPIX,
) -> FoundFormula | None:
    """None if the symbols make nothing that could be written."""
    if not symbols:
        return None
    seen = Sighting(tuple(symbols), tuple(rules), size)
    text = latex.write(arrangement.read(seen), style)
    if not text:
        return None
    box = union([*(symbol.box for symbol in symbols), *(rule.box for rule in rules)])
    return FoundFormula(text, box, size, geometric_mean(symbols), len(symbols), seen=seen)


def geometric_mean(symbols: Sequence[FoundSymbol]) -> float:
    """The probability with which one of the symbols is right, as it proved on formulas not learnt from.

    A detector of points is less sure of what it sees than it need be.
    """
    bias, slope = OF_SYMBOLS
    return _share(bias + slope * mean_odds(symbols)) if symbols else 0.0


def all_right(
    symbols: Sequence[FoundSymbol], text: str, looks: Sequence[Sighting], style: latex.Style
) -> float:
    """The probability that a formula that is all of a picture is right, as it proved on foreign fonts."""
    told = zip(OF_FORMULAS, signs(symbols, text, looks, style), strict=True)
    return _share(sum(weight * sign for weight, sign in told))


def signs(
    symbols: Sequence[FoundSymbol], text: str, looks: Sequence[Sighting], style: latex.Style
) -> tuple[float, ...]:
    """What tells right readings from wrong ones, after a constant.

    What is wrong is rarely read in the same way at every look.
    """
    alike = [latex.write(arrangement.read(look), style) == text for look in looks]
    agreement = sum(alike) / len(alike) if len(alike) > 1 else ONE_LOOK
    doubtful = min(_odds(_probability(symbol)) for symbol in symbols)
    return 1.0, mean_odds(symbols), doubtful, math.log(len(symbols)), agreement


def mean_odds(symbols: Sequence[FoundSymbol]) -> float:
    return _odds(math.exp(sum(math.log(_probability(symbol)) for symbol in symbols) / len(symbols)))


def _probability(symbol: FoundSymbol) -> float:
    return min(max(symbol.probability, LEAST), 1 - LEAST)


def _odds(probability: float) -> float:
    return math.log(probability) - math.log1p(-probability)


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
