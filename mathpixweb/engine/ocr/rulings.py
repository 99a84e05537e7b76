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
BESIDE: Final = 2  # pixels by which the ink may leave the cells the network gave it
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
    certainty = max(float(mask[row, first : last + 1].max()) for row, first, last in runs)
    leftmost = min(runs, key=lambda run: run[1])
    rightmost = max(runs, key=lambda run: run[2])
    upper = _thickness(ink, min(runs), cell)
    lower = _thickness(ink, max(runs), cell)
    if upper is None or lower is None:
        return None
    x0, x1 = _end(ink, leftmost, cell, left=True), _end(ink, rightmost, cell, left=False)
    box = Box(float(x0), float(upper[0]), float(x1), float(max(upper[1], lower[1])))
    if vertical:
        box = Box(box.y0, box.x0, box.y1, box.x1)
    return Ruling(box, certainty, vertical)


def _thickness(ink: Floats, run: _Run, cell: int) -> tuple[int, int] | None:
    """First and last row (exclusive) of the ink of a run of cells."""
    row, first, last = run
    top = max(0, row * cell - BESIDE)
    darkness = ink[top : (row + 1) * cell + BESIDE, first * cell : (last + 1) * cell].mean(axis=1)
    if not darkness.size or not darkness.any():
        return None
    middle = int(darkness.argmax())
    dark = np.flatnonzero(darkness > DARK * darkness[middle])
    near = dark[np.abs(dark - middle) <= THICKEST]
    return top + int(near[0]), top + int(near[-1]) + 1


def _end(ink: Floats, run: _Run, cell: int, *, left: bool) -> int:
    """Where the ink of the run begins or ends, which may be a cell further than the network thought."""
    _, first, last = run
    rows = _thickness(ink, run, cell)
    x0, x1 = max(0, (first - 1) * cell), min(ink.shape[1], (last + 2) * cell)
    if rows is None:
        return x0 if left else x1
    band = ink[rows[0] : rows[1], x0:x1].max(axis=0)
    inked = np.flatnonzero(band > DARK * float(np.median(band)))
    if not len(inked):
        return x0 if left else x1
    return x0 + int(inked[0]) if left else x0 + int(inked[-1]) + 1
