"""Grids of tables filled with what was read in them, as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.draft import Row, standing_for
from mathpixweb.engine.model import Block, Formula, Line
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.mathematics import Found
from mathpixweb.engine.ocr.rows import MixedLine, Scale, spans_of
from mathpixweb.engine.ocr.tables import Cell, Grid

_Content = MixedLine | FoundFormula


@dataclass(frozen=True, slots=True)
class FilledTable:
    """`content` is each cell's, from top to bottom."""

    grid: Grid
    content: dict[Cell, tuple[_Content, ...]]

    @property
    def box(self) -> Box:
        return self.grid.box


def fill(grids: Sequence[Grid], found: Found) -> tuple[list[FilledTable], Found]:
    """The tables, and what stands in none of them."""
    lines, displays = list(found.lines), list(found.displays)
    tables: list[FilledTable] = []
    for grid in grids:
        content: dict[Cell, list[_Content]] = {}
        own: list[MixedLine] = []
        others: list[MixedLine] = []
        for line in lines:
            (others if grid.at(line.pieces[0].box) is None else own).append(line)
        for line in own:
            cell = grid.at(union(piece.box for piece in line.pieces)) or grid.at(line.pieces[0].box)
            if cell is not None:
                content.setdefault(cell, []).append(line)
        inside = [display for display in displays if grid.at(display[0].box) is not None]
        for formula in (formula for display in inside for formula in display):
            cell = grid.at(formula.box)
            if cell is not None:
                content.setdefault(cell, []).append(formula)
        lines = others
        displays = [display for display in displays if display not in inside]
        tables.append(FilledTable(grid, {cell: _in_order(some) for cell, some in content.items()}))
    return tables, Found(tuple(lines), tuple(displays))


def _in_order(content: Sequence[_Content]) -> tuple[_Content, ...]:
    """Line after line; what stands at one height from left to right."""
    ordered: list[_Content] = []
    for item in sorted(content, key=lambda item: _place(item).cy):
        at = len(ordered)
        while at and _place(ordered[at - 1]).y_overlap(_place(item)) > 0.5 * _place(item).height:
            if _place(ordered[at - 1]).x0 < _place(item).x0:
                break
            at -= 1
        ordered.insert(at, item)
    return tuple(ordered)


def _place(item: _Content) -> Box:
    return item.box if isinstance(item, FoundFormula) else union(piece.box for piece in item.pieces)


def table_row(table: FilledTable, index: int, scale: Scale) -> Row:
    """The table as a finished block."""
    grid = table.grid
    rows = [
        Block("table_row", scale.box(_around(cells)), children=tuple(_cell(c, table, scale) for c in cells))
        for number in range(grid.rows)
        if (cells := [cell for cell in grid.cells if cell.row == number])
    ]
    return standing_for(Block("table", scale.box(grid.box), children=tuple(rows)), index)


def _around(cells: Sequence[Cell]) -> Box:
    return union(cell.box for cell in cells)


def _cell(cell: Cell, table: FilledTable, scale: Scale) -> Block:
    lines = tuple(_line(item, scale) for item in table.content.get(cell, ()))
    subtype = "spanning" if cell.columns > 1 or cell.rows > 1 else None
    box = scale.box(cell.box)
    return Block("table_cell", box, lines, subtype, cell.columns, cell.column, rows=cell.rows)


def _line(item: _Content, scale: Scale) -> Line:
    box = scale.box(_place(item))
    if isinstance(item, FoundFormula):
        inline = Formula(item.latex, box, confidence=item.confidence)
        return Line((inline,), box, item.size * scale.zoom)
    return Line(tuple(spans_of(item.pieces, scale)), box, item.size * scale.zoom)
