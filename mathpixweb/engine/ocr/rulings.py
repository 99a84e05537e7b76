"""Rules from the network's maps: cells through which a rule runs become boxes with exact ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box

CERTAIN: Final = 0.5  # probability from which a cell is on a rule
WORTH: Final = 0.6  # that one cell of a rule must reach at least
DARK: Final = 0.4  # of the rule's darkest row or column; what is lighter is beside it
THICKEST: Final = 5  # pixels of a rule at the network's scale
MOST: Final = 400  # rules in one picture; more are a drawing

Floats = NDArray[np.float32]
_Run = tuple[int, int, int]  # row, first and last column


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule in pixels of the scaled picture, y downwards."""

    box: Box
    certainty: float
    vertical: bool


def trace(masks: Floats, ink: Floats, cell: int) -> list[Ruling]:
    """Rules in the two maps of the network (horizontal, vertical) over the picture they are of."""
    found = [_ruling(cells, masks[0], ink, cell, False) for cells in _components(masks[0] > CERTAIN)]
    upright = np.ascontiguousarray(masks[1].T)
    turned = np.ascontiguousarray(ink.T)
    found += [_ruling(cells, upright, turned, cell, True) for cells in _components(upright > CERTAIN)]
    sure = [ruling for ruling in found if ruling is not None and ruling.certainty > WORTH]
    return sure if len(sure) <= MOST else []


def _components(mask: NDArray[np.bool_]) -> list[list[_Run]]:
    """Runs of cells in rows that touch, each group one rule; a tilted rule climbs from row to row."""
    groups: list[list[_Run]] = []
    open_groups: list[list[_Run]] = []
    for row in range(mask.shape[0]):
        still_open: list[list[_Run]] = []
        for first, last in _runs(mask[row]):
            near = [g for g in open_groups if _touches(g, row, first, last)]
            group = near[0] if near else []
            for other in near[1:]:
                group.extend(other)
                open_groups = [g for g in open_groups if g is not other]
                groups = [g for g in groups if g is not other]
                still_open = [g for g in still_open if g is not other]
            group.append((row, first, last))
            if not near:
                groups.append(group)
            if not any(g is group for g in still_open):
                still_open.append(group)
        open_groups = still_open
    return groups


def _touches(group: list[_Run], row: int, first: int, last: int) -> bool:
    return any(r == row - 1 and f <= last + 1 and first <= t + 1 for r, f, t in group)


def _runs(cells: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], cells.astype(np.int8), [0]))))
    return [(int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _ruling(runs: list[_Run], mask: Floats, ink: Floats, cell: int, vertical: bool) -> Ruling | None:
    """The rule of a component, its ends and thickness read from the ink."""
    top, bottom = min(r for r, _, _ in runs), max(r for r, _, _ in runs)
    first, last = min(f for _, f, _ in runs), max(t for _, _, t in runs)
    certainty = max(float(mask[r, f : t + 1].max()) for r, f, t in runs)
    y0, y1 = max(0, top * cell - 2), min(ink.shape[0], (bottom + 1) * cell + 2)
    x0, x1 = max(0, first * cell - cell), min(ink.shape[1], (last + 1) * cell + cell)
    if y1 <= y0 or x1 <= x0:
        return None
    inner = ink[y0:y1, first * cell : (last + 1) * cell]
    if inner.size == 0:
        return None
    darkness = inner.mean(axis=1)
    middle = int(darkness.argmax())
    dark = np.flatnonzero(darkness > DARK * darkness[middle])
    near = dark[np.abs(dark - middle) <= THICKEST]
    band = ink[y0 + int(near[0]) : y0 + int(near[-1]) + 1, x0:x1].max(axis=0)
    inked = np.flatnonzero(band > DARK * float(np.median(band)))
    if len(inked):
        x0, x1 = x0 + int(inked[0]), x0 + int(inked[-1]) + 1
    box = Box(float(x0), float(y0 + near[0]), float(x1), float(y0 + near[-1] + 1))
    if vertical:
        box = Box(box.y0, box.x0, box.y1, box.x1)
    return Ruling(box, certainty, vertical)
