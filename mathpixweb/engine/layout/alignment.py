"""Rows of displayed mathematics as one display, aligned where the author has aligned them."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.layout import formulas
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.enclosures import within
from mathpixweb.engine.layout.marks import is_written
from mathpixweb.engine.layout.spans import rules_over
from mathpixweb.engine.layout.trimming import bracket_balance
from mathpixweb.engine.math.symbols import Kind, symbol_of
from mathpixweb.engine.model import Block, Formula, Glyph, Line, Options, Text

CLOSE = 1.1  # em of white between rows of one display; two displays stand further apart
SAME_POSITION = 1.5  # points


def same_display(above: Row, below: Row) -> bool:
    """Whether two rows of displayed mathematics were written as one."""
    if any(is_written(glyph) for row in (above, below) for glyph in row.glyphs):
        return False
    gap = above.box.y0 - below.box.y1
    return above.column == below.column and -0.5 * below.size < gap < CLOSE * below.size


def display_lines(rows: Sequence[Row], options: Options) -> tuple[Line, ...]:
    """One line a row. Where the rows are aligned at a relation, each has two spans: left and right of it."""
    points = [aligning_point(row) for row in rows]
    found = [x for x in points if x is not None]
    aligned = len(rows) > 1 and len(found) == len(rows) and max(found) - min(found) < SAME_POSITION
    return tuple(_line(row, x if aligned else None, options) for row, x in zip(rows, points, strict=True))


def aligning_point(row: Row) -> float | None:
    """Where the first relation outside brackets stands, or the operator with which the row begins."""
    before: list[Glyph] = []
    for glyph in sorted(row.glyphs, key=lambda glyph: glyph.x):
        kind = symbol_of(glyph).kind
        on_the_line = glyph.size > 0.85 * row.size
        aligning = kind is Kind.REL or (kind is Kind.BIN and not before)
        if on_the_line and aligning and bracket_balance(before) == 0:
            return glyph.ink.x0
        before.append(glyph)
    return None


def _line(row: Row, at: float | None, options: Options) -> Line:
    if at is None:
        whole = formulas.displayed(row.glyphs, row.rules, row.tag, options, row.enclosures)
        return Line((whole,), row.box, row.size)
    left = [glyph for glyph in row.glyphs if glyph.ink.cx < at]
    right = [glyph for glyph in row.glyphs if glyph.ink.cx >= at]
    return Line((_part(left, row, None, options), _part(right, row, row.tag, options)), row.box, row.size)


def _part(glyphs: Sequence[Glyph], row: Row, tag: str | None, options: Options) -> Formula:
    if not glyphs:
        return Formula("", row.box, True, tag)
    enclosures = within(glyphs, row.enclosures)
    return formulas.displayed(glyphs, rules_over(glyphs, row.rules), tag, options, enclosures)


def numbers(rows: Sequence[Row]) -> tuple[Block, ...]:
    """The equation numbers of the rows as blocks of their own, which are not part of the text."""
    return tuple(
        Block("equation_number", box, (Line((Text(f"({row.tag})", box),), box, row.size),), output=False)
        for row in rows
        if (box := row.tag_box) is not None
    )
