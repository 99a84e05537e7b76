"""Tables of pandoc's tree as cells, each with its place and its spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mathpixweb.engine.writers.programs.pandoc_tree import Node


@dataclass(frozen=True, slots=True)
class Cell:
    """`blocks` are pandoc's; `row` and `column` count from 0."""

    row: int
    column: int
    rows: int
    columns: int
    header: bool
    alignment: str
    blocks: list[Node]


@dataclass(frozen=True, slots=True)
class Grid:
    caption: list[Node]
    height: int
    width: int
    cells: list[Cell]


def grid(table: Node) -> Grid:
    """A `Table` node with the spans worked out."""
    _, caption, columns, head, bodies, foot = table["c"]
    heads = [(row, True) for row in head[1]]
    rows = (
        heads + [(row, False) for body in bodies for row in body[2] + body[3]] + [(r, False) for r in foot[1]]
    )
    alignments = [column[0]["t"] for column in columns]
    cells = list(_cells(rows, alignments))
    return Grid(caption[1], len(rows), len(columns), cells)


def _cells(rows: list[tuple[Any, bool]], alignments: list[str]) -> Iterator[Cell]:
    taken: set[tuple[int, int]] = set()
    for number, (row, header) in enumerate(rows):
        column = 0
        for _, alignment, height, width, blocks in row[1]:
            while (number, column) in taken:
                column += 1
            height = min(height, len(rows) - number)
            taken |= {(number + down, column + right) for down in range(height) for right in range(width)}
            aligned = (
                alignment["t"]
                if alignment["t"] != "AlignDefault"
                else alignments[min(column, len(alignments) - 1)]
            )
            yield Cell(number, column, height, width, header, aligned, blocks)
