"""Pieces set in rows: the cells of matrices, and lines under each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mathpixweb.engine.ocr.ink_relations import Relation
from training.ink.hands import Hand
from training.ink.setting import Piece


def cells(rows: Sequence[Sequence[Piece]], hand: Hand, size: float) -> Piece:
    """The first cell of each row hangs on the one above, others on the one before."""
    rng = hand.rng
    widths = [max(piece.width for piece in column) for column in zip(*rows, strict=True)]
    across, down = rng.uniform(0.45, 1.3) * size, rng.uniform(0.15, 0.6) * size
    centred = rng.choice([0.0, 0.5, 0.5])
    y = 0.0
    placed: list[list[Piece]] = []
    for row in rows:
        if placed:
            y += down + max(piece.up for piece in row)
        x = 0.0
        placed.append([])
        for width, piece in zip(widths, row, strict=True):
            shift = centred * (width - piece.width) + rng.gauss(0, 0.06) * size
            placed[-1].append(piece.moved(x + max(0.0, shift), y + rng.gauss(0, 0.05) * size))
            x += width + across
        y += max(piece.down for piece in row)
    for above, below in pairwise(placed):
        below[0].head.hang_on(above[0].head, Relation.LINE)
    for row in placed:
        for before, after in pairwise(row):
            after.head.hang_on(before.head, Relation.CELL)
    return _together([piece for row in placed for piece in row])


def lines(formulas: Sequence[Piece], hand: Hand, size: float) -> Piece:
    rng = hand.rng
    gap = rng.uniform(0.25, 1.0) * size
    placed = [formulas[0]]
    for line in formulas[1:]:
        dx = rng.choice([0.0, 0.0, rng.uniform(0, 2)]) * size + rng.gauss(0, 0.1) * size
        placed.append(line.moved(dx, placed[-1].down + gap + line.up))
        placed[-1].head.hang_on(placed[-2].head, Relation.LINE)
    return _together(placed)


def _together(pieces: Sequence[Piece]) -> Piece:
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole.with_(piece, tail=whole.tail)
    return whole
