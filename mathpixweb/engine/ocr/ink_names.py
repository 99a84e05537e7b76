"""Letters next to each other that are the name of a function."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.words import NAMES
from mathpixweb.engine.ocr.ink_lines import Element
from mathpixweb.engine.ocr.ink_pieces import Piece, Reading

# Names long enough, and common enough, to be told from a product of variables.
KNOWN: Final = tuple(sorted((name for name in NAMES if len(name) > 1), key=len, reverse=True))
_LETTERS: Final = frozenset({Kind.LETTER, Kind.DIGIT, Kind.VERT, Kind.PRIME, Kind.BIN, Kind.ORD, Kind.OPEN})
STACKING: Final = ("lim", "max", "min", "sup", "inf")
MIDDLE: Final = 0.3  # em over the baseline, where such names have their centre
DOUBTFUL: Final = 4.5  # cost up to which a letter may be another than its best reading
WHOLE: Final = 1.6  # cost per letter up to which a name is read
_LIKE: Final = {"l": "l|1I", "i": "ij1", "o": "o0O", "s": "sS5", "c": "cC", "x": "x", "t": "t+", "g": "g9q"}


def found(elements: Sequence[Element]) -> Iterator[tuple[str, Sequence[Element]]]:
    """The elements one by one, or several as a name."""
    position = 0
    while position < len(elements):
        name = _name_at(elements, position)
        length = len(name) or 1
        yield name, elements[position : position + length]
        position += length


def among(pieces: Sequence[Piece]) -> Iterator[tuple[str, list[Piece]]]:
    """Letters beside each other that are a name of at least three letters, longer names first."""
    ordered = sorted((p for p in pieces if p.kind in _LETTERS), key=lambda p: p.box.x0)
    for name in KNOWN:
        for first in ordered if len(name) > 2 else ():
            level = [p for p in ordered if p is first or _beside(p, first)]
            start = level.index(first)
            letters = level[start : start + len(name)]
            if len(letters) == len(name) and _near(letters) and cost_of(letters, name) < WHOLE * len(name):
                yield name, letters


def cost_of(letters: Sequence[Piece], name: str) -> float:
    """How unlikely it is that these are the letters of the name."""
    return sum(_cost(piece, letter) for piece, letter in zip(letters, name, strict=True))


def steady(piece: Piece) -> Reading | None:
    """The reading that tells the size of a letter, if there is one."""
    return next((reading for reading in piece.readings if reading.size and reading.kind is Kind.LETTER), None)


def _beside(one: Piece, other: Piece) -> bool:
    return one.box.y_overlap(other.box) > 0.4 * min(one.box.height, other.box.height)


def _name_at(elements: Sequence[Element], position: int) -> str:
    """A name of two letters; longer ones have been found before."""
    for name in KNOWN:
        letters = elements[position : position + len(name)]
        if len(letters) == len(name) and not any(e.sub or e.sup for e in letters[:-1]):
            read = all(e.reading.latex == letter for e, letter in zip(letters, name, strict=True))
            if read and _near([e.piece for e in letters]):
                return name
    return ""


def _cost(piece: Piece, letter: str) -> float:
    costs = [reading.cost for reading in piece.readings if reading.latex == letter]
    if costs:
        return min(costs[0], DOUBTFUL)
    like = piece.latex in _LIKE.get(letter, letter.upper())
    return 2.0 if len(piece.latex) == 1 and like else math.inf


def _near(letters: Sequence[Piece]) -> bool:
    boxes = [piece.box for piece in letters]
    height = max(box.height for box in boxes)
    return all(after.x0 - before.x1 < 0.9 * height for before, after in pairwise(boxes))
