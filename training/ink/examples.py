"""Formulas as strokes, with the groups that the recognizer will consider and what they are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mathpixweb.engine.ocr.ink import Ink, prepare
from mathpixweb.engine.ocr.ink_alphabet import DRAWN_AS, INDEX, NOTHING
from mathpixweb.engine.ocr.ink_groups import Group
from training.ink import penned
from training.ink.composing import compose
from training.ink.formulas import Tree
from training.ink.hands import Hand
from training.ink.inventing import invented
from training.ink.samples import Bank
from training.ink.setting import Stroke, Symbol

DELAYED = 0.15  # of formulas have a stroke drawn late, such as the dot of an i
UNTIMED = 0.15  # of formulas have lost the order of their strokes
PENNED = 0.4  # of formulas are found in pictures, if in one of so many pictures no symbol is lost:
TRIES = 4
COARSE = 0.5  # of formulas are drawn on a raster, of so many pixels an em:
RASTER = (20.0, 90.0)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A formula as strokes: `owner` tells for each stroke the symbol it is part of.

    `pictured` are strokes that were found in a picture.
    """

    tree: Tree
    ink: Ink
    symbols: list[Symbol]
    owner: list[int]
    timed: bool
    pictured: bool = False

    def label(self, group: Group) -> int:
        """The class of a group that is a whole symbol, else that of none."""
        owner = self.owner[group[0]]
        whole = all(self.owner[k] == owner for k in group) and self.owner.count(owner) == len(group)
        return INDEX[self.symbols[owner].latex] if whole else NOTHING

    def shape(self, group: Group) -> int:
        """The class that the group looks like."""
        label = self.label(group)
        latex = self.symbols[self.owner[group[0]]].latex
        return label if label == NOTHING else INDEX[DRAWN_AS.get(latex, latex)]

    def wholes(self) -> list[Group]:
        """The strokes of each symbol."""
        return [
            tuple(k for k, owner in enumerate(self.owner) if owner == place)
            for place in range(len(self.symbols))
        ]


def draw(tree: Tree, bank: Bank, rng: random.Random, pictured: float = PENNED) -> Drawn:
    """`pictured` is the share of formulas that are drawn with a pen and found in a picture of it."""
    symbols = compose(tree, Hand.any(bank, rng))
    if rng.random() < pictured:
        drawn = [(stroke, k) for k, symbol in enumerate(symbols) for stroke in symbol.strokes]
        for pairs in filter(None, (penned.found(drawn, rng) for _ in range(TRIES))):
            ink = prepare([stroke for stroke, _ in pairs])
            return Drawn(tree, ink, symbols, [k for _, k in pairs], timed=False, pictured=True)
    zoom = rng.uniform(*RASTER) if rng.random() < COARSE else 0.0
    pairs = [
        (_on_raster(stroke, zoom) if zoom else stroke, k)
        for k, symbol in enumerate(symbols)
        for stroke in symbol.strokes
    ]
    if rng.random() < DELAYED and len(pairs) > 3:
        late = pairs.pop(rng.randrange(len(pairs)))
        pairs.insert(rng.randint(0, len(pairs)), late)
    timed = rng.random() > UNTIMED
    if not timed:
        pairs.sort(key=lambda pair: float(pair[0][:, 0].min()))
    return Drawn(tree, prepare([stroke for stroke, _ in pairs]), symbols, [k for _, k in pairs], timed)


def _on_raster(stroke: Stroke, zoom: float) -> Stroke:
    return np.round(stroke * zoom).astype(np.float32)


def any_tree(supply: Sequence[Tree], rng: random.Random) -> Tree:
    return invented(rng) if rng.random() < 0.5 else rng.choice(supply)
