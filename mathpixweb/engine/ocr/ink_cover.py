"""Which strokes are one symbol: the likeliest groups of which each stroke is in exactly one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.ocr.ink_groups import Group

BEAM: Final = 48  # partial covers kept


@dataclass(frozen=True, slots=True)
class Cover:
    """Rows of the chosen groups, and the sum of the log odds that they are whole symbols."""

    rows: tuple[int, ...]
    score: float


def best(groups: Sequence[Group], scores: Sequence[float], count: int, how_many: int) -> list[Cover]:
    """The likeliest covers of `count` strokes, best first; `scores` are log odds of being a whole symbol."""
    order = _order(groups, count)
    holding: dict[int, list[int]] = defaultdict(list)
    masks = []
    for row, group in enumerate(groups):
        masks.append(sum(1 << order[stroke] for stroke in group))
        holding[min(order[stroke] for stroke in group)].append(row)
    waiting: dict[int, dict[int, list[Cover]]] = defaultdict(lambda: defaultdict(list))
    waiting[0][0] = [Cover((), 0.0)]
    everything = (1 << count) - 1
    for place in range(count):
        for covered, covers in _strongest(waiting.pop(place, {})):
            for row in holding[place]:
                if covered & masks[row]:
                    continue
                after = covered | masks[row]
                free = ~after & everything
                following = (free & -free).bit_length() - 1 if free else count
                longer = [Cover((*cover.rows, row), cover.score + scores[row]) for cover in covers]
                kept = waiting[following][after] + longer
                waiting[following][after] = sorted(kept, key=lambda cover: -cover.score)[:how_many]
    return waiting[count].get(everything, [])


def _strongest(states: dict[int, list[Cover]]) -> list[tuple[int, list[Cover]]]:
    return sorted(states.items(), key=lambda state: -state[1][0].score)[:BEAM]


def _order(groups: Sequence[Group], count: int) -> list[int]:
    """The place of each stroke in the order of covering; strokes of a group are near each other."""
    near: list[set[int]] = [set() for _ in range(count)]
    for group in groups:
        for stroke in group:
            near[stroke].update(group)
    places: dict[int, int] = {}
    for start in range(count):
        stack = [start]
        while stack:
            stroke = stack.pop(0)
            if stroke not in places:
                places[stroke] = len(places)
                stack = sorted(near[stroke] - places.keys())[:2] + stack
    return [places[stroke] for stroke in range(count)]
