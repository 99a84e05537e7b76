"""The rows of a display that brought its LaTeX along, each with the number that is printed beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mathpixweb.engine.layout.draft import Written
from mathpixweb.engine.model import Formula, Line, SourceRow


def lines_of(formula: Written, line: Line, tag: str | None) -> Iterator[Line]:
    """One line a row of the display; its cells are formulas. `tag` is a number of nobody knows which row."""
    rows = formula.source.rows
    for row, number in zip(rows, _numbers(formula, tag), strict=True):
        last = len(row.cells) - 1
        spans = (
            Formula(cell, line.box, True, number if place == last else None)
            for place, cell in enumerate(row.cells)
        )
        yield Line(tuple(spans), line.box, line.size)


def _numbers(formula: Written, tag: str | None) -> list[str | None]:
    """What is printed beside each row, or what it says of itself."""
    rows, printed = formula.source.rows, formula.numbers
    numbers = [row.number or None for row in rows]
    counted = [place for place, row in enumerate(rows) if row.number is not None]
    if len(counted) == 1 and numbers[counted[0]] is None:
        numbers[counted[0]] = printed[-1][0] if printed else tag
    elif len(counted) == len(printed):
        for place, (number, _) in zip(counted, printed, strict=True):
            numbers[place] = numbers[place] or number
    elif not any(numbers):
        return _by_place(formula, rows, tag)
    return numbers


def _by_place(formula: Written, rows: Sequence[SourceRow], tag: str | None) -> list[str | None]:
    """The numbers as they stand beside the rows, as if these were of one height."""
    numbers: list[str | None] = [None] * len(rows)
    last = len(rows) - 1
    for number, box in formula.numbers:
        share = (formula.box.y1 - box.cy) / (formula.box.height or 1.0)
        numbers[min(max(int(share * len(rows)), 0), last)] = number
    if tag and not formula.numbers:
        numbers[last] = tag
    return numbers
