"""A formula from the symbols that were seen of it, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math import latex
from mathpixweb.engine.ocr import arrangement
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Sighting

LEAST = 1e-6  # a probability that is never taken to be nothing
# Fitted with the shipped weights so that the product over a formula's symbols is the share of such formulas
# that are read exactly: 858 held-out formulas, half of them degraded; expected calibration error .03.
BIAS, SLOPE = 1.3, 1.45


@dataclass(frozen=True, slots=True)
class FoundFormula:
    """LaTeX without delimiters; `box` in pixels, y downwards.

    `confidence` is the calibrated geometric mean of its symbols' probabilities, `symbols` how many they are,
    so that `confidence ** symbols` is the probability that all are right.
    """

    latex: str
    box: Box
    size: float
    confidence: float
    symbols: int
    tag: str | None = None

    @property
    def length(self) -> int:
        return self.symbols


def formula_of(
    symbols: Sequence[FoundSymbol],
    rules: Sequence[FoundRule],
    size: float,
    style: latex.Style = latex.MATHPIX,
) -> FoundFormula | None:
    """None if the symbols make nothing that could be written."""
    if not symbols:
        return None
    text = latex.write(arrangement.read(Sighting(tuple(symbols), tuple(rules), size)), style)
    if not text:
        return None
    box = union([*(symbol.box for symbol in symbols), *(rule.box for rule in rules)])
    return FoundFormula(text, box, size, geometric_mean(symbols), len(symbols))


def geometric_mean(symbols: Sequence[FoundSymbol]) -> float:
    """The probability with which one of the symbols is right, as it proved on formulas not learnt from.

    A detector of points is less sure of what it sees than it need be.
    """
    if not symbols:
        return 0.0
    mean = sum(math.log(min(max(symbol.probability, LEAST), 1 - LEAST)) for symbol in symbols) / len(symbols)
    odds = mean - math.log1p(-math.exp(mean))
    return 1 / (1 + math.exp(-(BIAS + SLOPE * odds)))
