"""Pen strokes to a formula.

Strokes are grouped to what may be symbols, and a network reads all groups together (`ocr.ink_network`):
what each is and what it hangs on. The groups that cover the strokes best (`ocr.ink_cover`), with the tree
that fits best (`ocr.ink_relations`) and the classes that fit into it (`ocr.ink_usage`), are the reading;
others are its candidates.
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
from mathpixweb.engine.ocr import ink_cover, ink_divisions, ink_network, ink_relations, ink_tree
from mathpixweb.engine.ocr.ink import Ink, prepare
from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX
from mathpixweb.engine.ocr.ink_cover import Cover
from mathpixweb.engine.ocr.ink_groups import Group, candidates, likely
from mathpixweb.engine.ocr.ink_network import Reading
from mathpixweb.engine.ocr.ink_relations import Relation, Tree
from mathpixweb.engine.ocr.ink_usage import Choice, usage

COVERS: Final = 4  # ways of grouping that are considered
SURE: Final = 1e-4  # probabilities closer to 0 or 1 are not to be trusted more than this
ALONE: Final = 0.2  # weight of its shape for what has no neighbours that tell what it is
UNFINISHED: Final = math.log(0.05)  # how likely a product lacks one of its operands
MOST_CANDIDATES: Final = 5
DOUBTED: Final = 3  # readings that differ from the best one in one symbol
POSSIBLE: Final = math.log(0.02)  # a class less likely than this is no reading of a symbol
# Weights in the log odds of being right: of 1, log share, doubt, log of the number of symbols, doubt of one.
CALIBRATION: Final = (1.968, 2.484, -0.239, -0.145, -0.496)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading. `confidence` is the probability that all of it is right, `rate` the mean of a symbol's."""

    latex: str
    confidence: float
    rate: float
    symbols: int


@dataclass(frozen=True, slots=True)
class StrokesReading:
    """What strokes say, best reading first, nothing if there is no ink; `box` as the caller's.

    `unit` is the usual height of a symbol.
    """

    candidates: tuple[Candidate, ...]
    box: Box
    unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole reading: `score` is the log of its probability, but for a constant."""

    latex: str
    score: float
    symbols: int
    doubt: float


def read(
    strokes: Sequence[Sequence[tuple[float, float]]] | Sequence[Floats],
    style: latex.Style = latex.MATHPIX,
    *,
    timed: bool = True,
) -> StrokesReading:
    """The formula that the strokes draw. Raises TooMuchInk.

    `timed` tells whether the strokes are in the order in which they were drawn.
    """
    ink = prepare(strokes)
    if not ink.traces:
        return StrokesReading((), Box(0.0, 0.0, 0.0, 0.0))
    box = union(trace.box for trace in ink.traces)
    return StrokesReading(tuple(_ranked(wholes(ink, style, timed=timed))), box, ink.unit)


def wholes(ink: Ink, style: latex.Style, *, timed: bool) -> list[Whole]:
    """Whole readings, best first."""
    groups, read = looked_at(ink, timed=timed)
    found: dict[str, Whole] = {}
    for cover in covers(groups, read, len(ink.traces), COVERS):
        rows = list(cover.rows)
        names = read.classes[rows, :-1]
        edges, roots = _hooks(read, rows, names.argmax(axis=1).tolist())
        choice = _choice(names, ink_relations.best(edges, roots))
        classes = choice.classes(choice.best())
        edges, roots = _hooks(read, rows, classes)
        tree = ink_relations.best(edges, roots, usage().hooks(classes))
        choice = _choice(names, tree)
        for chosen in _readings(choice, others=not found):
            classes = choice.classes(chosen)
            known = [CLASSES[k] for k in classes]
            divides = ink_divisions.signs(ink, [groups[row] for row in rows], known, tree)
            node = ink_tree.of(known, tree, _likely(names), divides)
            text = latex.write(node, style)
            score = cover.score + choice.score(chosen) + tree.score
            whole = Whole(text, score, len(rows), _doubt(names[np.arange(len(rows)), classes], tree))
            if text and (text not in found or found[text].score < whole.score):
                found[text] = whole
    return sorted(found.values(), key=lambda whole: -whole.score)


def looked_at(ink: Ink, *, timed: bool) -> tuple[list[Group], Reading]:
    """The groups that may be symbols, and what each is among all of them."""
    groups = ink_network.groups(candidates(ink))
    seen = ink_network.shapes(ink, groups)
    rows = likely(groups, seen.whole)
    kept = [groups[row] for row in rows]
    shapes = ink_network.Shapes(seen.descriptions[rows], seen.scores[rows])
    read = ink_network.reading(ink, kept, shapes, timed=timed)
    everything = tuple(range(len(ink.traces)))
    if everything in kept:
        row = kept.index(everything)
        mixed = (1 - ALONE) * read.classes[row] + ALONE * shapes.scores[row]
        read.classes[row] = mixed - np.logaddexp.reduce(mixed)
    return kept, read


def covers(groups: Sequence[Group], read: Reading, strokes: int, how_many: int) -> list[Cover]:
    """The likeliest ways to take so many strokes for symbols."""
    nothing = np.clip(np.exp(read.classes[:, -1].astype(np.float64)), SURE, 1 - SURE)
    return ink_cover.best(groups, np.log((1 - nothing) / nothing).tolist(), strokes, how_many)


def _hooks(read: Reading, rows: list[int], classes: list[int]) -> tuple[Floats, Floats]:
    """Log probabilities of hanging on each other in each way, and on nothing, among these groups alone."""
    count = len(rows)
    hooks = read.hooks[np.ix_(rows, rows)].astype(np.float64)
    hooks[:, [not CLASSES[known].encloses for known in classes], Relation.INSIDE] = ink_relations.NEVER
    hooks[np.arange(count), np.arange(count)] = ink_relations.NEVER
    every = np.concatenate([hooks.reshape(count, -1), read.roots[rows, None]], axis=1)
    every -= every.max(axis=1, keepdims=True)
    every -= np.log(np.exp(every).sum(axis=1, keepdims=True))
    return every[:, :-1].reshape(hooks.shape), every[:, -1]


def _without_operand(tree: Tree) -> list[int]:
    """Symbols that begin or end a line, so that they are no product of two."""
    continued = {p for p, how in zip(tree.parents, tree.relations, strict=True) if how is Relation.RIGHT}
    return [
        place
        for place, (parent, how) in enumerate(zip(tree.parents, tree.relations, strict=True))
        if place not in continued or parent < 0 or how is not Relation.RIGHT
    ]


def _choice(names: NDArray[np.float32], tree: Tree) -> Choice:
    names = names.copy()
    names[_without_operand(tree), INDEX[r"\times"]] += UNFINISHED
    return Choice.of(names, tree)


def _readings(choice: Choice, *, others: bool) -> list[list[int]]:
    """The best choice for all symbols, then those that differ from it in one of them."""
    best = choice.best()
    return [best, *(choice.others(best, DOUBTED) if others else ())]


def _likely(names: NDArray[np.float32]) -> list[frozenset[str]]:
    return [frozenset(CLASSES[k].latex for k in np.flatnonzero(row > POSSIBLE)) for row in names]


def _doubt(chosen: NDArray[np.float32], tree: Tree) -> float:
    """Negative logarithm of the probability that all symbols and their places are right."""
    return -float(chosen.sum()) - tree.score


def _ranked(found: Sequence[Whole]) -> list[Candidate]:
    """The readings with their confidence, which the first shares with those that come close to it."""
    out: list[Candidate] = []
    for whole, share in zip(found[:MOST_CANDIDATES], shares(found), strict=False):
        confidence = _confidence(whole, share)
        if out:
            confidence = min(out[-1].confidence, confidence)
        out.append(Candidate(whole.latex, confidence, confidence ** (1.0 / whole.symbols), whole.symbols))
    return out


def shares(found: Sequence[Whole]) -> list[float]:
    """How likely each of the readings is if one of them is right."""
    chances = [math.exp(max(-30.0, whole.score - found[0].score)) for whole in found]
    return [chance / sum(chances) for chance in chances]


def evidence(whole: Whole, share: float) -> tuple[float, ...]:
    """What tells how likely a reading is right."""
    return 1.0, math.log(share), whole.doubt, math.log(whole.symbols), whole.doubt / whole.symbols


def _confidence(whole: Whole, share: float) -> float:
    """The probability that the reading is right: a logistic function fitted on composed formulas."""
    log_odds = sum(weight * value for weight, value in zip(CALIBRATION, evidence(whole, share), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))
