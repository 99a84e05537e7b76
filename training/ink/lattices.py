"""What the reading network sees of a drawn formula, and what it has to find out."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mathpixweb.engine.ocr import ink_places
from mathpixweb.engine.ocr.ink import Ink
from mathpixweb.engine.ocr.ink_alphabet import INDEX, NOTHING
from mathpixweb.engine.ocr.ink_features import describe
from mathpixweb.engine.ocr.ink_groups import Group, candidates, likeliest, likely
from mathpixweb.engine.ocr.ink_relations import Relation
from training.ink.examples import Drawn
from training.ink.network import GroupNet, ShapeNet

NONE = -100  # no parent to be found: no symbol, or the parent is not among the groups
ROOT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Groups with their shapes and places; for each its class, its parent's row and the relation."""

    groups: list[Group]
    shapes: NDArray[np.float16]
    places: NDArray[np.float64]
    timed: bool
    classes: NDArray[np.int64]
    parents: NDArray[np.int64]
    relations: NDArray[np.int64]


def considered(ink: Ink, net: GroupNet) -> list[Group]:
    """The groups that the application will look at."""
    found = candidates(ink)
    with torch.no_grad():
        return likeliest(found, net(torch.from_numpy(found.numbers)).numpy())


def lattice(drawn: Drawn, groups_net: GroupNet, shapes_net: ShapeNet) -> Lattice:
    """Groups that are whole symbols are in it even if the application would not look at them."""
    groups = sorted(
        {*considered(drawn.ink, groups_net), *drawn.wholes()}, key=lambda group: (len(group), group)
    )
    maps, facts = describe(drawn.ink, groups)
    with torch.no_grad():
        scores, shapes = shapes_net(torch.from_numpy(maps), torch.from_numpy(facts))
    nothing = torch.softmax(scores, dim=1)[:, NOTHING].numpy()
    wholes = {group: place for place, group in enumerate(drawn.wholes())}
    rows = sorted({*likely(groups, 1.0 - nothing), *(groups.index(group) for group in wholes)})
    kept = [groups[row] for row in rows]
    row_of = {wholes[group]: row for row, group in enumerate(kept) if group in wholes}
    classes = np.full(len(kept), NOTHING)
    parents, relations = np.full(len(kept), NONE), np.zeros(len(kept), np.int64)
    for place, row in row_of.items():
        symbol = drawn.symbols[place]
        classes[row] = INDEX[symbol.latex]
        parents[row] = ROOT if symbol.parent is None else row_of[drawn.symbols.index(symbol.parent)]
        relations[row] = symbol.relation or Relation.RIGHT
    return Lattice(
        kept,
        shapes[rows].numpy().astype(np.float16),
        ink_places.boxes(drawn.ink, kept),
        drawn.timed,
        classes,
        parents,
        relations,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Lattices side by side, filled up to the size of the largest."""

    shapes: Tensor
    numbers: Tensor
    pairs: Tensor
    blank: Tensor
    classes: Tensor
    hooks: Tensor  # parent and relation as one number, that of the root, or NONE


def together(lattices: list[Lattice], rng: random.Random) -> Batch:
    count, most = len(lattices), max(len(each.groups) for each in lattices)
    shapes = np.zeros((count, most, lattices[0].shapes.shape[1]), np.float32)
    numbers = np.zeros((count, most, ink_places.NUMBERS), np.float32)
    pairs = np.zeros((count, most, most, ink_places.PAIRS), np.float32)
    blank = np.full((count, most), -1e4, np.float32)
    classes, hooks = np.full((count, most), NONE), np.full((count, most), NONE)
    for row, each in enumerate(lattices):
        size = len(each.groups)
        timed = each.timed and rng.random() > 0.1
        shapes[row, :size] = each.shapes
        places = each.places * np.exp(rng.gauss(0, 0.1))
        numbers[row, :size], pairs[row, :size, :size] = ink_places.describe(places, each.groups, timed=timed)
        blank[row, :size] = 0.0
        classes[row, :size] = each.classes
        hooks[row, :size] = np.where(
            each.parents == ROOT,
            most * len(Relation),
            np.where(each.parents == NONE, NONE, each.parents * len(Relation) + each.relations),
        )
    tensors = (torch.from_numpy(part) for part in (shapes, numbers, pairs, blank, classes, hooks))
    return Batch(*tensors)
