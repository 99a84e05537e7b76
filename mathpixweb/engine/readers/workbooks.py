"""Excel workbooks: each sheet a page, each block of filled cells a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mathpixweb.engine.flow.model import PAGE_BREAK, Flow, Node, table
from mathpixweb.engine.readers import pandoc_trees
from mathpixweb.engine.readers.archives import Archive
from mathpixweb.engine.writers.programs import pandoc_tree

_WHOLE = re.compile(r"(-?\d+)\.0")  # how pandoc writes a number without fraction

Cell = list[Any]


def read_path(path: Path) -> Flow:
    """Raises UnreadableDocument, EncryptedDocument."""
    with Archive(path):
        flow = pandoc_trees.read(path.read_bytes(), "xlsx")
    return Flow(tuple(_sheets(flow.blocks)), flow.pictures)


def _sheets(blocks: tuple[Node, ...]) -> Iterator[Node]:
    for block in blocks:
        if block["t"] == "Table":
            yield from _tables(block["c"])
            continue
        if block["t"] == "Header":
            yield PAGE_BREAK
        yield block


def _tables(content: Any) -> Iterator[Node]:
    """The sheet's filled rows; empty ones part tables, and empty columns are left out."""
    rows = [row[1] for row in content[3][1]]
    for body in content[4]:
        rows += [row[1] for row in (*body[2], *body[3])]
    filled: list[list[Cell]] = []
    for row in [*rows, []]:
        if any(_words(cell) for cell in row):
            filled.append([_whole(cell) for cell in row])
        elif filled:
            yield _trimmed(filled)
            filled = []


def _trimmed(rows: list[list[Cell]]) -> Node:
    if any(cell[2] > 1 or cell[3] > 1 for row in rows for cell in row):
        return table(rows, max(sum(cell[3] for cell in row) for row in rows))
    used = [index for row in rows for index, cell in enumerate(row) if _words(cell)]
    first, last = min(used), max(used) + 1
    return table([row[first:last] for row in rows], last - first)


def _words(cell: Cell) -> str:
    return pandoc_tree.plain(cell[4], str).strip()


def _whole(cell: Cell) -> Cell:
    found = _WHOLE.fullmatch(_words(cell))
    if found is None:
        return cell
    return [*cell[:4], [{"t": "Plain", "c": [{"t": "Str", "c": found[1]}]}]]
