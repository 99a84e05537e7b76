"""The rules on a page, level and upright, as tables have them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.geometry import Box

TOUCHING: Final = 0.5  # em between rules of one lattice
EDGE: Final = 0.6  # em by which rules may stand out of a table's box


@dataclass(frozen=True, slots=True)
class Rulings:
    """`bars` from top to bottom, `stems` from left to right, in pixels with y downwards."""

    bars: tuple[Box, ...] = ()
    stems: tuple[Box, ...] = ()

    def within(self, box: Box, em: float) -> Rulings:
        around = box.grown(EDGE * em)
        return Rulings(
            tuple(bar for bar in self.bars if around.contains_point(bar.cx, bar.cy)),
            tuple(stem for stem in self.stems if around.contains_point(stem.cx, stem.cy)),
        )


def rulings_of(rules: Iterable[tuple[Box, bool]]) -> Rulings:
    """From boxes with whether they are upright."""
    listed = list(rules)
    bars = sorted((box for box, upright in listed if not upright), key=lambda box: box.cy)
    stems = sorted((box for box, upright in listed if upright), key=lambda box: box.cx)
    return Rulings(tuple(bars), tuple(stems))


def lattices(rulings: Rulings, em: float) -> list[Rulings]:
    """Rules that touch each other, each group with at least two of either kind."""
    groups: list[list[tuple[Box, bool]]] = []
    for rule in [*((bar, False) for bar in rulings.bars), *((stem, True) for stem in rulings.stems)]:
        reach = rule[0].grown(TOUCHING * em)
        near = [g for g in groups if any(_meets(reach, other) for other, _ in g)]
        groups = [g for g in groups if g not in near] + [[rule, *(r for g in near for r in g)]]
    found = [rulings_of(group) for group in groups]
    return [lattice for lattice in found if len(lattice.bars) >= 2 and len(lattice.stems) >= 2]


def _meets(box: Box, other: Box) -> bool:
    return box.x_overlap(other) > 0 and box.y_overlap(other) > 0
