"""What hangs on what in formulas, and how often: it tells `x` from `\\times` and o from 0 where ink does not.

Counted in the formulas that the networks of ink are trained on (`training.ink.usage`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink_alphabet import CLASSES
from mathpixweb.engine.ocr.ink_relations import Relation, Tree

TABLE: Final = Path(__file__).parent / "models" / "ink_usage.npz"
FINE: Final = 16  # steps of a table's logarithm for each unit

# Tuned so that a table of the supply alone helps with invented formulas, and one of invented formulas with
# those of the supply: people write what neither has. The network has learnt from formulas as well.
FOLLOWS: Final = 0.1  # weight of what a symbol hangs on …
COMMON: Final = 0.4  # … of which so much is how common the symbol is anywhere, and does not count
HOLDS: Final = 0.1  # weight of what hangs on a symbol, or does not
SYMBOL: Final = 0.2  # what one more symbol costs on average, so that readings of few symbols are not the best
HANGS: Final = (0.1, 0.1)  # weights of the same two for where a symbol hangs
CERTAIN: Final = 6.0  # log odds that say no more than this
POSSIBLE: Final = 6  # classes of a symbol that are considered

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """Log probabilities.

    `follows` are by relation, class of the parent (the last is that of none) and class, less what is common
    anywhere; `holds` by class, relation and whether something hangs on the class in this way.
    """

    follows: Floats
    holds: Floats

    def hooks(self, classes: Sequence[int]) -> Floats:
        """What speaks for hanging on each other, by child, parent and relation."""
        of_pair, of_parent = HANGS
        odds = self.holds[classes, :, 1] - self.holds[classes, :, 0]
        found: Floats = of_pair * self.follows[:, classes][:, :, classes].transpose(2, 1, 0)
        return found + of_parent * np.clip(odds, -CERTAIN, CERTAIN)


@lru_cache(maxsize=1)
def usage() -> Usage:
    """Loaded once per process."""
    with np.load(TABLE) as table:
        names = [str(name) for name in table["classes"]]
        follows, common, held = (
            -table[key].astype(np.float64) / FINE for key in ("follows", "common", "held")
        )
    if names != [known.latex for known in CLASSES]:
        raise RuntimeError(f"{TABLE.name} was counted for other classes of symbols than this program knows.")
    bare = np.log1p(-np.exp(np.minimum(held, -1 / FINE)))
    held[:, Relation.RIGHT] = bare[:, Relation.RIGHT] = 0.0  # what follows may be still to be written
    return Usage(follows - COMMON * common, np.stack([bare, held], axis=2))


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Symbols that hang on each other: of each the `possible` classes, and what speaks for them.

    `fits` are for each symbol by class of what it hangs on and by its own class, among those possible.
    """

    parents: tuple[int, ...]
    possible: NDArray[np.int64]
    alone: Floats
    fits: list[Floats]

    @classmethod
    def of(cls, names: NDArray[np.float32], tree: Tree) -> Choice:
        """`names` are log probabilities by symbol and class. A symbol alone may be any, as what begins."""
        if len(names) == 1:
            order = np.argsort(-names, axis=1)
            alone = np.take_along_axis(names, order, axis=1).astype(np.float64)
            return cls((-1,), order, alone, [np.zeros(alone.shape)])
        possible = np.argsort(-names, axis=1, kind="stable")[:, :POSSIBLE]
        hung = np.zeros((len(names), len(Relation)), np.int64)
        fits = []
        for child, (parent, relation) in enumerate(zip(tree.parents, tree.relations, strict=True)):
            if parent >= 0:
                hung[parent, relation] = 1
            above = possible[parent] if parent >= 0 else np.array([len(CLASSES)])
            fits.append(FOLLOWS * usage().follows[relation][np.ix_(above, possible[child])])
        holds = usage().holds[possible[:, :, None], np.arange(len(Relation)), hung[:, None, :]]
        alone = np.take_along_axis(names, possible, axis=1) + HOLDS * holds.sum(axis=2) + SYMBOL
        return cls(tree.parents, possible, alone, fits)

    def best(self) -> list[int]:
        """For each symbol the place of its class among those possible, so that all together fit best."""
        total, chosen = self.alone.copy(), [0] * len(self.parents)
        best: list[NDArray[np.int64]] = [np.zeros(1, np.int64)] * len(self.parents)
        order = self._downwards()
        for child in reversed(order):
            weighed = self.fits[child] + total[child]
            best[child] = weighed.argmax(axis=1)
            if self.parents[child] >= 0:
                total[self.parents[child]] += weighed.max(axis=1)
        for child in order:
            chosen[child] = int(best[child][self._above(child, chosen)])
        return chosen

    def classes(self, chosen: Sequence[int]) -> list[int]:
        return [int(self.possible[place, choice]) for place, choice in enumerate(chosen)]

    def score(self, chosen: Sequence[int]) -> float:
        """What speaks for all of it."""
        return sum(self._own(place, chosen) for place in range(len(chosen)))

    def others(self, chosen: Sequence[int], how_many: int) -> list[list[int]]:
        """All as chosen but one symbol, which is what it may be as well; the likeliest first."""
        found = []
        for place in range(len(chosen)):
            around = [place, *(child for child, parent in enumerate(self.parents) if parent == place)]
            before = sum(self._own(k, chosen) for k in around)
            for other in range(self.possible.shape[1]):
                if other != chosen[place]:
                    changed = [*chosen[:place], other, *chosen[place + 1 :]]
                    found.append((sum(self._own(k, changed) for k in around) - before, changed))
        found.sort(key=lambda one: -one[0])
        return [changed for _, changed in found[:how_many]]

    def _own(self, place: int, chosen: Sequence[int]) -> float:
        choice = chosen[place]
        return float(self.alone[place, choice] + self.fits[place][self._above(place, chosen), choice])

    def _above(self, place: int, chosen: Sequence[int]) -> int:
        """The choice for what it hangs on."""
        parent = self.parents[place]
        return chosen[parent] if parent >= 0 else 0

    def _downwards(self) -> list[int]:
        """All symbols, each after the one that it hangs on."""
        below: list[list[int]] = [[] for _ in self.parents]
        order: list[int] = []
        for child, parent in enumerate(self.parents):
            (below[parent] if parent >= 0 else order).append(child)
        for place in order:
            order += below[place]
        return order
