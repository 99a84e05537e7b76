"""Rows of displayed mathematics as one display, aligned where the author has aligned them."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout import formulas
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.marks import is_written
from mathpixweb.engine.layout.spans import rules_over
from mathpixweb.engine.layout.trimming import bracket_balance
from mathpixweb.engine.math.spacing import Part, join
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
    told = [each for part in _of_one_source(rows) for each in _brought(part)]
    if all(told):
        return tuple(line for line in told if line is not None and line.spans)
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


def _of_one_source(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows, those together that the file brings along as one formula."""
    parts: list[list[Row]] = []
    for row in rows:
        source = formulas.source_of(row.glyphs)
        if parts and source is not None and source is formulas.source_of(parts[-1][-1].glyphs):
            parts[-1].append(row)
        else:
            parts.append([row])
    return parts


def _brought(rows: Sequence[Row]) -> list[Line | None]:
    """The rows of a formula that the file brings along, all of it in the first if it has other rows."""
    source = formulas.source_of(rows[0].glyphs)
    if source is None:
        return [None] * len(rows)
    if len(source.rows) != len(rows):
        whole = Formula(source.latex, rows[0].box, True, _tag(rows))
        empty: list[Line | None] = [Line((), row.box, row.size) for row in rows[1:]]
        return [Line((whole,), union(row.box for row in rows), rows[0].size), *empty]
    return [_cells(row, cells) for row, cells in zip(rows, source.rows, strict=True)]


def _tag(rows: Sequence[Row]) -> str | None:
    return next((row.tag for row in rows if row.tag), None)


def _cells(row: Row, cells: Sequence[str]) -> Line:
    """A row in two parts, left and right of where it is aligned; wide space between further ones."""
    left, *right = cells
    parts = [left, _further(right)][: len(cells)]
    last = len(parts) - 1
    spans = (Formula(t, row.box, True, row.tag if k == last else None) for k, t in enumerate(parts))
    return Line(tuple(spans), row.box, row.size)


def _further(cells: Sequence[str]) -> str:
    """What is right of the first relation, and further equations in the same row."""
    pairs = [cells[:1], *(cells[k : k + 2] for k in range(1, len(cells), 2))]
    return r" \quad ".join(join([Part(cell) for cell in pair if cell]) for pair in pairs if any(pair))


def _line(row: Row, at: float | None, options: Options) -> Line:
    if at is None:
        return Line((formulas.displayed(row.glyphs, row.rules, row.tag, options),), row.box, row.size)
    left = [glyph for glyph in row.glyphs if glyph.ink.cx < at]
    right = [glyph for glyph in row.glyphs if glyph.ink.cx >= at]
    return Line((_part(left, row, None, options), _part(right, row, row.tag, options)), row.box, row.size)


def _part(glyphs: Sequence[Glyph], row: Row, tag: str | None, options: Options) -> Formula:
    if not glyphs:
        return Formula("", row.box, True, tag)
    return formulas.displayed(glyphs, rules_over(glyphs, row.rules), tag, options)


def numbers(rows: Sequence[Row]) -> tuple[Block, ...]:
    """The equation numbers of the rows as blocks of their own, which are not part of the text."""
    return tuple(
        Block("equation_number", box, (Line((Text(f"({row.tag})", box),), box, row.size),), output=False)
        for row in rows
        if (box := row.tag_box) is not None
    )
