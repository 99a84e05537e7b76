"""Long division: a bracket whose top meets the left end of the rule over the dividend.

What divides stands before it, the quotient on the rule, the work under the dividend, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.items import Item, Region, group, is_close, row_size
from mathpixweb.engine.math.rules import baseline_of
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Accent, Grid, Node, row
from mathpixweb.engine.model import Rule

COMMAND = r"\longdiv"
PARTNERS = {")": "(", "]": "[", r"\lceil": r"\rceil", "[": "]"}  # of the signs; what has it is a bracket
# All in em.
BESIDE = 0.35  # by which the rule's end may miss the sign …
LIFTED = (-0.25, 0.45)  # … and how far it may stand over the top of that
BEYOND = 0.4  # by which the quotient or the work may stand out of the rule
DIVIDES = 0.9  # to what divides, and between its symbols
DECIMAL = 0.2  # after a point that is no end of a sentence
QUOTIENT = 1.5  # over the rule are the middles of the quotient's symbols, at most
STANDS_IN_TEXT = 1.0  # to what else is on the quotient's line, which then is a line of text
NEXT_ROW = 2.2  # between the baselines of the work


@dataclass(frozen=True, slots=True)
class Part:
    """What is read together; in the work, rules are the lines over it."""

    items: list[Item]
    rules: list[Rule]


def resolve(region: Region) -> None:
    """Replace each dividend with its sign by one item, or all of a division that has a quotient or work."""
    for rule in sorted(region.rules, key=lambda rule: -rule.y):
        sign = next((item for item in region.items if _is_sign(region, item, rule)), None)
        if sign is not None:
            _resolve_one(region, sign, rule)


def _is_sign(region: Region, item: Item, rule: Rule) -> bool:
    partner, size = PARTNERS.get(item.latex), region.size
    if partner is None or rule.vertical or rule.box.x1 - item.box.x1 < BEYOND * size:
        return False
    beside = item.box.x0 - BESIDE * size < rule.box.x0 < item.box.x1 + BESIDE * size
    lift = rule.y - item.box.y1
    return beside and LIFTED[0] * size < lift < LIFTED[1] * size and not _has_partner(region, item, partner)


def _has_partner(region: Region, sign: Item, partner: str) -> bool:
    """Whether the bracket, on its side of which others may be closed, closes or opens something."""
    before = is_close(sign)
    depth = 0
    level = [item for item in region.items if item.box.y0 < sign.box.cy < item.box.y1 and item is not sign]
    for item in sorted(level, key=lambda item: item.box.x0, reverse=before):
        if (item.box.cx < sign.box.cx) is not before:
            continue
        if item.latex == sign.latex:
            depth += 1
        elif item.latex == partner:
            if depth == 0:
                return True
            depth -= 1
    return False


def _resolve_one(region: Region, sign: Item, rule: Rule) -> None:
    size = region.size
    low = sign.box.y0 - 0.1 * size
    dividend = _part(region, Box(sign.box.cx, low, rule.box.x1 + BEYOND * size, rule.y), without=sign)
    divisor = _divisor(region, sign)
    if not dividend.items or not divisor.items:
        return
    y = baseline_of(region, dividend.items, dividend.rules)
    own_size = row_size(dividend.items, region.profile)
    quotient = _quotient(region, rule)
    work = _work(region, Box(divisor.items[0].box.x0, low, rule.box.x1, rule.y), y)
    divided = Accent(COMMAND, region.read(dividend.items, dividend.rules))
    region.take([sign, *dividend.items], [rule, *dividend.rules])
    whole = group(divided, [sign, *dividend.items], size=own_size, y=y, box=rule.box)
    if quotient.items or work:
        rows = [quotient] if quotient.items else []
        nodes = [*(_read(region, part) for part in rows), row([_read(region, divisor), divided])]
        lined = tuple(number for number, part in enumerate(work, len(nodes)) if part.rules)
        nodes += [region.read(part.items, []) for part in work]
        parts = [*rows, divisor, *work]
        region.take([i for part in parts for i in part.items], [r for part in parts for r in part.rules])
        grid = Grid(tuple((node,) for node in nodes), "r", lined)
        whole = group(grid, [whole, *(i for part in parts for i in part.items)], size=own_size, y=y)
    region.put(whole)


def _read(region: Region, part: Part) -> Node:
    return region.read(part.items, part.rules)


def _part(region: Region, box: Box, without: Item | None = None) -> Part:
    """What has its middle there; of rules, only what lies within."""
    items = [i for i in region.items if i is not without and box.contains_point(i.box.cx, i.box.cy)]
    rules = [r for r in region.rules if box.y0 < r.y < box.y1 and box.x0 < r.box.x0 and r.box.x1 < box.x1]
    return Part(items, [rule for rule in rules if not rule.vertical])


def _divisor(region: Region, sign: Item) -> Part:
    """What stands before the sign without a wide gap, from the left."""
    size = region.size
    level = [i for i in region.items if sign.box.y0 < i.box.cy < sign.box.y1 and i.box.cx < sign.box.cx]
    chain: list[Item] = []
    edge = sign.box.x0
    for item in sorted((i for i in level if i is not sign), key=lambda item: -item.box.cx):
        gap = edge - item.box.x1
        ends = item.role == Kind.REL or (item.role == Kind.PUNCT and gap > DECIMAL * size)
        if ends or gap > DIVIDES * size:
            break
        chain.insert(0, item)
        edge = min(edge, item.box.x0)
    if not chain:
        return Part([], [])
    bars = [r for r in region.rules if sign.box.y0 < r.y < sign.box.y1 and edge - 1 < r.box.x0]
    return Part(chain, [bar for bar in bars if bar.box.x1 < sign.box.cx])


def _quotient(region: Region, rule: Rule) -> Part:
    """What stands over the rule, unless it goes on before it as a line of text does."""
    size = region.size
    left, right = rule.box.x0 - BEYOND * size, rule.box.x1 + BEYOND * size
    over = _part(region, Box(left, rule.y, right, rule.y + QUOTIENT * size))
    start = min((item.box.x0 for item in over.items), default=left)
    lines = {item.y for item in over.items}
    if any(i.y in lines and 0 < start - i.box.x1 < STANDS_IN_TEXT * size for i in region.items):
        return Part([], [])
    return over


def _work(region: Region, division: Box, y: float | None) -> list[Part]:
    """The rows under the dividend, if there is a line between any of them."""
    size = region.size
    depth = min((item.box.y0 for item in region.items), default=division.y0) - 1
    under = _part(region, Box(division.x0 - size, depth, division.x1 + 2 * size, division.y0))
    rows: list[Part] = []
    for item in sorted(under.items, key=lambda item: -item.box.cy):
        before = y if not rows else rows[-1].items[0].y
        if item.y is None or before is None or before - item.y > NEXT_ROW * size:
            break
        if rows and before - item.y < region.profile.row_gap * size:
            rows[-1].items.append(item)
        else:
            top = division.y0 if not rows else before
            rows.append(Part([item], [rule for rule in under.rules if item.box.cy < rule.y < top]))
    return rows if any(part.rules for part in rows) else []
