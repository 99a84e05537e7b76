"""A formula from the symbols that were seen of it, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math import latex
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr import arrangement
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Sighting

LEAST = 1e-6  # a probability that is never taken to be nothing
RULE_KINDS = (Kind.REL, Kind.OP, Kind.INT, Kind.RAD, Kind.BIN, Kind.HBRACE, Kind.ACCENT)


@dataclass(frozen=True, slots=True)
class FoundFormula:
    """LaTeX without delimiters; `box` in pixels, y downwards.

    `confidence` is the geometric mean of its symbols' probabilities, `symbols` how many they are, so that
    `confidence ** symbols` is the probability that all are right.
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
    logs = [math.log(max(symbol.probability, LEAST)) for symbol in symbols]
    return math.exp(sum(logs) / len(logs)) if logs else 0.0
