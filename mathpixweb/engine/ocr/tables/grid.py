"""A table's grid: rows and columns, cells over several of them, and the text cut to fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr.tables import columns
from mathpixweb.engine.ocr.tables.lines import cut, in_lines
from mathpixweb.engine.ocr.tables.rows import Row, rows_of
from mathpixweb.engine.ocr.tables.rulings import Rulings
from mathpixweb.engine.ocr.text import TextLine

COVERED: Final = 0.6  # of a side of a cell that a rule must run along to part it from its neighbour
ON: Final = 0.7  # em between a border and a rule on it
MOST_CELLS: Final = 4000


@dataclass(frozen=True, slots=True)
class Cell:
    """`rows` and `columns` are how many of them it takes, from `row` and `column` on; `box` is its room."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]

    def at(self, box: Box) -> Cell | None:
        """The cell in which something stands."""
        x, y = box.cx, box.cy
        for cell in self.cells:  # asked for every line: most are told by their height
            if cell.box.y0 <= y <= cell.box.y1 and cell.box.x0 <= x <= cell.box.x1:
                return cell
        return None


def gridded(
    pieces: Sequence[TextLine], box: Box, rulings: Rulings, em: float
) -> tuple[Grid, list[TextLine]] | None:
    """The grid of the table in the box and its pieces, none of them over a border; None without columns."""
    lines = in_lines(pieces)
    places = columns.borders(lines, box, rulings.stems, em)
    edges = [box.x0, *places, box.x1]
    rows = rows_of(lines, box, places, rulings, em)
    if not places or not rows or len(rows) * len(edges) > MOST_CELLS:
        return None
    walls = _Walls(rulings, [row.box for row in rows], edges, em)
    spans = _spans(rows, places, walls)
    cells = tuple(_cell(span, rows, edges) for span in spans)
    grid = Grid(box, len(rows), len(edges) - 1, cells)
    return grid, [part for row in rows for part in _cut_row(row, places, spans, rows)]


@dataclass(frozen=True, slots=True)
class _Span:
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    def covers(self, row: int, column: int) -> bool:
        inside = self.row <= row < self.row + self.rows
        return inside and self.column <= column < self.column + self.columns


class _Walls:
    """Which sides of the grid's smallest cells rules run along."""

    def __init__(self, rulings: Rulings, rows: Sequence[Box], edges: Sequence[float], em: float) -> None:
        self.rulings, self.rows, self.edges, self.em = rulings, rows, edges, em
        self.upright = any(self.between_columns(row, k) for row in range(len(rows)) for k in self._inner())
        bars = [self._bar_under(row, k) for row in range(len(rows) - 1) for k in range(len(edges) - 1)]
        self.level = self.upright and sum(bars) > 0.5 * max(1, len(bars))

    def _inner(self) -> range:
        return range(1, len(self.edges) - 1)

    def between_columns(self, row: int, border: int) -> bool:
        """Whether a rule parts the cells left and right of the border in this row."""
        x, box = self.edges[border], self.rows[row]
        height = max(1.0, box.height)
        on = [stem for stem in self.rulings.stems if abs(stem.cx - x) < ON * self.em]
        return any(stem.y_overlap(box) > COVERED * height for stem in on)

    def between_rows(self, row: int, column: int) -> bool:
        """Whether the cells in this row and the next are parted; everywhere, if not rules part rows."""
        if not self.level or self._bar_under(row, column):
            return True
        return not any(self._bar_under(row, k) for k in range(len(self.edges) - 1))

    def _bar_under(self, row: int, column: int) -> bool:
        y = (self.rows[row].y1 + self.rows[row + 1].y0) / 2
        left, right = self.edges[column], self.edges[column + 1]
        near = [bar for bar in self.rulings.bars if abs(bar.cy - y) < ON * self.em]
        return any(min(bar.x1, right) - max(bar.x0, left) > COVERED * (right - left) for bar in near)


def _spans(rows: Sequence[Row], places: Sequence[float], walls: _Walls) -> list[_Span]:
    """The cells from top to bottom, each from left to right."""
    taken: set[tuple[int, int]] = set()
    spans: list[_Span] = []
    for number, row in enumerate(rows):
        for column in range(len(places) + 1):
            if (number, column) in taken:
                continue
            span = _Span(number, column, 1, _breadth(row, column, places, walls, number, taken))
            span = replace(span, rows=_depth(span, rows, places, walls))
            taken |= {
                (r, c)
                for r in range(span.row, span.row + span.rows)
                for c in range(span.column, span.column + span.columns)
            }
            spans.append(span)
    return spans


def _breadth(
    row: Row,
    column: int,
    places: Sequence[float],
    walls: _Walls,
    number: int,
    taken: set[tuple[int, int]],
) -> int:
    """How many columns the cell takes: as many as its text goes over, or no rule parts."""
    last = column
    ruled = walls.upright and row.boxed
    while last < len(places) and (number, last + 1) not in taken:
        x = places[last]
        if walls.between_columns(number, last + 1):
            break
        crossing = any(piece.box.x0 < x - 2 and piece.box.x1 > x + 2 for piece in row.pieces)
        barred = any(bar.x0 < x < bar.x1 for bar in row.bars_under) and not row.filled_both(x, places)
        if not (crossing or barred or (ruled and not row.filled_both(x, places))):
            break
        last += 1
    return last - column + 1


def _depth(span: _Span, rows: Sequence[Row], places: Sequence[float], walls: _Walls) -> int:
    """How many rows the cell takes: where rules part rows, those up to the next rule under it."""
    last = span.row
    while last + 1 < len(rows):
        wanted = range(span.column, span.column + span.columns)
        if any(walls.between_rows(last, column) for column in wanted):
            break
        last += 1
    return last - span.row + 1


def _cell(span: _Span, rows: Sequence[Row], edges: Sequence[float]) -> Cell:
    box = union(rows[k].box for k in range(span.row, span.row + span.rows))
    room = Box(edges[span.column], box.y0, edges[span.column + span.columns], box.y1)
    return Cell(span.row, span.column, span.rows, span.columns, room)


def _cut_row(
    row: Row, places: Sequence[float], spans: Sequence[_Span], rows: Sequence[Row]
) -> list[TextLine]:
    """The row's pieces cut at the borders that its cells have."""
    number = rows.index(row)
    own = [span for span in spans if span.row <= number < span.row + span.rows]
    borders = [
        x
        for (k, x) in enumerate(places)
        if not any(span.covers(number, k) and span.covers(number, k + 1) for span in own)
    ]
    return [part for piece in row.pieces for part in cut(piece, borders)]
