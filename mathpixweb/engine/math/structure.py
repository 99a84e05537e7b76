"""Two dimensions to a tree: a recursive, purely geometric parser of formulas.

Glyphs become items; then a tuple of steps puts together what belongs together, from the most certain
(horizontal braces, fences around several rows, rules) to the least (scripts). Each step replaces items by
one composite whose parts are parsed in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from mathpixweb.engine.math import accents, braces, fences, grids, limits, rules, words
from mathpixweb.engine.math.composition import items_of, symbol_node
from mathpixweb.engine.math.items import Item, Region, row_size
from mathpixweb.engine.math.profile import PDF, Profile
from mathpixweb.engine.math.scripts import read_row
from mathpixweb.engine.math.tree import EMPTY, Node, row
from mathpixweb.engine.model import Glyph, Rule

# The largest real displays have about 400 symbols. Some steps compare all with all.
MOST_SYMBOLS: Final = 1500
MOST_GLYPHS: Final = 3000  # fences may be made of many pieces
MOST_RULES: Final = 300
DEEPEST: Final = 24

STEPS: Final[tuple[Callable[[Region], None], ...]] = (
    braces.resolve,
    grids.resolve,
    rules.resolve,
    accents.resolve,
    words.resolve,
    limits.resolve,
)


def parse(glyphs: Sequence[Glyph], rules: Sequence[Rule] = (), profile: Profile = PDF) -> Node:
    """The formula drawn by these glyphs and rules.

    Never fails: more symbols than any formula has come out as a flat row in drawing order.
    """
    if len(glyphs) > MOST_GLYPHS:
        return row([symbol_node(glyph) for glyph in sorted(glyphs, key=lambda glyph: glyph.index)])
    items = items_of(glyphs, profile)
    if len(items) > MOST_SYMBOLS or len(rules) > MOST_RULES:
        return row([item.node for item in sorted(items, key=lambda item: item.index)])
    return parse_items(items, rules, profile)


def parse_items(items: Sequence[Item], rules: Sequence[Rule], profile: Profile, depth: int = 0) -> Node:
    """The tree of items that have been composed already."""
    if not items:
        return EMPTY
    single = len(items) == 1 and not rules and items[0].role not in ("roman", "accent")
    if depth > DEEPEST or single:
        return fences.paired(row([item.node for item in sorted(items, key=lambda item: item.box.x0)]))

    def read(part: Sequence[Item], part_rules: Sequence[Rule]) -> Node:
        return parse_items(part, part_rules, profile, depth + 1)

    horizontal = [rule for rule in rules if not rule.vertical]
    uprights = tuple(rule for rule in rules if rule.vertical)
    size = _outer_size(items, horizontal, profile)
    region = Region(list(items), horizontal, profile, read, size, uprights)
    for step in STEPS:
        step(region)
    stack = grids.stacked(region)
    if stack is not None:
        return stack
    return fences.paired(read_row(region))


def _outer_size(items: Sequence[Item], rules: Sequence[Rule], profile: Profile) -> float:
    """Main size of what stands outside of fractions."""
    free = [i for i in items if not any(r.box.x0 - 0.6 <= i.box.cx <= r.box.x1 + 0.6 for r in rules)]
    return row_size(free or items, profile)
