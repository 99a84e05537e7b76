"""What stands beside what in printed formulas, and what is in one already: it tells symbols of one shape.

Counted in the layouts that the network is trained on (`training.printed.usage`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

TABLE: Final = Path(__file__).parent / "models" / "symbols_usage.npz"
RELATIONS: Final = 3  # to follow on the line, and to be a script
RIGHT, RAISED, LOWERED = 0, 1, 2

# Where symbols stand to each other, in em.
FARTHEST: Final = 2.2  # to what a symbol follows …
NEAR: Final = 0.9  # … and to what it is a script of
APART: Final = 1.1  # between baselines of what may belong together
OVERLAP: Final = 0.25  # of neighbours' boxes at most
LEVEL: Final = 0.16  # between baselines that are one
OFF: Final = 0.08  # between that of a script and that of what bears it
SMALLER: Final = 1.15  # ratio of sizes from which a symbol is a script of the other …
LIKE: Final = 0.87  # … and from which they may be of one line
LOOKED_AT: Final = 8  # symbols before, from the nearest

# Tuned on renderings of held-out formulas.
USUAL: Final = 0.25  # weight of what usually stands there …
COMMON: Final = 0.5  # … of which so much is how common the symbol is anywhere, and does not count
AGAIN: Final = 1.0  # what it counts that the same symbol was surely seen elsewhere
OF_PARENT: Final = 30.0  # times that the mixture of a relation counts as seen beside each symbol …
OF_RELATION: Final = 300.0  # … and the mixture of all symbols in each relation
LEAST: Final = 1e-6  # a probability that is never taken to be nothing
POSSIBLE: Final = 1e-3  # probability of a guess that is considered

Floats = NDArray[np.float64]
Place = tuple[int, int]  # the symbol that another follows or is a script of, -1 if none, and how


def places(boxes: Floats, baselines: Floats, sizes: Floats) -> list[Place]:
    """For each symbol the nearest one before it on its line, or the one that it is a script of."""
    order = np.argsort(-boxes[:, 2], kind="stable").tolist()
    return [_place(k, order, boxes, baselines, sizes) for k in range(len(boxes))]


def _place(own: int, order: Sequence[int], boxes: Floats, baselines: Floats, sizes: Floats) -> Place:
    looked_at = 0
    for other in order:
        white, large = boxes[own, 0] - boxes[other, 2], max(sizes[own], sizes[other])
        if (
            other == own
            or white < -OVERLAP * sizes[own]
            or abs(baselines[other] - baselines[own]) > APART * large
        ):
            continue
        looked_at += 1
        if white > FARTHEST * large or looked_at > LOOKED_AT:
            break
        ratio = sizes[other] / sizes[own]
        if ratio > SMALLER:
            raised = baselines[own] < baselines[other] - OFF * sizes[other]
            return (other, RAISED if raised else LOWERED) if white < NEAR * sizes[other] else (-1, RIGHT)
        if ratio > LIKE and abs(baselines[other] - baselines[own]) < LEVEL * sizes[own]:
            return other, RIGHT
    return -1, RIGHT


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """Numbers of symbols; how often pairs were seen, by relation; the mixtures of all symbols."""

    numbers: dict[Symbol, int]
    pairs: tuple[dict[int, int], ...]
    seen: Floats
    mixtures: Floats
    common: Floats

    def fits(self, relation: int, parent: int, child: int) -> float:
        """How much more usual the child is there than anywhere, as a weighed logarithm."""
        pair = self.pairs[relation].get(parent * len(self.common) + child, 0)
        share = pair + OF_PARENT * self.mixtures[relation, child]
        usual = math.log(share / (self.seen[relation, parent] + OF_PARENT))
        return USUAL * (usual - COMMON * math.log(self.common[child]))


@lru_cache(maxsize=1)
def usage() -> Usage:
    """Loaded once per process. The number after the last symbol is that of none."""
    with np.load(TABLE) as table:
        rows, keys, counts = (table[name] for name in ("symbols", "keys", "counts"))
        common = (table["common"] + 1.0) / (table["common"] + 1.0).sum()
    numbers = {_symbol(str(row)): number for number, row in enumerate(rows)}
    size = len(common)
    pairs: tuple[dict[int, int], ...] = tuple({} for _ in range(RELATIONS))
    seen, mixtures = np.zeros((RELATIONS, size)), np.zeros((RELATIONS, size))
    relations, within = np.divmod(keys, size * size)
    np.add.at(seen, (relations, within // size), counts)
    np.add.at(mixtures, (relations, within % size), counts)
    for relation, key, count in zip(relations.tolist(), within.tolist(), counts.tolist(), strict=True):
        pairs[relation][key] = count
    mixtures = (mixtures + OF_RELATION * common) / (mixtures.sum(axis=1, keepdims=True) + OF_RELATION)
    return Usage(numbers, pairs, seen, mixtures, common)


def _symbol(row: str) -> Symbol:
    latex, kind, face = row.split("\t")
    return Symbol(latex, Kind(kind), face)


def weighed(symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """The symbols, of which each has the guess first that fits best to what stands around it."""
    guesses = [_possible(symbol) for symbol in symbols]
    if not any(len(of_one) > 1 for of_one in guesses):
        return list(symbols)
    hooks = places(
        np.array([symbol.box.edges for symbol in symbols]),
        np.array([symbol.baseline for symbol in symbols]),
        np.array([symbol.size for symbol in symbols]),
    )
    chosen = _best(hooks, [[number for number, _ in of_one] for of_one in guesses], _alone(guesses))
    return [
        _first(symbol, of_one[choice][1])
        for symbol, of_one, choice in zip(symbols, guesses, chosen, strict=True)
    ]


def _possible(symbol: FoundSymbol) -> list[tuple[int, Guess]]:
    """Its guesses with their numbers; what the table does not know has that of none."""
    table = usage()
    nobody = len(table.numbers)
    first, *others = symbol.guesses
    kept = [
        first,
        *(guess for guess in others if guess.probability > POSSIBLE and guess.symbol in table.numbers),
    ]
    return [(table.numbers.get(guess.symbol, nobody), guess) for guess in kept]


def _alone(guesses: Sequence[Sequence[tuple[int, Guess]]]) -> list[Floats]:
    """What speaks for each guess without its neighbours: how it looks, and that it is there elsewhere."""
    holders: dict[int, list[tuple[float, int]]] = {}
    for place, of_one in enumerate(guesses):
        for number, guess in of_one:
            holders.setdefault(number, []).append((guess.probability, place))
    surest = {number: sorted(held, reverse=True)[:2] for number, held in holders.items()}
    return [
        np.array(
            [
                math.log(max(guess.probability, LEAST))
                + AGAIN * next((chance for chance, other in surest[number] if other != place), 0.0)
                for number, guess in of_one
            ]
        )
        for place, of_one in enumerate(guesses)
    ]


def _best(hooks: Sequence[Place], numbers: Sequence[Sequence[int]], alone: Sequence[Floats]) -> list[int]:
    """For each symbol the guess with which all together fit best."""
    table = usage()
    nobody = [len(table.numbers)]
    total = [own.copy() for own in alone]
    best: list[NDArray[np.int64]] = [np.zeros(1, np.int64)] * len(hooks)
    order = _onwards(hooks)
    for child in reversed(order):
        parent, relation = hooks[child]
        above = numbers[parent] if parent >= 0 else nobody
        fits = np.array([[table.fits(relation, one, other) for other in numbers[child]] for one in above])
        fits += total[child]
        best[child] = fits.argmax(axis=1)
        if parent >= 0:
            total[parent] += fits.max(axis=1)
    chosen = [0] * len(hooks)
    for child in order:
        parent, _ = hooks[child]
        chosen[child] = int(best[child][chosen[parent] if parent >= 0 else 0])
    return chosen


def _onwards(hooks: Sequence[Place]) -> list[int]:
    """All symbols that hang together without a circle, each after the one that it follows."""
    below: list[list[int]] = [[] for _ in hooks]
    order: list[int] = []
    for child, (parent, _) in enumerate(hooks):
        (below[parent] if parent >= 0 else order).append(child)
    for place in order:
        order += below[place]
    return order


def _first(symbol: FoundSymbol, guess: Guess) -> FoundSymbol:
    if guess is symbol.guesses[0]:
        return symbol
    return replace(symbol, guesses=(guess, *(other for other in symbol.guesses if other is not guess)))
