"""Counts what hangs on what in formulas: half of them of the supply, half invented, as they are drawn."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX
from mathpixweb.engine.ocr.ink_relations import Relation
from mathpixweb.engine.ocr.ink_usage import FINE
from training.ink.formulas import NAMES, STACKED, Node, Tree
from training.ink.inventing import invented

SEEN = 20.0  # times that each class counts as seen in any place …
OF_RELATION = 200.0  # … and so many of the common mixture of classes in each relation …
OF_PARENT = 8.0  # … and of the mixture of the relation on each parent
HELD = 10.0  # times that each class counts as seen holding what classes hold on average

Floats = NDArray[np.float64]


class Counts:
    """By relation, class of the parent (the last is that of none) and class."""

    def __init__(self) -> None:
        self.follows: Floats = np.zeros((len(Relation), len(CLASSES) + 1, len(CLASSES)))
        self.common: Floats = np.zeros(len(CLASSES))

    def add(self, tree: Tree) -> None:
        first, _ = self._hang(tree)
        self.follows[Relation.RIGHT, len(CLASSES), first] += 1

    def _hang(self, tree: Tree) -> tuple[int, int]:
        """Classes of the symbol that hangs on what comes before, and of that on which hangs what follows."""
        if isinstance(tree, str):
            return self._chain([(k, k) for k in map(self._one, tree if tree in NAMES else (tree,))])
        if tree.kind == "row":
            return self._chain([self._hang(part) for part in tree.parts if part is not None])
        if tree.kind == "lines":
            heads = [self._hang(line)[0] for line in tree.parts if line]
            return self._chain([(head, head) for head in heads], Relation.LINE)
        if tree.kind in ("scripts", "stack"):
            return self._scripts(tree)
        if tree.kind == "grid":
            return self._grid(tree)
        return self._sign(tree)

    def _one(self, latex: str) -> int:
        self.common[INDEX[latex]] += 1
        return INDEX[latex]

    def _edge(self, parent: int, relation: Relation, tree: Tree | None) -> None:
        if tree is not None:
            self.follows[relation, parent, self._hang(tree)[0]] += 1

    def _chain(
        self, pieces: Sequence[tuple[int, int]], relation: Relation = Relation.RIGHT
    ) -> tuple[int, int]:
        for (_, before), (after, _) in pairwise(pieces):
            self.follows[relation, before, after] += 1
        return pieces[0][0], pieces[-1][1]

    def _scripts(self, node: Node) -> tuple[int, int]:
        head, tail = self._hang(node.part(0))
        stacked = node.kind == "stack" or (isinstance(node.parts[0], str) and node.parts[0] in STACKED)
        self._edge(tail, Relation.BELOW if stacked else Relation.SUB, node.parts[1])
        self._edge(tail, Relation.ABOVE if stacked else Relation.SUP, node.parts[2])
        return head, tail

    def _grid(self, node: Node) -> tuple[int, int]:
        left, right, *rows = node.parts
        opening = self._one(str(left))
        above = None
        for row in rows:
            cells = [self._hang(cell)[0] for cell in row.parts if cell] if isinstance(row, Node) else []
            self._chain([(cell, cell) for cell in cells], Relation.CELL)
            self.follows[
                Relation.INSIDE if above is None else Relation.LINE,
                opening if above is None else above,
                cells[0],
            ] += 1
            above = cells[0]
        if right is None:
            return opening, opening
        closing = self._one(str(right))
        return self._chain([(opening, opening), (closing, closing)])

    def _sign(self, node: Node) -> tuple[int, int]:
        """A fraction bar, a root or an accent with what hangs on it."""
        if node.kind == "accent":
            mark = self._one(str(node.parts[0]))
            self._edge(mark, Relation.BELOW, node.parts[1])
            return mark, mark
        sign = self._one(r"\sqrt" if node.kind == "sqrt" else "-")
        inner, outer = (
            (Relation.INSIDE, Relation.ABOVE) if node.kind == "sqrt" else (Relation.ABOVE, Relation.BELOW)
        )
        for part, relation in zip(node.parts, (inner, outer), strict=False):
            self._edge(sign, relation, part)
        return sign, sign


def count(supply: Sequence[Tree], seed: int, path: Path) -> None:
    """Writes the table that the application weighs its readings with."""
    rng = random.Random(seed)
    counts = Counts()
    for tree in _mixed(supply, rng):
        counts.add(tree)
    common = (counts.common + SEEN) / (counts.common + SEEN).sum()
    inner = counts.follows[:, :-1]
    of_relation = inner.sum(axis=1) + OF_RELATION * common
    of_relation /= of_relation.sum(axis=1, keepdims=True)
    seen = counts.follows.sum(axis=2, keepdims=True)
    follows = (counts.follows + OF_PARENT * of_relation[:, None, :]) / (seen + OF_PARENT)
    usual = inner.sum(axis=(1, 2)) / counts.common.sum()
    held = (inner.sum(axis=2).T + HELD * usual) / (counts.common[:, None] + HELD)
    np.savez_compressed(
        path,
        classes=np.array([known.latex for known in CLASSES]),
        follows=_fine(follows),
        common=_fine(common),
        held=_fine(held),
    )


def _mixed(supply: Sequence[Tree], rng: random.Random) -> Iterator[Tree]:
    invention: Iterable[Tree] = (invented(rng) for _ in supply)
    for written, other in zip(supply, invention, strict=True):
        yield written
        yield other


def _fine(chances: Floats) -> NDArray[np.uint8]:
    """Negative logarithms in steps."""
    found: NDArray[np.uint8] = np.round(np.clip(-np.log(chances) * FINE, 0, 255)).astype(np.uint8)
    return found
