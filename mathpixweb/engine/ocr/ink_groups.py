"""Which strokes may be one symbol together: each alone, and up to four neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.ink import Ink, Trace
from mathpixweb.engine.ocr.ink_features import LARGEST_GROUP

NEAR: Final = 0.75  # units between the strokes of one symbol, at most
MOST_NEIGHBOURS: Final = 6
WIDEST: Final = 2.6  # units; groups that are wider hold more than a symbol, unless one stroke is as wide
GREATEST: Final = 1.25  # times the largest stroke in it, for groups wider than that
COMPACT: Final = 1.5  # units; within this, strokes need not follow each other in time
MOST_GROUPS: Final = 320

Group = tuple[int, ...]


def candidates(ink: Ink) -> list[Group]:
    """Groups of strokes by their places in `ink.traces`, single strokes first."""
    boxes = [trace.box for trace in ink.traces]
    near = _neighbours(ink)
    grown: dict[Group, _Reach] = {
        (k,): _Reach(box.x0, box.y0, box.x1, box.y1, ink.traces[k].extent) for k, box in enumerate(boxes)
    }
    found = list(grown)
    larger: list[tuple[float, Group]] = []
    for _ in range(1, LARGEST_GROUP):
        before, grown = grown, {}
        for group, reach in before.items():
            for other in set().union(*(near[k] for k in group)).difference(group):
                wider = tuple(sorted((*group, other)))
                if wider not in grown:
                    whole = reach.with_box(boxes[other])
                    if _plausible(ink.unit, wider, whole):
                        grown[wider] = whole
        larger += [(_spread(ink.unit, group, reach), group) for group, reach in grown.items()]
        if len(larger) > 6 * MOST_GROUPS:
            break
    return found + [group for _, group in sorted(larger)[: max(0, MOST_GROUPS - len(found))]]


@dataclass(frozen=True, slots=True)
class _Reach:
    """The box of a group and the larger side of its largest stroke."""

    x0: float
    y0: float
    x1: float
    y1: float
    largest: float

    def with_box(self, box: Box) -> _Reach:
        larger = max(self.largest, box.width, box.height)
        return _Reach(
            min(self.x0, box.x0),
            min(self.y0, box.y0),
            max(self.x1, box.x1),
            max(self.y1, box.y1),
            larger,
        )

    @property
    def extent(self) -> float:
        return max(self.x1 - self.x0, self.y1 - self.y0)


def _neighbours(ink: Ink) -> list[set[int]]:
    count, most = len(ink.traces), NEAR * ink.unit
    distances = np.full((count, count), np.inf)
    edges = np.array([(t.box.x0, t.box.y0, t.box.x1, t.box.y1) for t in ink.traces]).reshape(-1, 4)
    gaps = np.maximum(edges[:, None, :2] - edges[None, :, 2:], edges[None, :, :2] - edges[:, None, 2:]).max(
        axis=2
    )
    for a, b in np.argwhere(np.triu(gaps <= most, 1)):
        distances[a, b] = distances[b, a] = _distance(ink.traces[a], ink.traces[b])
    near: list[set[int]] = [set() for _ in ink.traces]
    for k, row in enumerate(distances):
        for other in np.argsort(row, kind="stable")[:MOST_NEIGHBOURS]:
            if row[other] <= most:
                near[k].add(int(other))
                near[int(other)].add(k)
    return near


def _distance(one: Trace, other: Trace) -> float:
    """White between two strokes."""
    a, b = one.points[::2], other.points[::2]
    x, y = a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]
    return float(np.sqrt((x * x + y * y).min()))


def _plausible(unit: float, group: Group, reach: _Reach) -> bool:
    if reach.extent > max(WIDEST * unit, GREATEST * reach.largest):
        return False
    return len(group) == 2 or group[-1] - group[0] == len(group) - 1 or reach.extent < COMPACT * unit


def _spread(unit: float, group: Group, reach: _Reach) -> float:
    """How far the group reaches, in time as well: what is drawn in one go is likelier one symbol."""
    lifted = group[-1] - group[0] - (len(group) - 1)
    return reach.extent / unit + 0.3 * min(lifted, 5) + 0.1 * len(group)
