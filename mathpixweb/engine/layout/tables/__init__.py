"""Tables.

A table becomes a block of type "table" whose children are rows ("table_row"), whose children are cells
("table_cell"). A cell's `column` is its first column, its `level` the number of columns and its `rows` the
number of rows it spans. An algorithm between such lines becomes a block of type "pseudocode".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout import furniture
from mathpixweb.engine.layout.draft import Draft, Row, standing_for
from mathpixweb.engine.layout.faces import Faces, faces_of
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.spans import spans_of
from mathpixweb.engine.layout.tables import pseudocode, regions, unruled
from mathpixweb.engine.layout.tables.cells import Band, Cell, TextLine, cells_of
from mathpixweb.engine.layout.tables.columns import chunks_of, cuts_of, spread
from mathpixweb.engine.layout.tables.pieces import lines_of
from mathpixweb.engine.layout.tables.rulings import Rulings, rulings_of
from mathpixweb.engine.layout.words import words_of
from mathpixweb.engine.model import Block, Glyph, Line

_ALGORITHM = re.compile(r"(?i)(algorithm(us|e)?|algoritmo?|procedure|protocol)\d")
EDGE_TO_EDGE = 0.9  # of the table's width: a bar under all columns
UNDER = 1.6  # em below a line's baseline, where a bar may stand that belongs to it


def claim(draft: Draft) -> Draft:
    """Takes tables from the sheet."""
    rulings = rulings_of(draft.sheet.rules)
    bars = tuple(bar for bar in rulings.bars if not furniture.parts_furniture(bar, draft))
    rulings = replace(rulings, bars=bars)
    draft = _taken(draft, regions.ruled(draft.sheet, rulings), rulings)
    amounts = replace(
        draft, sheet=replace(draft.sheet, glyphs=tuple(unruled.beside_amounts(draft.sheet.glyphs)))
    )
    boxes = unruled.regions(amounts, rulings)
    return _taken(amounts, boxes, rulings) if boxes else draft


def _taken(draft: Draft, boxes: Sequence[Box], rulings: Rulings) -> Draft:
    """The draft with the tables in the boxes as rows of their own."""
    rows, sheet = draft.rows, draft.sheet
    for box in boxes:
        inside = [glyph for glyph in sheet.glyphs if box.contains_point(glyph.ink.cx, glyph.ink.cy)]
        table = _made(inside, box, rulings.within(box), draft) if inside else None
        if table is None:
            continue
        claimed = {id(glyph) for glyph in inside}
        rows += (standing_for(table, min(glyph.index for glyph in inside)),)
        rest = tuple(glyph for glyph in sheet.glyphs if id(glyph) not in claimed)
        bars = tuple(
            rule for rule in sheet.rules if not box.grown(2).contains_point(rule.box.cx, rule.box.cy)
        )
        sheet = replace(sheet, glyphs=rest, rules=bars)
    return replace(draft, sheet=sheet, rows=rows)


def _made(glyphs: Sequence[Glyph], box: Box, rulings: Rulings, draft: Draft) -> Block | None:
    """What stands between the lines: a table, or an algorithm with its caption above the second."""
    lines = lines_of(glyphs)
    if not _ALGORITHM.match(reading(lines[0].glyphs)):
        return _table(lines, box, rulings, draft)
    return pseudocode.block_of(lines, box, draft)


def _table(lines: Sequence[Row], box: Box, rulings: Rulings, draft: Draft) -> Block | None:
    """The table in the box, or None if its content has no columns."""
    through = [bar for bar in rulings.bars if bar.width > EDGE_TO_EDGE * box.width]
    head = _head(lines, through)
    cuts = cuts_of(lines, head, box, rulings)
    bands = _bands(lines, head, through, box, cuts, rulings)
    if not cuts or not bands:
        return None
    gridded = all(any(abs(stem.cx - cut) < 1 for stem in rulings.stems) for cut in cuts)
    cells = cells_of(bands, cuts, gridded)
    faces = faces_of(draft.survey)
    count = max(cell.row for cell in cells) + 1
    rows = [[cell for cell in cells if cell.row == number] for number in range(count)]
    return Block("table", box, children=tuple(_row(row, box, faces, draft) for row in rows))


def _head(lines: Sequence[Row], through: Sequence[Box]) -> int:
    """How many lines stand above the first bar that has text above it."""
    for bar in through:
        above = sum(line.baseline > bar.cy for line in lines)
        if above:
            return above if above < len(lines) else 0
    return 0


def _bands(
    lines: Sequence[Row],
    head: int,
    through: Sequence[Box],
    box: Box,
    cuts: Sequence[float],
    rulings: Rulings,
) -> list[Band]:
    partial = [bar for bar in rulings.bars if bar not in through]
    edges = [box.y1 + 1, *(bar.cy for bar in through), box.y0 - 1]
    bands: list[Band] = []
    for upper, lower in pairwise(edges):
        texts = []
        for number, line in enumerate(lines):
            if not lower < line.baseline <= upper:
                continue
            under = [bar for bar in partial if 0 < line.baseline - bar.cy < UNDER * line.size]
            chunks = chunks_of(line, cuts, rulings)
            chunks = spread(chunks, under, box, cuts, rulings, number < head)
            texts.append(TextLine(line.baseline, tuple(chunks)))
        if texts:
            inner = tuple(bar for bar in partial if lower < bar.cy < upper)
            bands.append(Band(tuple(texts), inner))
    return bands


def _row(cells: Sequence[Cell], table: Box, faces: Faces, draft: Draft) -> Block:
    blocks = tuple(_cell(cell, faces, draft) for cell in cells)
    box = union(block.box for block in blocks) if blocks else table
    return Block("table_row", box, children=blocks)


def _cell(cell: Cell, faces: Faces, draft: Draft) -> Block:
    lines = tuple(_line(line, faces, draft) for line in cell.lines)
    subtype = "spanning" if cell.columns > 1 or cell.rows > 1 else None
    box = union(line.box for line in lines)
    return Block("table_cell", box, lines, subtype, cell.columns, cell.column, rows=cell.rows)


def _line(row: Row, faces: Faces, draft: Draft) -> Line:
    words = words_of(row, faces)
    return Line(spans_of(row.with_words(words), draft.options, faces), row.box, row.size)
