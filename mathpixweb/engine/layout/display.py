"""Which rows are displayed mathematics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from mathpixweb.engine.layout.alignment import SAME_POSITION, aligning_point, same_display
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.marks import is_written, is_written_display, may_be_display
from mathpixweb.engine.layout.membership import in_formulas
from mathpixweb.engine.layout.words import is_prose, prose_share

INDENT = 2.6  # em from the text's edge: no paragraph is indented so far
SMALL_INDENT = 0.8  # em, enough where nothing in the row is prose
AIR = 0.35  # em above and below a display; between rows of a paragraph there is less
MOST_PROSE = 0.3  # of a row with air around it, as where a condition is in words
FEWEST_STEPS = 4  # from line to line that tell how far apart they usually are


def mark(draft: Draft) -> Draft:
    """Gives the rows of displayed mathematics their role."""
    rows = list(draft.rows)
    leading = _leading(rows)
    shown = [_stands_alone(rows, position, draft, leading) for position in range(len(rows))]
    for position, row in enumerate(rows):
        if any(map(is_written, row.glyphs)) and not any(map(may_be_display, row.glyphs)):
            shown[position] = any(map(is_written_display, row.glyphs))
        elif not shown[position] and (
            _continues(rows, shown, position, draft) or _is_airy(rows, position, draft, leading)
        ):
            shown[position] = True
        elif shown[position] and row.tag is None and _is_formula_in_prose(rows, position, draft):
            shown[position] = False
    marked = (replace(row, role="math") if shown[k] else row for k, row in enumerate(rows))
    return replace(draft, rows=tuple(marked))


def _leading(rows: Sequence[Row]) -> float:
    """The usual distance of baselines of text, in units of the font size."""
    steps = [
        (above.baseline - below.baseline) / above.size
        for above, below in pairwise(rows)
        if above.role == below.role == "text" and above.size and abs(above.size - below.size) < 0.3
    ]
    usual = [step for step in steps if 0.9 < step < 2.2]
    return median(usual) if len(usual) >= FEWEST_STEPS else 1.2


def _has_math(row: Row) -> bool:
    return bool(row.rules) or any(word.math for word in row.words)


def _prose_in(row: Row) -> float:
    """The share of the row that is words and no part of a formula."""
    share = prose_share(row.words)
    if share == 0:
        return 0.0
    flags = in_formulas(row.words)
    outside = sum(
        len(word.glyphs) for word, math in zip(row.words, flags, strict=True) if not math and is_prose(word)
    )
    return min(share, outside / len(row.glyphs))


def _stands_alone(rows: Sequence[Row], position: int, draft: Draft, leading: float) -> bool:
    row = rows[position]
    if row.role != "text" or not _has_math(row):
        return False
    if row.tag is not None:
        return _prose_in(row) < 0.4
    left = row.box.x0 - draft.left_of(row)
    if left <= SMALL_INDENT * row.size:
        return False
    prose = _prose_in(row)
    right = draft.right_of(row) - row.box.x1
    centred = abs(left - right) < 4
    if left > INDENT * row.size and prose < 0.25:
        return True
    if centred and prose < (0.6 if _airy_around(rows, position, leading) else 0.35):
        return True
    return prose == 0 and right > 0.5 * left and len(row.glyphs) > 6


def _continues(rows: Sequence[Row], shown: Sequence[bool], position: int, draft: Draft) -> bool:
    """An indented row with mathematics next to a display, such as one with a condition in words."""
    row = rows[position]
    if row.role != "text" or not _has_math(row) or prose_share(row.words) > 0.6:
        return False
    if position + 1 < len(rows) and shown[position + 1] and _is_aligned(row, rows[position + 1]):
        return True
    if row.box.x0 - draft.left_of(row) < INDENT * row.size:
        return False
    near = [other for other in (position - 1, position + 1) if 0 <= other < len(rows) and shown[other]]
    return any(abs(rows[other].baseline - row.baseline) < 4.5 * row.size for other in near)


def _is_aligned(row: Row, below: Row) -> bool:
    """Whether the row is nothing but mathematics, and the display below goes on under its relation."""
    if any(not word.math and not word.neutral for word in row.words) or not same_display(row, below):
        return False
    here, there = aligning_point(row), aligning_point(below)
    return here is not None and there is not None and abs(here - there) < SAME_POSITION


def _is_airy(rows: Sequence[Row], position: int, draft: Draft, leading: float) -> bool:
    """A row of mathematics with few words, with air above and below.

    It is indented, or so long that it cannot be.
    """
    row = rows[position]
    if row.role != "text" or not _has_math(row) or len(row.glyphs) < 3 or not row.words[0].math:
        return False
    left, right = row.box.x0 - draft.left_of(row), draft.right_of(row) - row.box.x1
    indented = left > 0.9 * row.size
    pure = all(word.math or word.neutral for word in row.words)
    if not indented and not (abs(left - right) < 4 or right < 0):
        return False
    return (pure or _prose_in(row) < MOST_PROSE) and _airy_around(rows, position, leading)


def _airy_around(rows: Sequence[Row], position: int, leading: float) -> bool:
    return all(_air(rows, rows[position], other, leading) for other in (position - 1, position + 1))


def _air(rows: Sequence[Row], row: Row, other: int, leading: float) -> bool:
    """Whether there is more white than between lines of text."""
    if not 0 <= other < len(rows):
        return True
    near = rows[other]
    white = -near.box.y_overlap(row.box) - (leading - 1.2) * row.size
    return white > AIR * row.size or abs(near.baseline - row.baseline) > (leading + 0.1) * row.size


def _is_formula_in_prose(rows: Sequence[Row], position: int, draft: Draft) -> bool:
    """A short formula that ends a paragraph's text, or begins one, at the distance of ordinary lines."""
    if position == 0:
        return False
    row, above = rows[position], rows[position - 1]
    if above.role != "text" or prose_share(above.words) < 0.3:
        return False
    drop = above.baseline - row.baseline
    at_edge = row.box.x0 - draft.left_of(row) < INDENT * row.size
    return (
        at_edge
        and 0.9 * row.size < drop < 1.25 * row.size
        and draft.right_of(above) - above.box.x1 < row.size
    )
