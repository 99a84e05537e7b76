"""Rules from the network's maps: cells through which a rule runs become boxes with exact ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box

CERTAIN: Final = 0.5  # probability from which a cell is on a rule
WORTH: Final = 0.6  # that one cell of a rule must reach at least
INKED: Final = 0.35  # darkness of a bar that is followed without the network's help
SHORTEST: Final = 6  # pixels of such a bar
STAIR: Final = 0.5  # of the shorter run in two rows of cells may lie over the other; else they are two rules
DARK: Final = 0.4  # of the rule's darkest row or column; what is lighter is beside it
PARTING: Final = 0.2  # of the rule's usual darkness; what is lighter …
GAP: Final = 2  # … for more pixels than these parts two rules
THICKEST: Final = 5  # pixels of a rule at the network's scale
BESIDE: Final = 1  # pixels by which the ink may leave the cells the network gave it
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
    return _single([part for ruling in sure for part in _parted(ruling, ink)]) if len(sure) <= MOST else []


def follow(ink: Floats, sign: Box) -> Ruling | None:
    """The bar that begins at the upper right corner of a radical sign, for one the network did not see."""
    top, left = max(0, round(sign.y0) - THICKEST), max(0, round(sign.x1) - THICKEST)
    band = ink[top : round(sign.y0) + THICKEST + 1, left:] > INKED
    best = (0, 0, 0)  # length, row, first column
    for row, dark in enumerate(band):
        for first, last in _runs(dark):
            if 0 < first <= 2 * THICKEST:  # what comes from further left is a fraction bar above
                best = max(best, (last - first + 1, row, first))
    length, row, first = best
    if length < SHORTEST:
        return None
    x0, y0 = float(left + first), float(top + row)
    return Ruling(Box(x0, y0, x0 + length, y0 + 1), CERTAIN, False)


def _parted(ruling: Ruling, ink: Floats) -> list[Ruling]:
    """The bars of fractions that stand close to each other go through neighbouring cells."""
    if ruling.vertical:
        return [ruling]
    x0, y0, x1, y1 = map(int, ruling.box.edges)
    columns = ink[y0 : max(y1, y0 + 1), x0:x1].max(axis=0, initial=0.0)
    if len(columns) < 2 * SHORTEST:
        return [ruling]
    runs: list[tuple[int, int]] = []
    for first, last in _runs(columns > PARTING * float(np.median(columns))):
        if runs and first - runs[-1][1] - 1 <= GAP:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    long = [(first, last) for first, last in runs if last - first + 1 >= SHORTEST]
    if len(long) < 2:
        return [ruling]
    return [
        Ruling(Box(float(x0 + a), ruling.box.y0, float(x0 + b + 1), ruling.box.y1), ruling.certainty, False)
        for a, b in long
    ]


def _single(rulings: list[Ruling]) -> list[Ruling]:
    """Each rule once: one between two rows of cells may have been seen in both."""
    kept: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda ruling: -ruling.box.width - ruling.box.height):
        if not any(_is_same(ruling, other) for other in kept):
            kept.append(ruling)
    return kept


def _is_same(one: Ruling, other: Ruling) -> bool:
    across, along = one.box.x_overlap(other.box), one.box.y_overlap(other.box)
    return one.vertical == other.vertical and across > 0 and along > 0


def _components(mask: NDArray[np.bool_]) -> list[list[_Run]]:
    """Runs of cells that continue each other: a tilted rule climbs from row to row."""
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
    for above, begin, end in group:
        if above != row - 1 or begin > last + 1 or first > end + 1:
            continue
        shared = min(end, last) - max(begin, first) + 1
        if shared <= STAIR * min(end - begin + 1, last - first + 1):
            return True
    return False


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
    if not darkness.size or darkness.max() <= 0:  # scaling leaves a little less than nothing beside ink
        return None
    middle = int(darkness.argmax())
    dark = np.flatnonzero(darkness > DARK * darkness[middle])
    near = dark[np.abs(dark - middle) <= THICKEST]
    return top + int(near[0]), top + int(near[-1]) + 1


def _end(ink: Floats, run: _Run, cell: int, *, left: bool) -> int:
    """Where the ink of the run begins or ends, which may be further than the network thought."""
    _, first, last = run
    rows = _thickness(ink, run, cell)
    x0, x1 = max(0, (first - 1) * cell), min(ink.shape[1], (last + 2) * cell)
    if rows is None:
        return x0 if left else x1
    band = ink[rows[0] : rows[1]].max(axis=0)
    dark = band > DARK * float(np.median(band[first * cell : (last + 1) * cell]))
    inked = np.flatnonzero(dark[x0:x1])
    if not len(inked):
        return x0 if left else x1
    if left:
        return _walk(dark, x0 + int(inked[0]), -1)
    return _walk(dark, x0 + int(inked[-1]), 1) + 1


def _walk(dark: NDArray[np.bool_], start: int, step: int) -> int:
    """The last dark pixel from `start` on, over gaps of single pixels."""
    at = start
    while 0 <= at + step < len(dark):
        further = at + 2 * step
        if dark[at + step]:
            at += step
        elif 0 <= further < len(dark) and dark[further]:
            at = further
        else:
            break
    return at
