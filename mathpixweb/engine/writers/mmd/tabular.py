"""Tables as LaTeX tabular environments."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.model import Block, Formula, Options, Span
from mathpixweb.engine.writers.mmd import escaping, markup

Reach = dict[int, int]


def tabular(table: Block, options: Options) -> str:
    """The table with a rule after every row, interrupted where a cell reaches over several."""
    rows = [row for row in table.children if row.type == "table_row"]
    width = max((cell.column + max(1, cell.level) for row in rows for cell in row.children), default=1)
    body = []
    reach: Reach = {}  # how many rows more the cell of each column reaches down
    for row in rows:
        rule = _rule(reach, width)
        body.append(rf"{rule} {_row(row, width, reach, options)} \\")
    lines = "\n".join(body)
    return f"\\begin{{tabular}}{{|{'l|' * width}}}\n{lines}\n\\hline\n\\end{{tabular}}"


def _rule(reach: Reach, width: int) -> str:
    """The rule above a row: under all columns whose cells end there."""
    if not any(reach.values()):
        return r"\hline"
    free = [column for column in range(width) if not reach.get(column)]
    return "".join(rf"\cline{{{first + 1}-{last + 1}}}" for first, last in _runs(free))


def _runs(columns: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs


def _row(row: Block, width: int, reach: Reach, options: Options) -> str:
    """The row's cells, empty ones where cells from above reach down; updates `reach`."""
    cells: list[str] = []
    column = 0
    covered = {place for place, rows in reach.items() if rows}
    reach.update({place: reach[place] - 1 for place in covered})
    for cell in sorted(row.children, key=lambda cell: cell.column):
        cells += [""] * (cell.column - column)
        span = max(1, cell.level)
        cells.append(_cell(cell, span, options))
        reach.update(dict.fromkeys(range(cell.column, cell.column + span), cell.rows - 1))
        column = max(column, cell.column) + span
    return " & ".join(cells + [""] * (width - column))


def _cell(cell: Block, span: int, options: Options) -> str:
    text = _text(cell, options)
    if cell.rows > 1:
        text = rf"\multirow{{{cell.rows}}}{{*}}{{{text}}}"
    bar = "|" if cell.column == 0 else ""
    return rf"\multicolumn{{{span}}}{{{bar}c|}}{{{text}}}" if span > 1 else text


def _text(cell: Block, options: Options) -> str:
    """The cell's lines one after the other, with a blank where no word is broken."""
    text = ""
    for line in cell.lines:
        text += "".join(_span(span, options) for span in line.spans).strip() + (
            "" if line.hyphenated else " "
        )
    return text.rstrip(" ")


def _span(span: Span, options: Options) -> str:
    if isinstance(span, Formula):
        return markup.inline(span, options)
    return escaping.cell(span.text)
