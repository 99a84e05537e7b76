"""Groups of strokes with what they are, cut from composed formulas as the recognizer will cut them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink import Ink, prepare
from mathpixweb.engine.ocr.ink_alphabet import INDEX, NOTHING
from mathpixweb.engine.ocr.ink_features import describe
from mathpixweb.engine.ocr.ink_groups import Group, candidates
from training.ink.composing import Hand, Symbol, compose
from training.ink.formulas import Tree, invented
from training.ink.samples import Bank

Groups = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]

WRONG_PER_RIGHT = 1.2  # groups that are no symbol, for each one that is
DELAYED = 0.05  # of formulas have one stroke drawn at the end, such as a dot of an i


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A formula as strokes: `owner` tells for each stroke the symbol it is part of."""

    tree: Tree
    ink: Ink
    symbols: list[Symbol]
    owner: list[int]

    def label(self, group: Group) -> int:
        owners = {self.owner[k] for k in group}
        whole = len(owners) == 1 and self.owner.count(self.owner[group[0]]) == len(group)
        return INDEX[self.symbols[self.owner[group[0]]].latex] if whole else NOTHING


def draw(tree: Tree, bank: Bank, rng: random.Random) -> Drawn:
    symbols = compose(tree, Hand.any(bank, rng))
    pairs = [(stroke, k) for k, symbol in enumerate(symbols) for stroke in symbol.strokes]
    if rng.random() < DELAYED and len(pairs) > 3:
        pairs.append(pairs.pop(rng.randrange(len(pairs))))
    return Drawn(tree, prepare([stroke for stroke, _ in pairs]), symbols, [k for _, k in pairs])


def any_tree(supply: Sequence[Tree], rng: random.Random) -> Tree:
    return invented(rng) if rng.random() < 0.65 else rng.choice(supply)


def batch(count: int, supply: Sequence[Tree], bank: Bank, rng: random.Random) -> Groups:
    """Maps, facts and classes of at least `count` groups."""
    maps, facts, classes, made = [], [], [], 0
    while made < count:
        drawn = draw(any_tree(supply, rng), bank, rng)
        groups = candidates(drawn.ink)
        right = [group for group in groups if drawn.label(group) != NOTHING]
        wrong = [group for group in groups if drawn.label(group) == NOTHING]
        chosen = right + rng.sample(wrong, min(len(wrong), 2 + int(WRONG_PER_RIGHT * len(right))))
        part_maps, part_facts = describe(drawn.ink, chosen)
        maps.append(part_maps)
        facts.append(part_facts)
        classes += [drawn.label(group) for group in chosen]
        made += len(chosen)
    return np.concatenate(maps), np.concatenate(facts), np.array(classes, np.int64)
