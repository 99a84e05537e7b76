"""Pen strokes to a formula.

Strokes are grouped to symbols in the ways that are likeliest (`ocr.ink_cover`), each way is arranged in two
dimensions (`ocr.ink_structure`), and the whole that fits best is the reading; the others are its candidates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math import latex
from mathpixweb.engine.ocr import ink_cover, ink_network, ink_structure
from mathpixweb.engine.ocr.ink import Ink, prepare
from mathpixweb.engine.ocr.ink_cover import Cover
from mathpixweb.engine.ocr.ink_groups import Group, candidates
from mathpixweb.engine.ocr.ink_pieces import Piece, symbol

COVERS: Final = 4  # ways of grouping that are arranged
STRUCTURES: Final = 3  # arrangements kept of each
MOST_CANDIDATES: Final = 5
GUESSES: Final = 5
LIKELY: Final = 0.004  # classes less likely than this are not considered
# Weights of 1, log share, doubt, strain and log of the number of symbols in the log odds of being right.
CALIBRATION: Final = (1.6, 2.0, -0.23, -0.36, 0.5)
GROUPING: Final = 0.7  # weight of the grouping's log odds beside the costs of the arrangement

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading. `confidence` is the probability that all of it is right, `rate` the mean of a symbol's."""

    latex: str
    confidence: float
    rate: float


@dataclass(frozen=True, slots=True)
class StrokesReading:
    """What strokes say, best reading first, nothing if there is no ink; `box` as the caller's."""

    candidates: tuple[Candidate, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class _Whole:
    latex: str
    score: float
    symbols: int
    doubt: float
    strain: float


def read(
    strokes: Sequence[Sequence[tuple[float, float]]], style: latex.Style = latex.MATHPIX
) -> StrokesReading:
    """The formula that the strokes draw. Raises TooMuchInk."""
    ink = prepare(strokes)
    if not ink.traces:
        return StrokesReading((), Box(0.0, 0.0, 0.0, 0.0))
    box = union(trace.box for trace in ink.traces)
    return StrokesReading(tuple(_ranked(_wholes(ink, style))), box)


def _wholes(ink: Ink, style: latex.Style) -> list[_Whole]:
    groups = candidates(ink)
    probabilities = ink_network.probabilities(ink, groups)
    found: dict[str, _Whole] = {}
    for cover in ink_cover.best(groups, probabilities, len(ink.traces), COVERS):
        pieces = [_piece(ink, groups[row], probabilities[row]) for row in cover.rows]
        doubt = _doubt(cover, probabilities)
        for structure in ink_structure.read(pieces, STRUCTURES):
            text = latex.write(structure.node, style)
            score = GROUPING * cover.score - structure.cost
            whole = _Whole(text, score, len(pieces), doubt, structure.cost)
            if text and (text not in found or found[text].score < whole.score):
                found[text] = whole
    return sorted(found.values(), key=lambda whole: -whole.score)


def _piece(ink: Ink, group: Group, probabilities: Floats) -> Piece:
    box = _in_units(union(ink.traces[k].box for k in group), ink)
    classes = ink_network.classes()
    whole = max(1e-9, 1.0 - float(probabilities[-1]))
    order = np.argsort(-probabilities[:-1], kind="stable")[:GUESSES]
    guesses = [(classes[k], -math.log(max(1e-6, float(probabilities[k]) / whole))) for k in order]
    likely = [guess for guess in guesses if guess[1] < -math.log(LIKELY)]
    return symbol(box, likely or guesses[:1], group)


def _in_units(box: Box, ink: Ink) -> Box:
    """The box measured by the size of the writing, so that the rest is free of the caller's units."""
    left, top = ink.traces[0].box.x0, ink.traces[0].box.y0
    edges = (box.x0 - left, box.y0 - top, box.x1 - left, box.y1 - top)
    return Box(*(edge / ink.unit for edge in edges))


def _doubt(cover: Cover, probabilities: Floats) -> float:
    """Negative logarithm of the probability that all groups are whole symbols."""
    return sum(-math.log(max(1e-6, 1.0 - float(probabilities[row, -1]))) for row in cover.rows)


def _ranked(wholes: Sequence[_Whole]) -> list[Candidate]:
    """The readings with their confidence, which the first shares with those that come close to it."""
    if not wholes:
        return []
    best = wholes[0].score
    shares = [math.exp(max(-30.0, whole.score - best)) for whole in wholes]
    total = sum(shares)
    out: list[Candidate] = []
    for whole, share in zip(wholes[:MOST_CANDIDATES], shares, strict=False):
        confidence = _confidence(whole, share / total)
        if out:
            confidence = min(out[-1].confidence, confidence)
        out.append(Candidate(whole.latex, confidence, confidence ** (1.0 / whole.symbols)))
    return out


def _confidence(whole: _Whole, share: float) -> float:
    """The probability that the reading is right: a logistic function fitted on composed formulas."""
    evidence = (1.0, math.log(share), whole.doubt, whole.strain, math.log(whole.symbols))
    log_odds = sum(weight * value for weight, value in zip(CALIBRATION, evidence, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))
