"""Footnotes: small print under a short rule at the foot of a column."""

from __future__ import annotations

from dataclasses import replace

from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.model import Rule

SHORTEST_RULE = 30.0  # points
LONGEST_RULE = 0.45  # of the page's width
SMALLER = 0.96  # of the body size


def mark(draft: Draft) -> Draft:
    """Gives the rows under a footnote rule their role."""
    rules = [rule for rule in draft.sheet.rules if _may_part_notes(rule, draft)]
    rows = tuple(
        replace(row, role="footnote") if any(_is_under(row, rule, draft) for rule in rules) else row
        for row in draft.rows
    )
    return replace(draft, rows=rows)


def _may_part_notes(rule: Rule, draft: Draft) -> bool:
    """A short rule at a left edge of the text under which there is nothing but small print."""
    if rule.vertical or not SHORTEST_RULE < rule.box.width < LONGEST_RULE * draft.sheet.width:
        return False
    if not any(abs(rule.box.x0 - left) < 3 for left in draft.lefts):
        return False
    under = [row for row in draft.rows if _is_below(row, rule) and row.role == "text"]
    return bool(under) and all(row.size < SMALLER * draft.body_size for row in under)


def _is_below(row: Row, rule: Rule) -> bool:
    same_column = rule.box.x0 - 3 <= row.box.x0 < rule.box.x0 + max(rule.box.width * 2.6, 150)
    return same_column and row.box.cy < rule.y


def _is_under(row: Row, rule: Rule, draft: Draft) -> bool:
    return row.role == "text" and _is_below(row, rule)
