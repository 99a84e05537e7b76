"""What slides have no place for: a table within another, and quotations larger than the text."""

from __future__ import annotations

from typing import Any

from mathpixweb.engine.writers.programs.pandoc_tree import Node


def flat(blocks: list[Node]) -> list[Node]:
    """The blocks, a table within another as lines of text, and a quotation as what is quoted."""
    return list(_flat(blocks, within_table=False))


def _flat(part: Any, *, within_table: bool) -> Any:
    if isinstance(part, list):
        parts = []
        for each in part:
            if within_table and isinstance(each, dict) and each.get("t") == "Table":
                parts += [{"t": "Para", "c": _row(row)} for row in _rows(each)]
            elif isinstance(each, dict) and each.get("t") == "BlockQuote":
                parts += _flat(each["c"], within_table=within_table)
            else:
                parts.append(_flat(each, within_table=within_table))
        return parts
    if not isinstance(part, dict):
        return part
    inside_now = within_table or part.get("t") == "Table"
    return {name: _flat(value, within_table=inside_now) for name, value in part.items()}


def _rows(table: Node) -> list[Any]:
    _, _, _, head, bodies, foot = table["c"]
    return [row[1] for row in (*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1])]


def _row(cells: list[Any]) -> list[Node]:
    """The words of a row's cells, one after the other."""
    parted: list[Node] = []
    for cell in cells:
        for block in cell[4]:
            if block["t"] in ("Para", "Plain"):
                parted += [{"t": "Space"}, *block["c"]]
    return parted[1:]
