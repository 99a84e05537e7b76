"""The rows of a table and its cells, from the lines of text between its bars.

Between two bars from edge to edge, in a band, there may be one row whose cells have several lines, or several
rows. Lines that stand half a row lower than their neighbours belong to cells that reach over several rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.tables.columns import Chunk

TOO_CLOSE = 0.8  # of the usual distance of rows: not a row of its own
SAME_HEIGHT = 0.35  # of the usual distance of rows
STACKED = 2.4  # of the usual distance: lines further apart are not of one cell
FEWEST_BANDS = 4  # of which half hold one line: the other bands hold one row each, too
NEXT_WORD = 0.3  # em before the word that would have filled the line


@dataclass(frozen=True, slots=True)
class Cell:
    """Some lines in `rows` rows and `columns` columns from `row` and `column` on."""

    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the table and what it says in which columns."""

    y: float
    chunks: tuple[Chunk, ...]

    @property
    def filled(self) -> frozenset[int]:
        return frozenset(column for chunk in self.chunks for column in chunk.columns)


@dataclass(frozen=True, slots=True)
class Band:
    """The lines between two bars; `inner` are the bars that part some columns of it."""

    lines: tuple[TextLine, ...]
    inner: tuple[Box, ...] = ()


def cells_of(bands: Sequence[Band], cuts: Sequence[float], gridded: bool) -> list[Cell]:
    """The cells of all bands, row after row. `gridded` says that upright lines part the columns."""
    step = _step(bands)
    one_each = len(bands) >= FEWEST_BANDS and 2 * sum(len(band.lines) == 1 for band in bands) >= len(bands)
    cells: list[Cell] = []
    for band in bands:
        start = max((cell.row + cell.rows for cell in cells), default=0)
        whole = not band.inner and gridded and (one_each or _is_one_row(band))
        if len(band.lines) > 1 and whole and not _is_uniform(band):
            found = _single(band)
        else:
            found = _several(band, cuts, step, gridded)
        cells += (replace(cell, row=cell.row + start) for cell in found)
    return cells


def _step(bands: Iterable[Band]) -> float:
    """The usual distance of rows: that of lines with something in the same column."""
    steps = [
        above.y - below.y
        for band in bands
        for above, below in pairwise(band.lines)
        if above.filled & below.filled
    ]
    sizes = [chunk.row.size for band in bands for line in band.lines for chunk in line.chunks]
    return min(median(steps), 2 * sizes[0]) if steps else 1.2 * sizes[0]


def _is_one_row(band: Band) -> bool:
    """Whether the lines fill fewer and fewer columns, as where texts of different length begin together."""
    return all(below.filled < above.filled for above, below in pairwise(band.lines[:2])) and all(
        below.filled <= above.filled for above, below in pairwise(band.lines)
    )


def _is_uniform(band: Band) -> bool:
    """Whether three lines or more all fill the same columns."""
    return len(band.lines) > 2 and len({line.filled for line in band.lines}) == 1


def _single(band: Band) -> list[Cell]:
    """One row of all the lines."""
    cells: dict[int, Cell] = {}
    for line in band.lines:
        for chunk in line.chunks:
            home = next((c for c in cells.values() if c.column <= chunk.first < c.column + c.columns), None)
            if home is None:
                cells[chunk.first] = _cell(0, 1, chunk)
            else:
                cells[home.column] = replace(home, lines=(*home.lines, chunk.row))
    return list(cells.values())


def _cell(row: int, rows: int, chunk: Chunk) -> Cell:
    return Cell(row, chunk.first, rows, len(chunk.columns), (chunk.row,))


def _several(band: Band, cuts: Sequence[float], step: float, gridded: bool) -> list[Cell]:
    """As many rows as there are lines that are not squeezed between others."""
    squeezed = _squeezed(band.lines, step)
    groups = _rows([line for line in band.lines if line not in squeezed], band, cuts, step)
    heights = [sum(line.y for line in group) / len(group) for group in groups]
    cells = [cell for k, group in enumerate(groups) for cell in _row(group, k)]
    for stack in _stacks(squeezed, groups):
        cells = _placed(stack, cells, heights, band, step)
    return _grown(cells, heights, step) if band.lines else cells


def _squeezed(lines: Sequence[TextLine], step: float) -> list[TextLine]:
    """Lines too close to one that says something in more columns, none of them the same."""
    found: list[TextLine] = []
    for above, below in pairwise(lines):
        if above.y - below.y > TOO_CLOSE * step or above.filled & below.filled:
            continue
        less = below if len(below.filled) <= len(above.filled) else above
        if less not in found:
            found.append(less)
    return found if len(found) < len(lines) else []


def _rows(lines: Sequence[TextLine], band: Band, cuts: Sequence[float], step: float) -> list[list[TextLine]]:
    """The lines, those that only carry on the line above together with it."""
    groups: list[list[TextLine]] = []
    for line in lines:
        if groups and _carries_on(groups[-1], line, cuts, step) and not _parted(groups[-1][-1], line, band):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _parted(above: TextLine, below: TextLine, band: Band) -> bool:
    return any(below.y < bar.cy < above.y for bar in band.inner)


def _carries_on(group: Sequence[TextLine], line: TextLine, cuts: Sequence[float], step: float) -> bool:
    """Whether every piece of the line goes on where the piece above had no room for its first word."""
    first, above = group[0], group[-1]
    if not line.filled < first.filled or 2 * len(line.filled) > len(first.filled) + 1:
        return False
    if above.y - line.y > 1.15 * step:
        return False
    return all(_had_no_room(_over(chunk, group), chunk, cuts) for chunk in line.chunks)


def _over(chunk: Chunk, group: Sequence[TextLine]) -> Chunk | None:
    return next((c for line in reversed(group) for c in line.chunks if c.first == chunk.first), None)


def _had_no_room(above: Chunk | None, below: Chunk, cuts: Sequence[float]) -> bool:
    if above is None or below.last >= len(cuts):
        return False
    word = _first_word(below.row)
    return above.row.box.x1 + NEXT_WORD * below.row.size + word > cuts[below.last] - 0.5 * below.row.size


def _first_word(row: Row) -> float:
    glyphs = sorted(row.glyphs, key=lambda glyph: glyph.ink.x0)
    end = glyphs[0].ink.x1
    for glyph in glyphs[1:]:
        if glyph.ink.x0 - end > 0.15 * row.size:
            break
        end = max(end, glyph.ink.x1)
    return end - glyphs[0].ink.x0


def _row(group: Sequence[TextLine], number: int) -> list[Cell]:
    cells = [_cell(number, 1, chunk) for chunk in group[0].chunks]
    for line in group[1:]:
        for chunk in line.chunks:
            k = next(k for k, cell in enumerate(cells) if _covers(cell, number, chunk.first))
            cells[k] = replace(cells[k], lines=(*cells[k].lines, chunk.row))
    return cells


def _stacks(squeezed: Sequence[TextLine], rows: Sequence[Sequence[TextLine]]) -> list[list[Chunk]]:
    """The chunks of squeezed lines, those under each other with no row's text between them together."""
    stacks: list[list[Chunk]] = []
    for line in squeezed:
        for chunk in line.chunks:
            above = next((s for s in reversed(stacks) if s[-1].first == chunk.first), None)
            if above is not None and not _between(above[-1], chunk, rows):
                above.append(chunk)
            else:
                stacks.append([chunk])
    return stacks


def _between(above: Chunk, below: Chunk, rows: Sequence[Sequence[TextLine]]) -> bool:
    """Whether a row with text in the column, or more than one row, lies between the two, or much white."""
    if above.row.baseline - below.row.baseline > STACKED * below.row.size:
        return True
    low, high = below.row.baseline, above.row.baseline
    lines = [line for group in rows for line in group if low < line.y < high]
    return len(lines) > 1 or any(below.first in line.filled for line in lines)


def _placed(
    stack: Sequence[Chunk], cells: list[Cell], heights: Sequence[float], band: Band, step: float
) -> list[Cell]:
    """The cells with the stack's, which reaches over the empty cells around its middle."""
    lines = tuple(chunk.row for chunk in stack)
    middle = (lines[0].baseline + lines[-1].baseline) / 2
    nearest = min(range(len(heights)), key=lambda k: abs(heights[k] - middle))
    first, last = _reach(stack[0], cells, heights, middle, band, step) or (nearest, nearest)
    home = next((c for c in cells if _covers(c, nearest, stack[0].first)), None)
    if home is not None and first == last:
        both = sorted((*home.lines, *lines), key=lambda row: -row.baseline)
        return [replace(c, lines=tuple(both)) if c is home else c for c in cells]
    cell = Cell(first, stack[0].first, last - first + 1, len(stack[0].columns), lines)
    return sorted((*cells, cell), key=lambda c: (c.row, c.column))


def _covers(cell: Cell, row: int, column: int) -> bool:
    inside = cell.row <= row < cell.row + cell.rows
    return inside and cell.column <= column < cell.column + cell.columns


def _reach(
    chunk: Chunk, cells: Sequence[Cell], heights: Sequence[float], middle: float, band: Band, step: float
) -> tuple[int, int] | None:
    """The rows around the middle, as many above as below, which are empty in the chunk's columns."""
    best: tuple[int, int] | None = None
    for first in range(len(heights)):
        for last in range(first, len(heights)):
            if abs((heights[first] + heights[last]) / 2 - middle) > SAME_HEIGHT * step:
                continue
            if not _is_free(chunk, cells, heights, first, last, band):
                continue
            if best is None or last - first > best[1] - best[0]:
                best = (first, last)
    return best


def _is_free(
    chunk: Chunk, cells: Sequence[Cell], heights: Sequence[float], first: int, last: int, band: Band
) -> bool:
    for row in range(first, last + 1):
        if any(_covers(cell, row, column) for cell in cells for column in chunk.columns):
            return False
    x = chunk.row.box.cx
    return not any(heights[last] < bar.cy < heights[first] and bar.x0 < x < bar.x1 for bar in band.inner)


def _grown(cells: list[Cell], heights: Sequence[float], step: float) -> list[Cell]:
    """The cells; one that is alone in its column, in the middle of three rows or more, reaches over all."""
    count = len(heights)
    if count < 3 or count % 2 == 0:
        return cells
    middle = count // 2
    return [
        replace(cell, row=0, rows=count)
        if cell.row == middle and cell.rows == 1 and cell.columns == 1 and _alone(cell, cells)
        else cell
        for cell in cells
    ]


def _alone(cell: Cell, cells: Sequence[Cell]) -> bool:
    return not any(
        other is not cell and other.column <= cell.column < other.column + other.columns for other in cells
    )
