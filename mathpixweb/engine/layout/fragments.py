"""Formulas that are drawn in pieces: rows next to each other, or over and under one bar, become one.

TeX draws a formula at a stretch; browsers and word processors draw its parts in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.baselines import row_of
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph, Rule

OVERLAP = 0.3  # of the lower row's height
SAME_LINE = 0.8  # em; columns stand further apart
NEAR = 1.5  # em between parts of one formula
OVER_BAR = 0.9  # em from a bar to what it divides
FEWEST_ALIKE = 4  # rows begin where another goes on: columns that stand close
DRAWN_LATER = 60  # glyphs
MOST_PIECES = 500  # of formulas on one page; more are a drawing made of characters
MOST_LETTERS = 0.5  # of the glyphs; with more upright letters a row is prose


def merge(draft: Draft) -> Draft:
    """Rows of formulas made whole, where the page was not made by TeX."""
    if any(glyph.family == "ex" for row in draft.rows for glyph in row.glyphs):
        return draft
    rows = _joined_lines(draft.rows, draft.body_size)
    loose = [row for row in rows if row.glyphs and _is_formula(row)]
    bars = [rule for rule in draft.sheet.rules if not rule.vertical]
    for group in _groups(loose, bars) if len(loose) <= MOST_PIECES else ():
        if len(group) > 1:
            rows = [row for row in rows if row not in group] + [_whole(group, bars, draft.body_size)]
    return replace(draft, rows=tuple(rows))


def _joined_lines(rows: Sequence[Row], body: float) -> list[Row]:
    """Rows of text made one where one goes on on the other's baseline, as around links drawn later."""
    joined: list[Row] = []
    starts = Counter(round(row.box.x0) for row in rows)
    for row in sorted(rows, key=lambda row: (-round(row.baseline), row.box.x0)):
        last = joined[-1] if joined else None
        columns = starts[round(row.box.x0)] >= FEWEST_ALIKE and last is not None and _is_far(last, row)
        if last is not None and not columns and _goes_on(last, row):
            glyphs = sorted((*last.glyphs, *row.glyphs), key=lambda glyph: glyph.index)
            joined[-1] = row_of(glyphs, (*last.rules, *row.rules), body)
        else:
            joined.append(row)
    return joined


def _is_far(last: Row, row: Row) -> bool:
    """Whether much else is drawn between the two."""
    if not last.glyphs or not row.glyphs:
        return False
    between = row.glyphs[0].index - last.glyphs[-1].index
    return between > DRAWN_LATER or between < -DRAWN_LATER - len(row.glyphs) - len(last.glyphs)


def _goes_on(last: Row, row: Row) -> bool:
    if not last.glyphs or not row.glyphs or abs(last.baseline - row.baseline) > 0.6:
        return False
    gap = row.box.x0 - last.box.x1
    return -0.2 * row.size < gap < SAME_LINE * row.size and abs(last.size - row.size) < 0.2 * row.size


def _is_formula(row: Row) -> bool:
    letters = sum(glyph.char.isalpha() and not _may_be_variable(glyph) for glyph in row.glyphs)
    return letters <= MOST_LETTERS * len(row.glyphs) or len(row.glyphs) <= 2


def _may_be_variable(glyph: Glyph) -> bool:
    return symbols.is_math(glyph) or glyph.family in ("it", "bi")


def _groups(rows: Sequence[Row], bars: Sequence[Rule]) -> list[list[Row]]:
    """The rows that belong together, directly or through others; each group has something mathematical."""
    groups: list[list[Row]] = []
    for row in rows:
        joined = [group for group in groups if any(_belong(row, other, bars) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([row, *(other for group in joined for other in group)])
    return [group for group in groups if any(symbols.is_math(g) for row in group for g in row.glyphs)]


def _belong(one: Row, other: Row, bars: Sequence[Rule]) -> bool:
    a, b = one.box, other.box
    em = max(one.size, other.size)
    if a.y_overlap(b) > OVERLAP * min(a.height, b.height) and a.x_overlap(b) > -NEAR * em:
        return True
    upper, lower = (a, b) if a.y0 > b.y0 else (b, a)
    if upper.y0 - lower.y1 > 2 * OVER_BAR * em:  # too far apart for any bar
        return False
    return any(_divides(bar.box, a, b, em) or _divides(bar.box, b, a, em) for bar in bars)


def _divides(bar: Box, upper: Box, lower: Box, em: float) -> bool:
    """Whether the bar stands between a numerator and a denominator no wider than itself."""
    y = (bar.y0 + bar.y1) / 2
    if not 0 < upper.y0 - y + 0.2 * em < OVER_BAR * em or not 0 < y - lower.y1 + 0.2 * em < OVER_BAR * em:
        return False
    return upper.x_overlap(bar) > 0.8 * upper.width and lower.x_overlap(bar) > 0.8 * lower.width


def _whole(group: Sequence[Row], bars: Sequence[Rule], body: float) -> Row:
    glyphs = sorted((g for row in group for g in row.glyphs), key=lambda glyph: glyph.index)
    box = union(row.box for row in group).grown(2)
    within = [bar for bar in bars if box.contains_point(bar.box.cx, bar.box.cy)]
    rules = {rule.index: rule for rule in (*within, *(rule for row in group for rule in row.rules))}
    return row_of(glyphs, tuple(rules.values()), body)
