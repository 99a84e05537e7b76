"""Tables of pandoc's tree as LaTeX tabular environments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mathpixweb.engine.flow.model import Node

MOST_COLUMNS: Final = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """`column` counts from 0; `rows` and `columns` are how far it reaches."""

    column: int
    rows: int
    columns: int
    text: str


def tabular(content: Any, cell_text: Callable[[list[Node]], str]) -> str:
    """The table with a rule between all rows, interrupted where a cell reaches over several."""
    rows = _rows(content)
    width = min(max(len(content[2]), 1), MOST_COLUMNS)
    grid = _grid(rows, width, cell_text)
    reach = [0] * width  # how many rows more the cell of each column reaches down
    body = "\n".join([f"{_rule(reach)} {_row(cells, reach)} \\\\" for cells in grid])
    return f"\\begin{{tabular}}{{|{'l|' * width}}}\n{body}\n\\hline\n\\end{{tabular}}"


def _rows(content: Any) -> list[Any]:
    head, bodies, foot = content[3], content[4], content[5]
    rows = [row[1] for row in head[1]]
    for body in bodies:
        rows += [row[1] for row in (*body[2], *body[3])]
    return rows + [row[1] for row in foot[1]]


def _grid(rows: Sequence[Any], width: int, cell_text: Callable[[list[Node]], str]) -> list[list[Cell]]:
    """The cells of each row at their columns, after what cells from above cover."""
    reach = [0] * width
    grid: list[list[Cell]] = []
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        column = 0
        for _, _, down, across, blocks in row:
            while column < width and reach[column]:
                column += 1
            if column >= width:
                break
            cell = Cell(
                column,
                max(1, min(down, len(rows) - number)),
                max(1, min(across, width - column)),
                cell_text(blocks),
            )
            cells.append(cell)
            column += cell.columns
        reach = [max(0, left - 1) for left in reach]
        for cell in cells:
            reach[cell.column : cell.column + cell.columns] = [cell.rows - 1] * cell.columns
        grid.append(cells)
    return grid


def _rule(reach: Sequence[int]) -> str:
    if not any(reach):
        return r"\hline"
    runs: list[tuple[int, int]] = []
    for column in (column for column, left in enumerate(reach, 1) if not left):
        first = runs.pop()[0] if runs and runs[-1][1] == column - 1 else column
        runs.append((first, column))
    return "".join(rf"\cline{{{first}-{last}}}" for first, last in runs)


def _row(cells: Sequence[Cell], reach: list[int]) -> str:
    """The row's cells, empty ones where cells from above reach down; updates `reach`."""
    width = len(reach)
    reach[:] = [max(0, left - 1) for left in reach]
    written: list[str] = []
    column = 0
    for cell in cells:
        written += [""] * (cell.column - column)
        written.append(_cell(cell))
        reach[cell.column : cell.column + cell.columns] = [cell.rows - 1] * cell.columns
        column = cell.column + cell.columns
    return " & ".join(written + [""] * (width - column))


def _cell(cell: Cell) -> str:
    text = rf"\multirow{{{cell.rows}}}{{*}}{{{cell.text}}}" if cell.rows > 1 else cell.text
    if cell.columns == 1:
        return text
    return rf"\multicolumn{{{cell.columns}}}{{{'|' if cell.column == 0 else ''}c|}}{{{text}}}"
