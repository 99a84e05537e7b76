"""Groups of strokes as the small pictures that the network of shapes sees.

Five maps, filling the frame: the ink and four directions of the pen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink import Ink

SIDE: Final = 24  # pixels of a map
MAPS: Final = 5
FACTS: Final = 4
MARGIN: Final = 2.0  # pixels around the ink
SMALLEST: Final = 0.2  # units; smaller groups do not fill the frame
LARGEST_GROUP: Final = 4  # strokes of a symbol

Floats = NDArray[np.float32]


def describe(ink: Ink, groups: Sequence[tuple[int, ...]]) -> tuple[Floats, Floats]:
    """Maps (groups, MAPS, SIDE, SIDE) and facts (groups, FACTS) of groups of strokes."""
    facts = np.zeros((len(groups), FACTS), np.float32)
    facts[np.arange(len(groups)), [min(len(group), FACTS) - 1 for group in groups]] = 1.0
    points = np.concatenate([trace.points for trace in ink.traces])
    ways = np.concatenate([trace.ways for trace in ink.traces])
    counts = [len(trace.points) for trace in ink.traces]
    steps = np.repeat([trace.step for trace in ink.traces], counts)
    ends = np.cumsum(counts)
    spans = [np.arange(end - count, end) for end, count in zip(ends, counts, strict=True)]
    rows = np.concatenate([spans[stroke] for group in groups for stroke in group])
    owner = np.repeat(np.arange(len(groups)), [sum(counts[k] for k in group) for group in groups])
    centre, zoom = _frames(ink, groups)
    x, y = ((points[rows] - centre[owner]) * zoom[owner, None] + SIDE / 2 - 0.5).T
    maps = _drawn(x, y, ways[rows], steps[rows] * zoom[owner], owner, len(groups))
    return maps, facts


def _frames(ink: Ink, groups: Sequence[tuple[int, ...]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each group has its centre, and how many pixels a unit of the caller is in its frame."""
    edges = np.array([(t.box.x0, t.box.y0, -t.box.x1, -t.box.y1) for t in ink.traces])
    reach = np.array([edges[list(group)].min(axis=0) for group in groups])
    low, high = reach[:, :2], -reach[:, 2:]
    extent = np.maximum((high - low).max(axis=1), max(SMALLEST * ink.unit, 1e-9))
    return (low + high) / 2, (SIDE - 2 * MARGIN) / extent


def _drawn(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    ways: NDArray[np.float64],
    lengths: NDArray[np.float64],
    owner: NDArray[np.int64],
    count: int,
) -> Floats:
    """Points shared out among the four pixels around each, by the length that each stands for."""
    across, along = ways.T
    turned = 2 * across * along
    weight = np.clip(lengths, 0.0, 1.5)
    weight[lengths == 0.0] = 1.0  # a dot
    strength = np.stack(
        [np.ones_like(across), across**2, along**2, np.maximum(0.0, turned), np.maximum(0.0, -turned)]
    )
    left, top = x.astype(np.int64), y.astype(np.int64)  # the margin keeps both positive
    fx, fy = x - left, y - top
    cell = (owner * SIDE + top) * SIDE + left
    cells = np.concatenate([cell, cell + 1, cell + SIDE, cell + SIDE + 1])
    here, below = weight * (1 - fy), weight * fy
    shares = np.concatenate([here * (1 - fx), here * fx, below * (1 - fx), below * fx])
    size = count * SIDE * SIDE
    drawn = [np.bincount(cells, np.tile(part, 4) * shares, size) for part in strength]
    maps = np.minimum(np.stack(drawn), 1.0).reshape(MAPS, count, SIDE, SIDE)
    return np.ascontiguousarray(maps.transpose(1, 0, 2, 3), dtype=np.float32)
