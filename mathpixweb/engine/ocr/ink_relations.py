"""Which symbol hangs on which, and how: the likeliest tree over the symbols of a drawing.

Every symbol but the first hangs on one other. On each symbol at most one other hangs in each way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEVER: Final = -1e9
MOST_REPAIRS: Final = 40


class Relation(IntEnum):
    """How a symbol hangs on another; what follows it on its line hangs on it in turn."""

    RIGHT = 0
    SUP = 1
    SUB = 2
    ABOVE = 3  # over a fraction bar or an operator, the index of a root
    BELOW = 4
    INSIDE = 5  # under a root, or the first cell of a matrix on its bracket
    LINE = 6  # the first symbol of the next line or row
    CELL = 7  # the first symbol of the next cell


@dataclass(frozen=True, slots=True)
class Tree:
    """Each symbol's parent, -1 for the first one, and their relations; `score` is a log probability."""

    parents: tuple[int, ...]
    relations: tuple[Relation, ...]
    score: float


def best(edges: Floats, roots: Floats, usual: Floats | float = 0.0) -> Tree:
    """The likeliest tree; `edges` are log probabilities by child, parent and relation.

    `usual` is what else speaks for them; it does not count in the score.
    """
    seen, edges = edges, edges + usual
    count = len(roots)
    edges[np.arange(count), np.arange(count)] = NEVER
    for _ in range(MOST_REPAIRS):
        relations = edges.argmax(axis=2)
        parents = _arborescence(edges.max(axis=2), roots)
        if not _unhook(edges, parents, relations):
            break
    places = [k for k in range(count) if parents[k] >= 0]
    score = sum(float(seen[k, parents[k], relations[k, parents[k]]]) for k in places)
    score += sum(float(roots[k]) for k in range(count) if parents[k] < 0)
    kinds = tuple(
        Relation(int(relations[k, parents[k]])) if parents[k] >= 0 else Relation.RIGHT for k in range(count)
    )
    return Tree(tuple(parents), kinds, score)


def _unhook(edges: Floats, parents: list[int], relations: NDArray[np.int64]) -> bool:
    """Forbids all but one of the symbols that hang on another in the same way; whether there were any."""
    taken: dict[tuple[int, int], int] = {}
    found = False
    for child, parent in enumerate(parents):
        if parent < 0:
            continue
        hook = (parent, int(relations[child, parent]))
        other = taken.setdefault(hook, child)
        if other != child:
            found = True
            loser = min((child, other), key=lambda k: _needs(edges, k, hook))
            edges[loser, hook[0], hook[1]] = NEVER
            taken[hook] = child if loser == other else other
    return found


def _needs(edges: Floats, child: int, hook: tuple[int, int]) -> float:
    """How much likelier this place is than the next best one of the child."""
    own = edges[child, hook[0], hook[1]]
    rest = edges[child].copy()
    rest[hook] = NEVER
    return float(own - rest.max())


def _arborescence(weights: Floats, roots: Floats) -> list[int]:
    """Parents in a tree of high weight: the likeliest of each, cycles broken where it costs least."""
    count = len(roots)
    if count == 1:
        return [-1]
    first = int((roots - weights.max(axis=1)).argmax())
    weights = weights.copy()
    weights[first] = NEVER
    parents = weights.argmax(axis=1)
    parents[first] = -1
    while (cycle := _cycle(parents)) is not None:
        _break(weights, parents, cycle)
    return [int(parent) for parent in parents]


def _cycle(parents: NDArray[np.int64]) -> list[int] | None:
    state = np.zeros(len(parents), np.int8)
    for start in range(len(parents)):
        path, here = [], start
        while here >= 0 and state[here] == 0:
            state[here] = 1
            path.append(here)
            here = int(parents[here])
        if here >= 0 and state[here] == 1:
            return path[path.index(here) :]
        state[path] = 2
    return None


def _break(weights: Floats, parents: NDArray[np.int64], cycle: list[int]) -> None:
    """Hangs the one of the cycle elsewhere that loses least by it."""
    below = _descendants(parents, cycle)
    outside = [k for k in range(len(parents)) if k not in below]
    if not outside:  # nothing else is left to hang on
        parents[cycle[0]] = -1
        return
    options = weights[np.ix_(cycle, outside)]
    loss = weights[cycle, parents[cycle]][:, None] - options
    child, parent = np.unravel_index(int(loss.argmin()), loss.shape)
    parents[cycle[int(child)]] = outside[int(parent)]


def _descendants(parents: NDArray[np.int64], cycle: list[int]) -> set[int]:
    """The cycle and all that hangs on it."""
    below = set(cycle)
    for start in range(len(parents)):
        path, here = [], start
        while here >= 0 and here not in below and here not in path:
            path.append(here)
            here = int(parents[here])
        if here in below:
            below.update(path)
    return below
