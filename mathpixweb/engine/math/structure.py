"""Two dimensions to a tree: a recursive, purely geometric parser of formulas.

Glyphs become items; then a tuple of steps puts together what belongs together, from the most certain
(horizontal braces, fences around several rows, rules) to the least (scripts). Each step replaces items by
one composite whose parts are parsed in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math import accents, braces, divisions, fences, grids, limits, sides, words
from mathpixweb.engine.math import rules as rule_steps
from mathpixweb.engine.math.composition import items_of, symbol_node
from mathpixweb.engine.math.items import Item, Read, Region, group, row_size
from mathpixweb.engine.math.profile import PDF, Profile
from mathpixweb.engine.math.scripts import read_row
from mathpixweb.engine.math.tree import EMPTY, Accent, Node, row
from mathpixweb.engine.model import Enclosure, Glyph, Rule

# The largest real displays have about 400 symbols. Some steps compare all with all.
MOST_SYMBOLS: Final = 1500
MOST_GLYPHS: Final = 3000  # fences may be made of many pieces
MOST_RULES: Final = 300
DEEPEST: Final = 24
OVERLINE: Final = 0.5  # points by which a line belonging to symbols may stand out of their ink

STEPS: Final[tuple[Callable[[Region], None], ...]] = (
    divisions.resolve,
    braces.resolve,
    grids.choose,
    grids.resolve,
    rule_steps.resolve,
    accents.resolve,
    sides.resolve,
    words.resolve,
    limits.resolve,
)


def parse(
    glyphs: Sequence[Glyph],
    rules: Sequence[Rule] = (),
    profile: Profile = PDF,
    enclosures: Sequence[Enclosure] = (),
) -> Node:
    """The formula drawn by these glyphs and rules, parts of which may be framed or crossed out.

    Never fails: more symbols than any formula has come out as a flat row in drawing order.
    """
    if len(glyphs) > MOST_GLYPHS:
        return row([symbol_node(glyph) for glyph in sorted(glyphs, key=lambda glyph: glyph.index)])
    items = items_of(glyphs, profile)
    if len(items) > MOST_SYMBOLS or len(rules) > MOST_RULES:
        return row([item.node for item in sorted(items, key=lambda item: item.index)])
    for enclosure in sorted(enclosures, key=lambda enclosure: enclosure.count):
        items, rules = _enclosed(enclosure, items, rules, profile)
    return parse_items(items, rules, profile)


def _enclosed(
    enclosure: Enclosure, items: Sequence[Item], rules: Sequence[Rule], profile: Profile
) -> tuple[list[Item], list[Rule]]:
    """The items and rules with those of the enclosure as one."""
    inner = [item for item in items if enclosure.box.contains_point(item.box.cx, item.box.cy)]
    if not inner:
        return list(items), list(rules)
    ink = union(item.box for item in inner).grown(OVERLINE)  # a bar under what is crossed out is not
    bars = [rule for rule in rules if ink.contains_point(rule.box.cx, rule.box.cy)]
    size = _outer_size(inner, bars, profile)
    body = parse_items(inner, bars, profile)
    region = Region(inner, bars, profile, lambda part, own: parse_items(part, own, profile), size)
    whole = group(
        Accent(enclosure.command, body), inner, size=size, y=rule_steps.baseline_of(region, inner, bars)
    )
    rest = [item for item in items if item not in inner]
    return [*rest, whole], [rule for rule in rules if rule not in bars]


def parse_items(items: Sequence[Item], rules: Sequence[Rule], profile: Profile, depth: int = 0) -> Node:
    """The tree of items that have been composed already."""
    if not items:
        return EMPTY
    single = len(items) == 1 and not rules and items[0].role not in ("roman", "accent")
    if depth > DEEPEST or single:
        return fences.paired(row([item.node for item in sorted(items, key=lambda item: item.box.x0)]))

    def read(part: Sequence[Item], part_rules: Sequence[Rule]) -> Node:
        return parse_items(part, part_rules, profile, depth + 1)

    region = _region(items, rules, profile, read)
    for step in STEPS:
        step(region)
    stack = sides.beside(region) or grids.stacked(region)
    if stack is not None:
        return stack
    return fences.paired(read_row(region))


def divided(items: Sequence[Item], rules: Sequence[Rule], profile: Profile) -> tuple[list[Item], list[Rule]]:
    """The items and rules with each long division as one, however many rows it has."""
    region = _region(items, rules, profile, lambda part, own: parse_items(part, own, profile))
    divisions.resolve(region)
    return region.items, [*region.rules, *region.uprights]


def _region(items: Sequence[Item], rules: Sequence[Rule], profile: Profile, read: Read) -> Region:
    horizontal = [rule for rule in rules if not rule.vertical]
    uprights = tuple(rule for rule in rules if rule.vertical)
    return Region(list(items), horizontal, profile, read, _outer_size(items, horizontal, profile), uprights)


def _outer_size(items: Sequence[Item], rules: Sequence[Rule], profile: Profile) -> float:
    """Main size of what stands outside of fractions."""
    if not rules:
        return row_size(items, profile)
    free = [i for i in items if not any(r.box.x0 - 0.6 <= i.box.cx <= r.box.x1 + 0.6 for r in rules)]
    return row_size(free or items, profile)
