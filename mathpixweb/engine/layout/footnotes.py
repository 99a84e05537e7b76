"""Footnotes: small print at the foot of a column, under a short rule or led by a raised mark."""

from __future__ import annotations

from dataclasses import replace

from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.model import Rule

SHORTEST_RULE = 30.0  # points
LONGEST_RULE = 0.45  # of the page's width
SMALLER = 0.96  # of the body size
HIGHEST = 0.5  # of the page's height, where notes without a rule may begin
RAISED = 0.15  # em over the line
MARKS = "*∗†‡§¶"


def mark(draft: Draft) -> Draft:
    """Gives the rows under a footnote rule their role."""
    rules = [rule for rule in draft.sheet.rules if _may_part_notes(rule, draft)]
    notes = {id(row) for row in draft.rows if any(_is_under(row, rule, draft) for rule in rules)}
    if not notes:
        notes = _led_by_marks(draft)
    rows = tuple(replace(row, role="footnote") if id(row) in notes else row for row in draft.rows)
    return replace(draft, rows=rows)


def _led_by_marks(draft: Draft) -> set[int]:
    """Small print that begins with a raised mark, and all under it, where nothing but small print follows."""
    texts = [row for row in draft.rows if row.role == "text" and row.glyphs]
    small = [row for row in texts if row.size < SMALLER * draft.body_size]
    found: set[int] = set()
    for row in small:
        if row.box.y1 > HIGHEST * draft.sheet.height or not _begins_with_mark(row):
            continue
        under = [other for other in texts if other.box.cy < row.box.cy and other.box.x_overlap(row.box) > 0]
        if all(other.size < SMALLER * draft.body_size for other in under):
            found |= {id(other) for other in (row, *under)}
    return found


def _begins_with_mark(row: Row) -> bool:
    first = min(row.glyphs, key=lambda glyph: glyph.ink.x0)
    raised = first.size < SMALL * row.size and first.y > row.baseline + RAISED * row.size
    return raised and (first.char.isdigit() or first.char in MARKS)


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
