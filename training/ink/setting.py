"""Symbols that are set together, and how closely they stand beside each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink_relations import Relation

Stroke = NDArray[np.float32]

BANDS = 0.12  # em; heights within which ink meets ink
REACH_OVER = 0.3  # em; by how much the boxes of neighbours overlap at most


@dataclass(slots=True, eq=False)
class Symbol:
    """One symbol as it was drawn, in em; y grows downwards, the first baseline is at 0.

    `parent` is the symbol that it hangs on, nothing for the first one of the formula.
    """

    latex: str
    strokes: list[Stroke]
    parent: Symbol | None = None
    relation: Relation | None = None

    def moved(self, dx: float, dy: float) -> None:
        self.strokes = [stroke + np.array([dx, dy], np.float32) for stroke in self.strokes]

    def hang_on(self, parent: Symbol, relation: Relation) -> None:
        self.parent, self.relation = parent, relation


@dataclass(slots=True, eq=False)
class Piece:
    """Symbols set together; their ink reaches from 0 to `width`, from `-up` to `down`.

    What comes before hangs the piece up by its `head`, what comes after hangs on its `tail`.
    """

    symbols: list[Symbol]
    width: float
    up: float
    down: float
    head: Symbol
    tail: Symbol

    @classmethod
    def of(cls, symbol: Symbol, width: float, up: float, down: float) -> Piece:
        return cls([symbol], width, up, down, symbol, symbol)

    def moved(self, dx: float, dy: float) -> Piece:
        """The piece further to the right by `dx`, which counts as its width, and further down."""
        for symbol in self.symbols:
            symbol.moved(dx, dy)
        return Piece(self.symbols, self.width + dx, self.up - dy, self.down + dy, self.head, self.tail)

    def with_(self, other: Piece, *, tail: Symbol) -> Piece:
        return Piece(
            self.symbols + other.symbols,
            max(self.width, other.width),
            max(self.up, other.up),
            max(self.down, other.down),
            self.head,
            tail,
        )


def beside(before: Piece, after: Piece, gap: float, *, by_ink: bool) -> float:
    """How far to the right `after`, which stands at 0, goes: by the boxes, or by the ink itself."""
    if not by_ink:
        return before.width + gap
    right, left = _edges(before, 1.0), _edges(after, -1.0)
    meeting = [right[band] + left[band] for band in right.keys() & left.keys()]
    closest = max(meeting, default=0.0)
    return max(closest, before.width - REACH_OVER) + gap


def _edges(piece: Piece, side: float) -> dict[int, float]:
    """How far the ink reaches to one side, by its height."""
    points = np.concatenate([stroke for symbol in piece.symbols for stroke in symbol.strokes])
    found: dict[int, float] = {}
    for band, x in zip(
        (points[:, 1] / BANDS).astype(int).tolist(), (side * points[:, 0]).tolist(), strict=True
    ):
        if x > found.get(band, -1e9):
            found[band] = x
    return found
