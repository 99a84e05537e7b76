"""Strokes as the small pictures that the network sees.

Five maps show the group itself, filling the frame: its ink and four directions of the pen. Two more show a
wider view at a fixed zoom, the group and all other ink, from which the network tells a whole symbol from a
part of one, and a small o from a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink import Ink, Trace

SIDE: Final = 32  # pixels of a map
MAPS: Final = 7
FACTS: Final = 6
MARGIN: Final = 2.5  # pixels around the ink
SMALLEST: Final = 0.25  # units; smaller groups do not fill the frame
VIEW: Final = 4.0  # units of the wide view, unless the group is larger …
VIEW_ROUND: Final = 1.6  # … then so many times its size
LARGEST_GROUP: Final = 4  # strokes of a symbol

Floats = NDArray[np.float32]
_Points = NDArray[np.float64]


def describe(ink: Ink, groups: Sequence[tuple[int, ...]]) -> tuple[Floats, Floats]:
    """Maps (groups, MAPS, SIDE, SIDE) and facts (groups, FACTS) of groups of strokes."""
    maps = np.zeros((len(groups), MAPS, SIDE, SIDE), np.float32)
    facts = np.zeros((len(groups), FACTS), np.float32)
    everything = _Spread.of(ink.traces)
    for row, group in enumerate(groups):
        own = _Spread.of([ink.traces[k] for k in group])
        low, high = own.points.min(axis=0), own.points.max(axis=0)
        centre, extent = (low + high) / 2, float((high - low).max())
        zoom = (SIDE - 2 * MARGIN) / max(extent, SMALLEST * ink.unit, 1e-9)
        maps[row, :5] = _directions(own, centre, zoom)
        wide = SIDE / max(VIEW * ink.unit, VIEW_ROUND * extent, 1e-9)
        _shade(maps[row, 5], own.points, centre, wide)
        others = np.ones(len(ink.traces), dtype=bool)
        others[list(group)] = False
        _shade(maps[row, 6], everything.points[others[everything.owners]], centre, wide)
        sides = np.log2(np.maximum((high - low) / ink.unit, 0.02))
        facts[row, :2] = np.clip(sides, -6, 6) / 2
        facts[row, 1 + min(len(group), LARGEST_GROUP)] = 1.0
    return maps, facts


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """Points of strokes with their directions, the length of pen's way each stands for, and their owners."""

    points: _Points
    ways: _Points
    steps: _Points
    owners: NDArray[np.int64]

    @classmethod
    def of(cls, traces: Sequence[Trace]) -> _Spread:
        lengths = [len(trace.points) for trace in traces]
        return cls(
            np.concatenate([trace.points for trace in traces]),
            np.concatenate([trace.ways for trace in traces]),
            np.repeat([trace.step for trace in traces], lengths),
            np.repeat(np.arange(len(traces)), lengths),
        )


def _directions(own: _Spread, centre: _Points, zoom: float) -> Floats:
    x, y = ((own.points - centre) * zoom + SIDE / 2 - 0.5).T
    across, along = own.ways.T
    turned = 2 * across * along
    weight = np.clip(own.steps * zoom, 0.0, 1.5)
    weight[own.steps == 0.0] = 1.0
    strength = np.stack(
        [np.ones_like(across), across**2, along**2, np.maximum(0.0, turned), np.maximum(0.0, -turned)]
    )
    left, top = x.astype(np.int64), y.astype(np.int64)  # the margin keeps both positive
    fx, fy = x - left, y - top
    cell = top * SIDE + left
    cells = np.concatenate([cell, cell + 1, cell + SIDE, cell + SIDE + 1])
    here = weight * (1 - fy)
    below = weight * fy
    shares = np.concatenate([here * (1 - fx), here * fx, below * (1 - fx), below * fx])
    drawn = [np.bincount(cells, np.tile(part, 4) * shares, SIDE * SIDE) for part in strength]
    return np.minimum(np.stack(drawn), 1.0).reshape(5, SIDE, SIDE).astype(np.float32)


def _shade(picture: Floats, points: _Points, centre: _Points, zoom: float) -> None:
    cells = ((points - centre) * zoom + SIDE / 2).astype(np.int64)
    inside = ((cells >= 0) & (cells < SIDE)).all(axis=1)
    picture[cells[inside, 1], cells[inside, 0]] = 1.0
