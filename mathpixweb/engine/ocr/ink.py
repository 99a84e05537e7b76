"""Pen strokes made comparable: cleaned, spaced evenly, and measured by the size of the writing.

Coordinates are those of the caller, y grows downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box

Floats = NDArray[np.float64]

MOST_STROKES: Final = 400  # a large display has about 150
MOST_POINTS: Final = 100_000
FARTHEST: Final = 1e7  # coordinates beyond this are mistakes of the sender
FINEST: Final = 24  # points along the larger side of a stroke's box, at least …
MOST_SAMPLES: Final = 160  # … and at most in all
SPECK: Final = 0.12  # of the largest stroke; smaller strokes are dots and say nothing of the size


class TooMuchInk(ValueError):
    """More strokes or points than a formula has."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One stroke: `points` evenly spaced by `step`, `ways` the unit vectors along them."""

    index: int
    points: Floats
    ways: Floats
    step: float
    box: Box

    @property
    def extent(self) -> float:
        return max(self.box.width, self.box.height)


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """All strokes of a drawing in the order of their drawing; `unit` is the usual height of a symbol."""

    traces: tuple[Trace, ...]
    unit: float


def prepare(strokes: Sequence[Sequence[tuple[float, float]]] | Sequence[Floats]) -> Ink:
    """The drawing without what is not ink. Raises TooMuchInk."""
    if len(strokes) > MOST_STROKES or sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        raise TooMuchInk
    cleaned = [points for stroke in strokes if len(points := _cleaned(stroke))]
    traces = tuple(_trace(index, points) for index, points in enumerate(cleaned))
    return Ink(traces, _unit(traces))


def _cleaned(stroke: Sequence[tuple[float, float]] | Floats) -> Floats:
    points = np.asarray(stroke, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    points = points[(np.abs(points) <= FARTHEST).all(axis=1)]
    if len(points) < 2:
        return points
    moved = np.concatenate(([True], np.any(np.diff(points, axis=0) != 0, axis=1)))
    kept: Floats = points[moved]
    return kept


def _trace(index: int, points: Floats) -> Trace:
    low, high = points.min(axis=0), points.max(axis=0)
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    length, extent = float(way[-1]), max(box.width, box.height)
    if length <= 0.0:
        return Trace(index, points[:1], np.zeros((1, 2)), 0.0, box)
    count = int(min(MOST_SAMPLES, max(3, np.ceil(length / extent * FINEST) + 1)))
    at = np.linspace(0.0, length, count)
    even = np.stack([np.interp(at, way, points[:, 0]), np.interp(at, way, points[:, 1])], axis=1)
    ways = np.gradient(even, axis=0)
    ways /= np.hypot(ways[:, 0], ways[:, 1])[:, None] + 1e-12
    return Trace(index, even, ways, length / (count - 1), box)


def _unit(traces: Sequence[Trace]) -> float:
    largest = max((trace.extent for trace in traces), default=0.0)
    telling = [trace.extent for trace in traces if trace.extent > SPECK * largest]
    return float(np.median(telling)) if telling and largest > 0.0 else 1.0
