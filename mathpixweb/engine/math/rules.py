"""Horizontal rules in a formula: fractions, radicals, lines over and under."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.items import Item, Region, group, main_baseline, row_size
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Accent, Frac, Sqrt
from mathpixweb.engine.model import Rule

TALL_FENCE = 2.0  # em; such a fence may hold rows, none of which is on the baseline
FULL_SIZE = 0.9  # of the text's size is what stands in a row of its own
NEXT_ROW = 0.9  # em between the baselines of a numerator or denominator and of what is in another row
OFF_CENTRE = (0.5, 0.2)  # em, and of its bar's width; a numerator stands less far out
ANYWHERE = (float("-inf"), float("inf"))
FARTHEST_ROW = 4.0  # em; bars further apart have nothing to do with each other


def resolve(region: Region) -> None:
    """Replace each rule with what belongs to it by one item, widest first."""
    bars = [(rule, _radical(region, rule)) for rule in region.rules if not rule.vertical]
    bars.sort(key=lambda bar: -(bar[0].box.x1 - (bar[1].box.x0 if bar[1] else bar[0].box.x0)))
    reaches = _reaches(region, [rule for rule, radical in bars if radical is None])
    for rule, radical in bars:
        if not any(rule is left for left in region.rules):
            continue  # it went into a wider one
        if radical is not None and radical in region.items:
            _resolve_radical(region, rule, radical)
        else:
            _resolve_bar(region, rule, reaches.get(id(rule), ANYWHERE))  # another bar may have had its sign


def _reaches(region: Region, bars: Sequence[Rule]) -> dict[int, tuple[float, float]]:
    """How far down and up from each bar its fraction may reach: halfway to a fraction in another row."""
    reaches = {id(bar): ANYWHERE for bar in bars}
    by_height = sorted(bars, key=lambda bar: -bar.y)
    for position, upper in enumerate(by_height):
        for lower in by_height[position + 1 :]:
            if upper.y - lower.y > FARTHEST_ROW * region.size:
                break
            if _in_different_rows(region, upper, lower):
                middle = (upper.y + lower.y) / 2
                reaches[id(upper)] = (max(middle, reaches[id(upper)][0]), reaches[id(upper)][1])
                reaches[id(lower)] = (reaches[id(lower)][0], min(middle, reaches[id(lower)][1]))
    return reaches


def _in_different_rows(region: Region, upper: Rule, lower: Rule) -> bool:
    """Whether two lines of text stand between the bars: a denominator, and a numerator of the next row."""
    left, right = max(upper.box.x0, lower.box.x0) - 0.6, min(upper.box.x1, lower.box.x1) + 0.6
    between = [
        item
        for item in region.items
        if item.y is not None
        and item.tells_size
        and left <= item.box.cx <= right
        and lower.y < item.box.cy < upper.y
    ]
    size = max((item.size or 0.0 for item in between), default=0.0)
    heights = [item.y for item in between if item.y is not None and (item.size or 0.0) > 0.88 * size]
    return bool(heights) and max(heights) - min(heights) > 0.6 * size


def _radical(region: Region, rule: Rule) -> Item | None:
    """The radical sign whose upper right corner is the left end of the rule."""
    for item in region.items:
        if item.role == Kind.RAD:
            near = max(1.5, region.profile.radical_join * (item.size or 10.0))
            if abs(item.box.x1 - rule.box.x0) < near and abs(item.box.y1 - rule.box.y1) < near:
                return item
    return None


def _resolve_radical(region: Region, rule: Rule, radical: Item) -> None:
    box = Box(rule.box.x0 - 1, radical.box.y0 - 2, rule.box.x1 + 0.8, rule.box.y1)
    body = [i for i in region.items if i is not radical and box.contains_point(i.box.cx, i.box.cy)]
    inner = [r for r in region.rules if r is not rule and _within(r, rule) and box.y0 <= r.y <= box.y1]
    index = _index_of(region, radical, body)
    node = Sqrt(region.read(body, inner), region.read(index, []) if index else None)
    size = row_size(body, region.profile) if body else radical.size or 10.0
    baseline = baseline_of(region, body, inner)
    region.take([radical, *body, *index], [rule, *inner])
    y = radical.box.cy - region.profile.axis * size if baseline is None else baseline
    root = group(node, [radical, *body], size=_told(body, inner, size), y=y, box=rule.box)
    root.start = min(item.left for item in (radical, *index))
    region.put(root)


def _index_of(region: Region, radical: Item, body: Sequence[Item]) -> list[Item]:
    """Small symbols in the crook of the radical sign."""
    size = radical.size or 10.0
    box = Box(
        radical.box.x0 - 0.6 * size,
        radical.box.cy - 0.1 * radical.box.height,
        radical.box.x0 + 0.7 * radical.box.width,
        radical.box.y1 + 0.6 * size,
    )
    inside = [
        item
        for item in region.items
        if item is not radical
        and item not in body
        and (item.size or item.inner) < region.profile.index_size * size
        and box.contains_point(item.box.cx, item.box.y0)
        and item.box.cx < radical.box.x0 + 0.6 * radical.box.width
    ]
    reaches = any(item.box.x1 > radical.box.x0 + 0.1 * size for item in inside)
    return _with_what_leads(region, inside, size) if reaches else []


def _with_what_leads(region: Region, inside: list[Item], size: float) -> list[Item]:
    """A long index begins far to the left of its sign."""
    whole = list(inside)
    others = [i for i in region.items if i not in inside and i.size == inside[0].size and i.y is not None]
    for item in sorted(others, key=lambda item: -item.box.x1):
        first = min(whole, key=lambda item: item.box.x0)
        level = first.y is not None and item.y is not None and abs(item.y - first.y) < 0.05 * size
        if level and first.box.x0 - item.box.x0 > 0 and first.box.x0 - item.box.x1 < 0.15 * size:
            whole.append(item)
    return whole


def baseline_of(region: Region, items: Sequence[Item], rules: Sequence[Rule]) -> float | None:
    """Baseline of a part: that of its symbols outside of fractions, or what tall fences or bars tell."""
    bars = [rule for rule in rules if _has_both_sides(rule, items)]
    free = _free(items, rules)
    tall = [item for item in free if item.role == "fence" and item.box.height > TALL_FENCE * region.size]
    if tall:
        return max(tall, key=lambda item: item.box.height).box.cy - region.profile.axis * region.size
    if bars and not any(item.tells_size for item in free):
        return max(bars, key=lambda rule: rule.box.width).y - region.profile.axis * region.size
    baseline = main_baseline(free or items, row_size(free or items, region.profile), region.profile)
    if baseline is None:
        known = [item for item in items if item.y is not None]
        return max(known, key=lambda item: item.box.width).y if known else None
    return baseline


def _has_both_sides(rule: Rule, items: Sequence[Item]) -> bool:
    near = [item for item in items if rule.box.x0 - 0.6 <= item.box.cx <= rule.box.x1 + 0.6]
    return any(item.box.cy > rule.y for item in near) and any(item.box.cy < rule.y for item in near)


def _resolve_bar(region: Region, rule: Rule, reach: tuple[float, float]) -> None:
    low, high = reach
    near = [item for item in region.items if low < item.box.cy < high and _belongs(item, rule)]
    inner = [r for r in region.rules if r is not rule and low < r.y < high and _within(r, rule)]
    over = sorted((i for i in near if i.box.cy > rule.y), key=lambda i: i.box.y0)
    under = sorted((i for i in near if i.box.cy < rule.y), key=lambda i: -i.box.y1)
    above = _chain(region, over, rule, inner, upwards=True)
    below = _chain(region, under, rule, inner, upwards=False)
    above_rules = [r for r in inner if r.y > rule.y and (not above or r.y < max(i.box.y1 for i in above) + 3)]
    below_rules = [r for r in inner if r.y < rule.y and (not below or r.y > min(i.box.y0 for i in below) - 3)]
    if above and below:
        node = Frac(region.read(above, above_rules), region.read(below, below_rules))
        region.take(above + below, [rule, *above_rules, *below_rules])
        y = rule.y - region.profile.axis * region.size
        region.put(group(node, above + below, size=None, y=y, box=rule.box))
    elif below:
        _line(region, rule, r"\overline", below, below_rules)
    elif above:
        _line(region, rule, r"\underline", above, above_rules)
    else:
        region.take([], [rule])


def _line(region: Region, rule: Rule, command: str, body: list[Item], rules: list[Rule]) -> None:
    size = row_size(body, region.profile)
    baseline = baseline_of(region, body, rules)
    node = Accent(command, region.read(body, rules))
    region.take(body, [rule, *rules])
    box = Box(body[0].box.cx, rule.box.y0, body[0].box.cx, rule.box.y1)
    region.put(group(node, body, size=_told(body, rules, size), y=baseline, box=box))


def _told(body: Sequence[Item], rules: Sequence[Rule], size: float) -> float | None:
    """The size, unless only fractions tell it: a small one may stand alone under a radical of full size."""
    return size if any(item.tells_size for item in _free(body, rules)) else None


def _free(items: Sequence[Item], rules: Sequence[Rule]) -> list[Item]:
    """Items that are in no fraction."""
    bars = [rule for rule in rules if _has_both_sides(rule, items)]
    return [i for i in items if not any(r.box.x0 - 0.6 <= i.box.cx <= r.box.x1 + 0.6 for r in bars)]


def _belongs(item: Item, rule: Rule) -> bool:
    left, right = rule.box.x0, rule.box.x1
    if item.role == Kind.RAD:
        return left - 0.6 <= item.box.x0 and item.box.x1 <= right
    return left - 0.6 <= item.box.cx <= right + 0.6 and item.box.x0 > left - 2 and item.box.x1 < right + 2.5


def _chain(
    region: Region, items: list[Item], rule: Rule, inner: Sequence[Rule], *, upwards: bool
) -> list[Item]:
    """Items one after the other away from the rule while the gaps stay small.

    `inner` are shorter rules over or under this one; they bridge gaps.
    """
    chain: list[Item] = []
    edge = rule.box.y1 if upwards else rule.box.y0
    for item in items:
        size = item.size or item.inner or region.size
        edge = _past_bars(edge, item, inner, upwards=upwards)
        gap = item.box.y0 - edge if upwards else edge - item.box.y1
        larger = bool(chain) and size > 1.2 * max(i.size or i.inner for i in chain)
        full = (item.size or 0.0) > FULL_SIZE * region.size
        if (
            chain
            and full
            and _is_next_row(item, chain)
            and not any(_is_divided(i, rule, inner) for i in chain)
        ):
            continue
        if (
            larger
            and gap > -0.05 * size
            and _is_middle(chain, rule, size)
            and not any(_is_divided(i, rule, inner) for i in chain)
        ):
            continue  # the next row of a matrix over a small fraction
        if gap < (region.profile.stack_gap if chain else region.profile.numerator_gap) * size:
            chain.append(item)
            edge = max(edge, item.box.y1) if upwards else min(edge, item.box.y0)
    return chain


def _is_middle(chain: Sequence[Item], rule: Rule, size: float) -> bool:
    """Whether the items stand in the middle of the bar, unlike what stands under a lim at its end."""
    centre = (min(item.box.x0 for item in chain) + max(item.box.x1 for item in chain)) / 2
    return abs(centre - rule.box.cx) < max(OFF_CENTRE[0] * size, OFF_CENTRE[1] * rule.box.width)


def _is_next_row(item: Item, chain: Sequence[Item]) -> bool:
    """Whether the item stands on another line than all symbols of its size that belong to the bar."""
    if item.y is None or not item.tells_size or item.size is None:
        return False
    level = [i.y for i in chain if i.y is not None and i.tells_size and (i.size or 0.0) > 0.9 * item.size]
    return bool(level) and all(abs(y - item.y) > NEXT_ROW * item.size for y in level)


def _is_divided(item: Item, rule: Rule, inner: Sequence[Rule]) -> bool:
    """Whether the item is the nearer part of a smaller fraction over or under the rule."""
    low, high = sorted((item.box.cy, rule.y))
    return any(
        bar.box.x0 - 0.6 <= item.box.cx <= bar.box.x1 + 0.6
        and not low <= bar.y <= high
        and (bar.y > rule.y) == (item.box.cy > rule.y)
        for bar in inner
    )


def _past_bars(edge: float, item: Item, bars: Sequence[Rule], *, upwards: bool) -> float:
    """The edge moved past the bars that lie between it and the item, nearer to it than half a line or so."""
    near = 0.55 * (item.size or item.inner or 10.0)
    for bar in sorted(bars, key=lambda bar: bar.y if upwards else -bar.y):
        over = bar.box.x0 - 0.6 <= item.box.cx <= bar.box.x1 + 0.6
        between = edge < bar.y < item.box.cy if upwards else item.box.cy < bar.y < edge
        if over and between and abs(bar.y - edge) < near:
            edge = bar.box.y1 if upwards else bar.box.y0
    return edge


def _within(inner: Rule, outer: Rule) -> bool:
    return outer.box.x0 - 1 <= inner.box.x0 and inner.box.x1 <= outer.box.x1 + 1
