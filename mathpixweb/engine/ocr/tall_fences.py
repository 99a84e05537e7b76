"""Brackets around many rows, which are too high for the network: told from each other by their shape.

They come in pairs of one height, but for a brace. What the network takes them or parts of them for gives way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess, Sighting

INKED: Final = 0.4  # darkness of ink
TALL, TALLEST = 3.2, 14.0  # em
WIDEST: Final = 1.1  # em …
SLENDER: Final = 4.0  # … and so many times as high as wide
ALIKE: Final = 0.3  # em by which the ends of a pair may differ
BARE: Final = 1.7  # times as wide as its stroke is a bar, at most
BENT: Final = 0.15  # of the width by which the middle of a stroke wanders where it is bent
STRAIGHT: Final = 0.1  # of the width by which a brace wanders beside its point
PROBABLE: Final = 0.9
_KINDS: Final = {
    "[": Kind.OPEN,
    "(": Kind.OPEN,
    r"\{": Kind.OPEN,
    "]": Kind.CLOSE,
    ")": Kind.CLOSE,
    r"\}": Kind.CLOSE,
    "|": Kind.VERT,
}
_PAIRS: Final = (("[", "]"), ("(", ")"), (r"\{", r"\}"), ("|", "|"))
Floats = NDArray[np.float32]


def completed(seen: Sighting, ink: Floats) -> Sighting:
    """The sighting with the tall brackets in this ink."""
    if not seen.size:
        return seen
    fences = list(_fences(seen, ink > INKED))
    found = [fence for fence in fences if _is_kept(fence, fences)]
    if not found:
        return seen
    rest = [s for s in seen.symbols if not any(_lies_in(s.box, fence.box) for fence in found)]
    rules = tuple(rule for rule in seen.rules if not any(_lies_in(rule.box, fence.box) for fence in found))
    return replace(seen, symbols=tuple(sorted([*rest, *found], key=lambda s: s.box.x0)), rules=rules)


def _fences(seen: Sighting, inked: NDArray[np.bool_]) -> Iterator[FoundSymbol]:
    size = seen.size
    for box in boxes_of(inked):
        tall = TALL * size < box.height < TALLEST * size
        if not tall or box.width > min(WIDEST * size, box.height / SLENDER):
            continue
        if any(
            s.best.kind not in _KINDS.values() and s.box.height > box.height / 2 for s in _over(box, seen)
        ):
            continue
        name = _name(inked[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)])
        if name:
            guess = Guess(Symbol(name, _KINDS[name]), PROBABLE)
            yield FoundSymbol((guess,), PROBABLE, box, box.cy, size)


def _over(box: Box, seen: Sighting) -> list[FoundSymbol]:
    return [s for s in seen.symbols if s.box.x_overlap(box) > 0 and s.box.y_overlap(box) > 0]


def _name(stroke: NDArray[np.bool_]) -> str:
    """By where the stroke is at its middle, beside that and near its ends, as shares of the width."""
    height, width = stroke.shape
    columns = np.arange(width)
    middles = [columns[row].mean() / width if row.any() else np.nan for row in stroke]
    thickness = float(np.median(stroke.sum(axis=1)))
    if width < BARE * thickness + 1:
        return "|"

    def at(share: float) -> float:
        rows = [middles[int(share * height)], middles[int((1 - share) * height)]]
        return float(np.nanmean(rows))

    middle, inner, outer, end = at(0.5), at(0.35), at(0.2), at(0.08)
    if np.isnan([middle, inner, outer, end]).any():
        return ""
    quarter = (inner + outer) / 2
    if abs(middle - quarter) > BENT and abs(inner - outer) < STRAIGHT:
        return r"\{" if middle < quarter else r"\}"
    if abs(end - middle) > BENT:
        return "(" if middle < end else ")"
    return "[" if middle < 0.5 else "]"


def _is_kept(fence: FoundSymbol, fences: Sequence[FoundSymbol]) -> bool:
    name = fence.best.latex
    return name == r"\{" or any(
        _is_level(fence.box, other.box, ALIKE * fence.size)
        for other in fences
        if other is not fence and {(name, other.best.latex), (other.best.latex, name)} & set(_PAIRS)
    )


def _is_level(one: Box, other: Box, near: float) -> bool:
    return abs(one.y0 - other.y0) < near and abs(one.y1 - other.y1) < near


def _lies_in(box: Box, fence: Box) -> bool:
    return fence.grown(1).contains_point(box.cx, box.cy)
