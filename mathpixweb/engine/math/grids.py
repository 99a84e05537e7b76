"""Matrices and cases: fences around several rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math import accents, bands
from mathpixweb.engine.math import rules as rule_steps
from mathpixweb.engine.math.items import (
    Item,
    Region,
    group,
    is_close,
    is_open,
    is_vert,
    main_baseline,
    main_size,
    row_size,
)
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import EMPTY, Fence, Frac, Grid, Node, Row
from mathpixweb.engine.model import Rule

MOST_ROWS = 60
SMALL = 0.85  # of the size of brackets is what stands in two lines between them
STATEMENT_GAP = 1.2  # em; the gap between two statements, less than \\qquad and more than any within one
ACROSS = 0.25  # em by which a line between rows reaches beyond these
SAME_EDGE = 1.5  # points; cells whose edges or centres differ by less are aligned there
SMALL_COLUMN_GAP = 0.4  # em of what is smaller than the text, as in smallmatrix; scripts have no wide space
WALL = 0.8  # of the height of a bracket has a line between the columns in it, at least
ON_AXIS = 0.03  # em by which the middle of brackets may miss the axis of the formula around them
OFF_BASELINE = (0.02, 0.35)  # em, least and most, by which centring shifts what an array of one cell holds
BINOMIAL_GAP = 1.29  # em between baselines: TeX sets 1.36 in \binom and 1.2 to 1.25 in a matrix


def resolve(region: Region) -> None:
    """Replace each fence with two or more rows in it by one item, innermost first."""
    fences = sorted((item for item in region.items if item.role == "fence"), key=lambda item: -item.box.x0)
    for fence in fences:
        if fence in region.items and not is_close(fence):
            _resolve_one(region, fence)


def _resolve_one(region: Region, left: Item) -> None:
    right = _partner(region, left)
    if right is None and left.latex != r"\{":
        return
    items = _inside(region, left, right)
    rules = [rule for rule in region.rules if _holds(left, right, rule)]
    if not items:
        return
    walls = _walls(items, left)
    inside = [item for item in items if item not in walls]
    uprights = tuple(rule for rule in region.uprights if _parts(left, right, rule))
    uprights += tuple(Rule(wall.index, wall.box, vertical=True) for wall in walls)
    across = [rule for rule in rules if _goes_across(rule, items)]
    bars = [rule for rule in rules if rule not in across]
    content = Region(inside, bars, region.profile, region.read, main_size(items), uprights)
    parts = _parts_of(content)
    for part in parts:
        for step in (rule_steps.resolve, accents.resolve):
            step(part)
    content.items = [item for part in parts for item in part.items]
    content.rules = [rule for part in parts for rule in part.rules]
    if right is None:
        _drop_punctuation(content, left)
    size = row_size(content.items, content.profile)  # of limits and fractions alone, that of the fractions
    baselines = [y for part in parts for y in _baselines(part, size, content.items)]
    if not 2 <= len(baselines) <= MOST_ROWS or baselines[0] - baselines[-1] < 0.8 * size:
        if right is not None and _is_single_cell(region, left, right, items):
            _enclose(region, left, right, items, rules)
        return
    kept = [item for item in items if item in (*content.items, *walls) or not _is_punctuation(item)]
    small = size < region.profile.same_size * max(region.size, left.size or 0.0)
    grid = _grid(content, baselines, size, right is None, small)
    lined = {sum(y > rule.y for y in baselines) for rule in across}
    grid = replace(grid, lined=tuple(sorted(lined)))
    closing = right.latex if right else ""
    ends = [left] if right is None else [left, right]
    region.take([*kept, *ends], rules)
    y = left.box.cy - region.profile.axis * region.size
    body = _binomial(grid, left, baselines, size, small)
    region.put(group(Fence(left.latex, closing, body, tall=True), [*kept, *ends], size=None, y=y))


def _walls(items: Sequence[Item], left: Item) -> list[Item]:
    """Bars as high as the bracket, in one piece or several: lines between columns."""
    bars = [item for item in items if is_vert(item)]

    def stands(bar: Item) -> bool:
        column = [other for other in bars if abs(other.box.cx - bar.box.cx) < SAME_EDGE]
        sides = [item.box.cx < bar.box.cx for item in items if item not in column]
        high = sum(other.box.height for other in column) > WALL * left.box.height
        return high and any(sides) and not all(sides)

    return [bar for bar in bars if stands(bar)]


def _is_single_cell(region: Region, left: Item, right: Item, inside: Sequence[Item]) -> bool:
    """Whether brackets hold an array of one cell, whose baseline is off that of the formula, being centred.

    TeX leaves the baselines alike on both sides of brackets that only grow with what they hold.
    """
    size, profile = region.size, region.profile
    if profile.banded or left.y is None or (left.latex, right.latex) not in (("[", "]"), ("(", ")")):
        return False
    outside = [i for i in region.items if i not in inside and i is not left and i is not right]
    outer = main_baseline(outside, size, profile) if outside else None
    inner = main_baseline(inside, size, profile)
    if outer is None or inner is None or abs(left.y - outer) > ON_AXIS * size:
        return False
    return OFF_BASELINE[0] * size < abs(inner - outer) < OFF_BASELINE[1] * size


def _enclose(region: Region, left: Item, right: Item, inside: Sequence[Item], rules: Sequence[Rule]) -> None:
    """Put the brackets around an array of one cell."""
    body = Grid(((region.read(inside, rules),),), "c")
    region.take([*inside, left, right], rules)
    y = left.box.cy - region.profile.axis * region.size
    node = Fence(left.latex, right.latex, body, tall=True)
    region.put(group(node, [*inside, left, right], size=None, y=y))


def choose(region: Region) -> None:
    """Replace ordinary brackets with two small things above each other in them, as \\binom in a line."""
    brackets = [i for i in region.items if i.latex in ("(", ")") and i.role in (Kind.OPEN, Kind.CLOSE)]
    brackets.sort(key=lambda item: item.box.x0)
    for left, right in pairwise(brackets):
        if left.latex == "(" and right.latex == ")":
            _choose_one(region, left, right)


def _choose_one(region: Region, left: Item, right: Item) -> None:
    size = left.size or region.size
    start, end = left.box.cx, right.box.cx
    inside = [item for item in region.items if start < ((box := item.box).x0 + box.x1) / 2 < end]
    if len(inside) < 2 or any((item.size or item.inner) > SMALL * size for item in inside):
        return
    upper = [item for item in inside if item.box.cy > left.box.cy]
    lower = [item for item in inside if item.box.cy < left.box.cy]
    if not upper or not lower:
        return
    if any(left.box.x1 < rule.box.cx < right.box.x0 for rule in region.rules):
        return
    above, below = union(item.box for item in upper), union(item.box for item in lower)
    if above.y0 < below.y1 - 0.05 * size or abs(above.cx - below.cx) > 0.15 * size:
        return
    node = Fence("(", ")", Frac(region.read(upper, []), region.read(lower, []), bar=False))
    region.take([left, right, *inside])
    region.put(group(node, [left, right, *inside], size=size, y=left.y))


def _goes_across(rule: Rule, items: Sequence[Item]) -> bool:
    """Whether a rule parts rows: it reaches beyond them all; a fraction's bar ends with it."""
    box = union(item.box for item in items)
    over = ACROSS * main_size(items)
    return box.x0 - rule.box.x0 > over and rule.box.x1 - box.x1 > over and box.y0 < rule.y < box.y1


def _parts_of(content: Region) -> list[Region]:
    """What bands of white part, from the top: a numerator is not looked for in the row above."""
    if not content.profile.banded:
        return [content]
    found = bands.rows(content.items, content.rules, row_size(content.items, content.profile))
    return [
        Region(band.items, band.rules, content.profile, content.read, content.size, content.uprights)
        for band in found
    ]


def _binomial(grid: Grid, left: Item, baselines: Sequence[float], size: float, small: bool) -> Node:
    """What \\binom holds stands further apart than rows of a matrix does, or is smaller than the text.

    Rows with fractions in them stand as far apart.
    """
    apart = baselines[0] - baselines[-1]
    two = len(baselines) == 2 and len(grid.rows[0]) == 1 and left.latex == "("
    high = any(isinstance(part, Frac) and part.bar for row in grid.rows for part in _nodes_of(row[0]))
    if two and ((apart > BINOMIAL_GAP * size and not high) or small):
        return Frac(grid.rows[0][0], grid.rows[1][0], bar=False)
    return grid


def _nodes_of(cell: Node) -> tuple[Node, ...]:
    return cell.children if isinstance(cell, Row) else (cell,)


def baselines_of(region: Region, items: Sequence[Item]) -> list[float]:
    """The baselines of the rows that the items make, from the top."""
    return _baselines(region, main_size(items), items) if items else []


def of_rows(region: Region, items: Sequence[Item], bars: Sequence[Rule], baselines: Sequence[float]) -> Grid:
    """The items, of which nothing but rules is to be put together yet, as rows."""
    size = main_size(items)
    content = Region(list(items), list(bars), region.profile, region.read, size, region.uprights)
    return _grid(content, baselines, size, cases=False)


def stacked(region: Region) -> Grid | None:
    """Rows above each other without a fence, as in \\substack; None if the region is one row."""
    size = main_size(region.items)
    full = [i for i in region.items if i.y is not None and i.tells_size and (i.size or 0.0) > 0.88 * size]
    baselines = _baselines(region, size)
    if not 2 <= len(baselines) <= MOST_ROWS or min(a - b for a, b in pairwise(baselines)) < 0.8 * size:
        return None
    rows = [[i for i in full if abs((i.y or 0.0) - y) < region.profile.baseline * size] for y in baselines]
    if sum(map(len, rows)) < len(full) or not all(rows):
        return None
    boxes = [union(item.box for item in row) for row in rows]
    level = all(a.x_overlap(b) > 0.5 * min(a.width, b.width) for a, b in pairwise(boxes))
    return (
        _grid(region, baselines, size, cases=False) if level and _are_apart(region, baselines, size) else None
    )


def _are_apart(region: Region, baselines: Sequence[float], size: float) -> bool:
    """Whether each of the rows has something in it; strange fonts draw all of it elsewhere."""
    axes = [y + region.profile.axis * size for y in baselines]
    return len({_nearest(axes, item.box.cy) for item in region.items}) == len(axes)


def _partner(region: Region, left: Item) -> Item | None:
    """The closing fence of the same height and centre."""
    near = region.profile.partner * left.box.height
    alike = [
        item
        for item in region.items
        if item.role == "fence"
        and item.box.x0 > left.box.x0
        and abs(item.box.height - left.box.height) < near
        and abs(item.box.cy - left.box.cy) < near
    ]
    depth = 0
    for item in sorted(alike, key=lambda item: item.box.x0):
        if item.latex == left.latex and is_open(left):
            depth += 1
        elif is_close(item) if is_open(left) else item.latex in (left.latex, r"\rangle"):
            if depth == 0:
                return item
            depth -= 1
    return None


def _inside(region: Region, left: Item, right: Item | None) -> list[Item]:
    slack = 0.35 * (left.size or 10.0)
    low, high = left.box.y0 - slack, left.box.y1 + slack
    limit = right.box.x0 if right else _next_column(region, left)
    return [
        item
        for item in region.items
        if item is not left and left.box.x1 - 0.5 <= item.box.cx <= limit and low <= item.box.cy <= high
    ]


def _next_column(region: Region, left: Item) -> float:
    """Where a brace without partner ends: before the next one of its kind far to the right."""
    for item in sorted(region.items, key=lambda item: item.box.x0):
        tall = item.box.height > 0.8 * left.box.height
        if item.box.x0 > left.box.x1 and tall and isinstance(item.node, Fence) and not item.node.right:
            before = [o.box.x1 for o in region.items if left.box.x1 < o.box.cx < item.box.x0]
            start = _start_of_statement(region, left, item)
            if before and start < item.box.x0:
                return start - 0.1
    return float("inf")


def _start_of_statement(region: Region, left: Item, brace: Item) -> float:
    """Where what stands on the axis before a second brace begins, as g(x) = does, after a wide gap."""
    on_axis = [
        item
        for item in region.items
        if left.box.x1 < item.box.x0 < brace.box.x0 and item.box.y0 < left.box.cy < item.box.y1
    ]
    start = brace.box.x0
    for item in sorted(on_axis, key=lambda item: -item.box.x1):
        if start - item.box.x1 > STATEMENT_GAP * region.size:
            break
        start = min(start, item.box.x0)
    return start if start < brace.box.x0 else _start_of_middle(region, left, brace)


def _start_of_middle(region: Region, left: Item, brace: Item) -> float:
    """Where something between two sets of rows begins that stands between their lines, such as "and"."""
    axis = left.box.cy - region.profile.axis * region.size
    between = [item for item in region.items if left.box.x1 < item.box.x0 < brace.box.x0]
    middle = [i for i in between if i.y is not None and abs(i.y - axis) < 0.1 * region.size]
    start = min((item.box.x0 for item in middle), default=brace.box.x0)
    before = max((item.box.x1 for item in between if item not in middle), default=start)
    return start if start - before > STATEMENT_GAP * region.size else brace.box.x0


def _holds(left: Item, right: Item | None, rule: Rule) -> bool:
    limit = right.box.x0 + 0.5 if right else float("inf")
    return (
        not rule.vertical
        and left.box.x1 - 0.5 <= rule.box.x0
        and rule.box.x1 <= limit
        and left.box.y0 - 2 <= rule.y <= left.box.y1 + 2
    )


def _parts(left: Item, right: Item | None, rule: Rule) -> bool:
    """Whether a vertical rule stands between two fences."""
    inside = left.box.x1 < rule.box.cx < (right.box.x0 if right else float("inf"))
    return inside and left.box.y0 - 3 <= rule.box.cy <= left.box.y1 + 3


def _is_punctuation(item: Item) -> bool:
    return item.latex in (".", ",", ";")


def _drop_punctuation(content: Region, left: Item) -> None:
    """A full stop after cases stands on the axis of the formula, not in a row."""
    size = main_size(content.items)
    for mark in [item for item in content.items if _is_punctuation(item)]:
        on_axis = abs((mark.y or 0) + content.profile.axis * size - left.box.cy) < 0.3 * size
        alone = not any(
            item is not mark and item.tells_size and abs((item.y or 0) - (mark.y or 0)) < 0.15 * size
            for item in content.items
        )
        if on_axis and alone:
            content.take([mark])


def _baselines(content: Region, size: float, kept: Sequence[Item] | None = None) -> list[float]:
    """Baselines of the rows from the top: clusters of symbols (of `kept`) of the main size."""
    profile = content.profile
    items = content.items if kept is None else [item for item in content.items if item in kept]
    full = [
        item
        for item in items
        if item.y is not None
        and item.role not in ("op", "int", "rad", "accent", "fence")
        and (item.size or item.inner) >= profile.same_size * size
    ]
    lone = [i for i in items if i.size is None and i.y is not None and _is_alone(i, full)]
    heights = sorted((item.y for item in full + lone if item.y is not None), reverse=True)
    rows: list[float] = []
    for y in heights:
        if not rows or rows[-1] - y > profile.row_gap * size:
            rows.append(y)
    return rows


def _is_alone(item: Item, others: Sequence[Item]) -> bool:
    """Whether a composite has no symbol of the main size beside it, as text-style fractions in a matrix."""
    return all(item is other or item.box.y_overlap(other.box) <= 0 for other in others)


def _grid(content: Region, baselines: Sequence[float], size: float, cases: bool, small: bool = False) -> Grid:
    lines: list[list[Item]] = [[] for _ in baselines]
    rules: list[list[Rule]] = [[] for _ in baselines]
    axes = [y + content.profile.axis * size for y in baselines]
    for item in content.items:
        lines[_nearest(axes, item.box.cy)].append(item)
    for rule in content.rules:
        rules[_nearest(axes, rule.y)].append(rule)
    gap = SMALL_COLUMN_GAP if small else content.profile.column_gap
    cuts = _column_cuts(content.items, gap * size)
    edges = list(zip([float("-inf"), *cuts], [*cuts, float("inf")], strict=True))
    cells = [[[item for item in line if low <= item.box.cx < high] for low, high in edges] for line in lines]
    read: list[tuple[Node, ...]] = []
    for line, bars in zip(cells, rules, strict=True):
        parts = [[bar for bar in bars if low <= bar.box.cx < high] for low, high in edges]
        read.append(tuple(content.read(c, b) if c else EMPTY for c, b in zip(line, parts, strict=True)))
    letters = [_alignment([line[k] for line in cells], cases) for k in range(len(edges))]
    return Grid(tuple(read), _ruled(letters, cuts, content))


def _ruled(letters: Sequence[str], cuts: Sequence[float], content: Region) -> str:
    """The letters with a bar wherever a vertical rule stands between two columns."""
    centres = [rule.box.cx for rule in content.uprights]
    boxes = [item.box for item in content.items]
    ruled = set()
    for centre in centres:
        before = max((box.x1 for box in boxes if box.cx < centre), default=centre)
        after = min((box.x0 for box in boxes if box.cx > centre), default=centre)
        ruled |= {k for k, cut in enumerate(cuts) if before <= cut <= after}
    return "".join(("|" if k - 1 in ruled else "") + letter for k, letter in enumerate(letters))


def _nearest(values: Sequence[float], value: float) -> int:
    return min(range(len(values)), key=lambda k: abs(values[k] - value))


def _column_cuts(items: Sequence[Item], gap: float) -> list[float]:
    """Middles of the blanks that go through all rows."""
    cuts: list[float] = []
    reach: float | None = None
    for item in sorted(items, key=lambda item: item.box.x0):
        if reach is not None and item.box.x0 - reach > gap:
            cuts.append((reach + item.box.x0) / 2)
        reach = item.box.x1 if reach is None else max(reach, item.box.x1)
    return cuts


def _alignment(cells: Sequence[Sequence[Item]], cases: bool) -> str:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2:
        return "l" if cases else "c"
    lefts = [min(item.box.x0 for item in cell) for cell in filled]
    rights = [max(item.box.x1 for item in cell) for cell in filled]
    centres = [(a + b) / 2 for a, b in zip(lefts, rights, strict=True)]
    spread = {"c": _spread(centres), "l": _spread(lefts), "r": _spread(rights)}
    order = "lcr" if cases else "clr"
    return next(
        (letter for letter in order if spread[letter] < SAME_EDGE), min(order, key=lambda e: spread[e])
    )


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)
