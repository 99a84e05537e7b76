"""Where groups of strokes stand: numbers for each, and for each pair, that the reading network sees.

Lengths are in units of the writing, so that neither place nor size of a drawing matters. y grows downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink import Ink

NUMBERS: Final = 7  # for each group
PAIRS: Final = 20  # for each pair
SMALLEST: Final = 0.05  # units; smaller sides are not told apart
FARTHEST: Final = 4  # strokes drawn between two groups, more are as many

Floats = NDArray[np.float32]
_Doubles = NDArray[np.float64]


def boxes(ink: Ink, groups: Sequence[tuple[int, ...]]) -> _Doubles:
    """Left, top, right and bottom of groups, in units."""
    edges = np.array([(t.box.x0, t.box.y0, -t.box.x1, -t.box.y1) for t in ink.traces])
    reach = np.array([edges[list(group)].min(axis=0) for group in groups])
    return np.concatenate([reach[:, :2], -reach[:, 2:]], axis=1) / ink.unit


def describe(places: _Doubles, groups: Sequence[tuple[int, ...]], *, timed: bool) -> tuple[Floats, Floats]:
    """Numbers (groups, NUMBERS) and pairs (groups, groups, PAIRS), the first of a pair hanging on the second.

    `timed` tells whether the strokes are known to be in the order of drawing.
    """
    sides = np.maximum(places[:, 2:] - places[:, :2], SMALLEST)
    lifted = np.array([min(group[-1] - group[0] + 1 - len(group), FARTHEST) for group in groups]) / FARTHEST
    strokes = np.array([len(group) for group in groups])
    order = np.full(len(groups), float(timed))
    numbers = np.stack(
        [
            np.log2(sides[:, 0]),
            np.log2(sides[:, 1]),
            lifted * order,
            order,
            strokes == 1,
            strokes == 2,
            strokes > 2,
        ],
        axis=1,
    )
    return numbers.astype(np.float32), _pairs(places, sides, groups, timed)


def _pairs(places: _Doubles, sides: _Doubles, groups: Sequence[tuple[int, ...]], timed: bool) -> Floats:
    x0, y0, x1, y1 = places.T
    wide, high = sides.T
    large = sides.max(axis=1)
    dx, dy = _between(-(x0 + x1) / 2), _between(-(y0 + y1) / 2)
    both = large[:, None] + large[None, :]
    shares = _shares(groups)
    counts = np.array([len(group) for group in groups], dtype=np.float64)
    first, last = (np.array([group[k] for group in groups], dtype=np.float64) for k in (0, -1))
    values = (
        np.arcsinh(2 * dx),
        np.arcsinh(2 * dy),
        dx / both,
        dy / both,
        np.arcsinh(2 * (x0[:, None] - x1[None, :])),
        np.arcsinh(2 * (x0[None, :] - x1[:, None])),
        np.arcsinh(2 * (y0[:, None] - y1[None, :])),
        np.arcsinh(2 * (y0[None, :] - y1[:, None])),
        _between(np.log2(high)) / 2,
        _between(np.log2(wide)) / 2,
        _between(np.log2(large)) / 2,
        _overlap(x0, x1, wide),
        _overlap(y0, y1, high),
        np.clip(_between(y1) / large[None, :], -3, 3),
        np.clip(_between(y0) / large[None, :], -3, 3),
        shares > 0,
        shares >= counts[:, None],
        shares >= counts[None, :],
        timed * np.clip(first[:, None] - last[None, :] - 1, -FARTHEST, FARTHEST) / FARTHEST,
        np.eye(len(groups)),
    )
    found = np.empty((len(groups), len(groups), PAIRS), np.float32)
    for place, value in enumerate(values):
        found[..., place] = value
    return found


def _between(values: _Doubles) -> _Doubles:
    found: _Doubles = values[:, None] - values[None, :]
    return found


def _overlap(low: _Doubles, high: _Doubles, sides: _Doubles) -> _Doubles:
    """How much of the shorter side is shared; negative if there is white between."""
    shared = np.minimum(high[:, None], high[None, :]) - np.maximum(low[:, None], low[None, :])
    found: _Doubles = np.clip(shared / np.minimum(sides[:, None], sides[None, :]), -2, 1)
    return found


def _shares(groups: Sequence[tuple[int, ...]]) -> _Doubles:
    """How many strokes two groups have in common."""
    has = np.zeros((len(groups), 1 + max(group[-1] for group in groups)))
    for row, group in enumerate(groups):
        has[row, list(group)] = 1.0
    found: _Doubles = has @ has.T
    return found
