"""Rows under each other beside other rows or a brace that closes them, without a fence on the left."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math import grids
from mathpixweb.engine.math.items import Item, Region, group, is_close
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import QQUAD, Fence, Node, row

LEAST_GAP = 0.9  # em of white through all rows between two sets of them
ROW_STEP = 0.8  # em at least between the baselines of two rows
SAME_HEIGHT = 0.15  # of it two braces may differ and be a pair
SAME_ROW = 0.15  # em


def resolve(region: Region) -> None:
    """Replace rows that a brace on their right closes, with the brace, by one item."""
    fences = [item for item in region.items if item.role == "fence" and is_close(item)]
    for fence in sorted(fences, key=lambda item: item.box.x0):
        if fence.latex == r"\}" and not any(_opens(item, fence) for item in region.items):
            _close(region, fence)


def _opens(item: Item, fence: Item) -> bool:
    """Whether the brace has a partner."""
    alike = abs(item.box.height - fence.box.height) < SAME_HEIGHT * fence.box.height
    return item.role == "fence" and item.latex == r"\{" and item.box.x0 < fence.box.x0 and alike


def _close(region: Region, fence: Item) -> None:
    low, high = fence.box.y0 - 0.35 * region.size, fence.box.y1 + 0.35 * region.size
    before = [i for i in region.items if i.box.cx < fence.box.x0 and low < i.box.cy < high and i is not fence]
    start = max((i.box.x1 for i in before if i.role == "fence" or isinstance(i.node, Fence)), default=0.0)
    rows = [item for item in before if item.box.cx > start]
    baselines = grids.baselines_of(region, rows)
    if len(baselines) < 2 or not rows:
        return
    box = union(item.box for item in rows)
    bars = [r for r in region.rules if box.x0 - 1 < r.box.cx < box.x1 + 1 and low < r.y < high]
    body = grids.of_rows(region, rows, bars, baselines)
    region.take([*rows, fence], bars)
    y = fence.box.cy - region.profile.axis * region.size
    node = Fence("", fence.latex, body, tall=True)
    region.put(group(node, [*rows, fence], size=None, y=y))


def beside(region: Region) -> Node | None:
    """Sets of rows side by side; None if there are not two sets, or all of them have their rows alike."""
    gap = LEAST_GAP * region.size
    columns = _columns(region.items, gap)
    if len(columns) < 2:
        return None
    lines = [grids.baselines_of(region, column) for column in columns]
    if max(map(len, lines)) < 2 or not all(_is_apart(ys, region.size) for ys in lines):
        return None
    if _are_alike(lines, region.size) or _are_of_one_array(region, lines):
        return None
    parts: list[Node] = []
    for column, ys in zip(columns, lines, strict=True):
        box = union(item.box for item in column)
        bars = [rule for rule in region.rules if box.x0 - 1 < rule.box.cx < box.x1 + 1]
        whole = grids.of_rows(region, column, bars, ys) if len(ys) > 1 else region.read(column, bars)
        parts += [QQUAD, whole]
    return row(parts[1:])


def _columns(items: Sequence[Item], gap: float) -> list[list[Item]]:
    columns: list[list[Item]] = []
    reach = 0.0
    for item in sorted(items, key=lambda item: item.box.x0):
        if not columns or item.box.x0 - reach > gap:
            columns.append([])
        columns[-1].append(item)
        reach = max(reach, item.box.x1) if len(columns[-1]) > 1 else item.box.x1
    return columns


def _is_apart(baselines: Sequence[float], size: float) -> bool:
    return bool(baselines) and all(a - b > ROW_STEP * size for a, b in pairwise(baselines))


def _are_alike(lines: Sequence[Sequence[float]], size: float) -> bool:
    """Whether one array has them all."""
    first = lines[0]
    return all(
        len(ys) == len(first) and all(abs(a - b) < SAME_ROW * size for a, b in zip(ys, first, strict=True))
        for ys in lines
    )


def _are_of_one_array(region: Region, lines: Sequence[Sequence[float]]) -> bool:
    """Whether the rows of all columns are among the same few, in none of which anything is stated."""
    if any(item.role == Kind.REL for item in region.items):
        return False
    rows: list[float] = []
    for y in sorted((y for ys in lines for y in ys), reverse=True):
        if not rows or rows[-1] - y > SAME_ROW * region.size:
            rows.append(y)
    return _is_apart(rows, region.size)
