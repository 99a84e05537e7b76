"""Numbers and letters in rows and columns with nothing around them: a display, a matrix without brackets.

Rows of an aligned display are told from these by their relations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.baselines import row_of
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.marks import is_written
from mathpixweb.engine.math.symbols import Kind, symbol_of

CELL_GAP: Final = 0.62  # em between two columns at least, more than TeX sets within a formula
STEP: Final = (0.9, 2.6)  # em between the baselines of two rows
INDENT: Final = 2.6  # em from the text's edge, as for any display
CENTRED: Final = 4.0  # points
SAME_PLACE: Final = 1.5  # points
FEWEST_CELLS: Final = 5


def merge(draft: Draft) -> Draft:
    """Makes one row of mathematics of the rows of each bare grid."""
    rows: list[Row] = []
    group: list[Row] = []
    for row in draft.rows:
        if group and not _goes_on(group[-1], row):
            rows += _merged(group, draft)
            group = []
        if _is_row(row):
            group.append(row)
        else:
            rows.append(row)
    rows += _merged(group, draft)
    return replace(draft, rows=tuple(rows)) if len(rows) < len(draft.rows) else draft


def _is_row(row: Row) -> bool:
    """Whether the row may be one of a grid: short cells, none of them a word, none with a relation."""
    if row.role != "text" or row.block or not row.words or row.tag or len(row.words) > 40:
        return False
    if not all(word.math or word.neutral or len(word.glyphs) == 1 for word in row.words):
        return False
    return not any(symbol_of(glyph).kind is Kind.REL or is_written(glyph) for glyph in row.glyphs)


def _goes_on(above: Row, below: Row) -> bool:
    drop = above.baseline - below.baseline
    alike = above.column == below.column and abs(above.size - below.size) < 0.1 * above.size
    return alike and STEP[0] * above.size < drop < STEP[1] * above.size and _is_row(below)


def _merged(rows: Sequence[Row], draft: Draft) -> list[Row]:
    if len(rows) < 2 or not _is_grid(rows, draft):
        return list(rows)
    glyphs = sorted((glyph for row in rows for glyph in row.glyphs), key=lambda glyph: glyph.index)
    whole = row_of(glyphs, tuple(rule for row in rows for rule in row.rules), draft.body_size)
    words = tuple(word for row in rows for word in row.words)
    return [replace(whole, words=words, column=rows[0].column, role="math")]


def _is_grid(rows: Sequence[Row], draft: Draft) -> bool:
    cells = [list(_cells(row)) for row in rows]
    if sum(map(len, cells)) < FEWEST_CELLS or max(map(len, cells)) < 2:
        return False
    widest = max(rows, key=lambda row: row.box.width)
    box = union(row.box for row in rows)
    right = draft.right_of(widest) - box.x1
    indents = [box.x0 - left for left in draft.lefts_of(widest)]
    if right < INDENT * widest.size or all(abs(indent - right) > CENTRED for indent in indents):
        return False
    return _are_columns(cells) or all(abs(row.box.cx - box.cx) < SAME_PLACE for row in rows)


def _cells(row: Row) -> Iterator[Box]:
    """The ink of what stands together, from left to right."""
    words = sorted(row.words, key=lambda word: word.x0)
    start = 0
    for position, (left, right) in enumerate(pairwise(words), 1):
        if right.x0 - left.x1 > CELL_GAP * row.size:
            yield union(glyph.ink for word in words[start:position] for glyph in word.glyphs)
            start = position
    yield union(glyph.ink for word in words[start:] for glyph in word.glyphs)


def _are_columns(cells: Sequence[Sequence[Box]]) -> bool:
    """Whether each cell stands in a column of the row that has most of them."""
    full = max(cells, key=len)
    return len(full) > 1 and all(
        any(_aligned(cell, other) for other in full) for row in cells for cell in row
    )


def _aligned(one: Box, other: Box) -> bool:
    return min(abs(one.cx - other.cx), abs(one.x0 - other.x0), abs(one.x1 - other.x1)) < SAME_PLACE
