"""Which strokes may be one symbol together: each alone, and up to four neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink import Ink, Trace
from mathpixweb.engine.ocr.ink_features import LARGEST_GROUP

NEAR: Final = 1.0  # units between the strokes of one symbol, at most
MOST_NEIGHBOURS: Final = 4
WIDEST: Final = 3.0  # units; groups that are wider hold more than a symbol, unless one stroke is as wide
GREATEST: Final = 1.25  # times the largest stroke in it, for groups wider than that
COMPACT: Final = 1.5  # units; within this, strokes need not follow each other in time
MOST_GROUPS: Final = 3000
NUMBERS: Final = 11
LIKELY: Final = 0.02  # probability of being a whole symbol, below which a group is not considered
MOST_LIKELY: Final = 1.2  # groups of several strokes that are considered, for each stroke …
FEW: Final = 4  # … and so many more

Group = tuple[int, ...]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Groups by their places in `ink.traces`, single strokes first, and sizes and distances in each."""

    groups: list[Group]
    numbers: Floats


@dataclass(frozen=True, slots=True)
class _Reach:
    """The box of a group, the widths and heights of its strokes added up, and the widest white within it."""

    x0: float
    y0: float
    x1: float
    y1: float
    across: float
    along: float
    smallest: float
    largest: float
    gap: float

    @classmethod
    def of(cls, trace: Trace) -> _Reach:
        box, extent = trace.box, trace.extent
        return cls(box.x0, box.y0, box.x1, box.y1, box.width, box.height, extent, extent, 0.0)

    def with_(self, trace: Trace, gap: float) -> _Reach:
        box, extent = trace.box, trace.extent
        return _Reach(
            min(self.x0, box.x0),
            min(self.y0, box.y0),
            max(self.x1, box.x1),
            max(self.y1, box.y1),
            self.across + box.width,
            self.along + box.height,
            min(self.smallest, extent),
            max(self.largest, extent),
            max(self.gap, gap),
        )

    @property
    def extent(self) -> float:
        return max(self.x1 - self.x0, self.y1 - self.y0)


def candidates(ink: Ink) -> Candidates:
    """All groups that could be a symbol by their places alone."""
    near, distances = _neighbours(ink)
    grown: dict[Group, _Reach] = {(k,): _Reach.of(trace) for k, trace in enumerate(ink.traces)}
    found = dict(grown)
    for _ in range(1, LARGEST_GROUP):
        before, grown = grown, {}
        for group, reach in before.items():
            for other in set().union(*(near[k] for k in group)).difference(group):
                wider = tuple(sorted((*group, other)))
                gap = min(float(distances[k, other]) for k in group)
                whole = reach.with_(ink.traces[other], gap)
                known = grown.get(wider)
                if (known is None and _plausible(ink.unit, wider, whole)) or (
                    known and whole.gap < known.gap
                ):
                    grown[wider] = whole
        found |= grown
        if len(found) > MOST_GROUPS:
            break
    groups = list(found)
    return Candidates(groups, _numbers(ink.unit, groups, list(found.values())))


def likeliest(known: Candidates, chances: Floats) -> list[Group]:
    """All single strokes, and the likeliest of the other groups; `chances` are in the order of the groups."""
    singles = sum(len(group) == 1 for group in known.groups)
    order = singles + np.argsort(-chances[singles:], kind="stable")
    most = int(MOST_LIKELY * singles) + FEW
    return known.groups[:singles] + [known.groups[row] for row in order[:most].tolist()]


def likely(groups: Sequence[Group], whole: Floats) -> list[int]:
    """Rows of the single strokes, and of the groups that may be a whole symbol by their shape."""
    return [row for row, group in enumerate(groups) if len(group) == 1 or whole[row] > LIKELY]


def _neighbours(ink: Ink) -> tuple[list[set[int]], NDArray[np.float64]]:
    count, most = len(ink.traces), NEAR * ink.unit
    distances = np.full((count, count), np.inf)
    edges = np.array([trace.box.edges for trace in ink.traces]).reshape(-1, 4)
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
    return near, distances


def _distance(one: Trace, other: Trace) -> float:
    """White between two strokes."""
    a, b = one.points[::2], other.points[::2]
    x, y = a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]
    return float(np.sqrt((x * x + y * y).min()))


def _plausible(unit: float, group: Group, reach: _Reach) -> bool:
    if reach.extent > max(WIDEST * unit, GREATEST * reach.largest):
        return False
    return len(group) == 2 or group[-1] - group[0] == len(group) - 1 or reach.extent < COMPACT * unit


def _numbers(unit: float, groups: Sequence[Group], reaches: Sequence[_Reach]) -> Floats:
    """What the network of groups sees: sizes, white and overlaps in units, and strokes drawn in between."""
    rows = np.array(
        [
            (r.x1 - r.x0, r.y1 - r.y0, r.across, r.along, r.smallest, r.largest, min(r.gap, 1e9))
            for r in reaches
        ]
    )
    width, height, across, along, smallest, largest, gap = (rows / unit).T
    strokes = np.array([len(group) for group in groups])
    lifted = np.array([min(group[-1] - group[0] + 1 - len(group), 3) for group in groups])
    values = (
        np.log(width + 0.05),
        np.log(height + 0.05),
        across - width,
        along - height,
        np.log(smallest + 0.05),
        np.log(largest + 0.05),
        np.sqrt(gap),
        gap,
        lifted / 3,
        strokes == 3,
        strokes == 4,
    )
    found: Floats = np.clip(np.stack(values, axis=1), -4, 4).astype(np.float32)
    return found
