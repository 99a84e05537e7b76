"""Displayed formulas with a number: a row without lines, the formula in its middle, the number on the right.

Word's own way (`#(1)` within the formula) is shown by Word only.
"""

from __future__ import annotations

from typing import Any, Final

from mathpixweb.engine.writers.formulas.portable_math import without_number
from mathpixweb.engine.writers.structure import nodes
from mathpixweb.engine.writers.structure.nodes import Node

EQUATION: Final = "equation"  # the class of such a table
SIDE, MIDDLE = 0.12, 0.76  # shares of the text's width
EMPTY: Final = ["", [], []]


def beside(blocks: list[Node]) -> list[Node]:
    """The blocks with their numbered formulas so; what stands in lists and tables has no room for it."""
    found: list[Node] = []
    rows: list[Any] = []
    for block in blocks:
        row = _row(block)
        if row is not None:
            rows.append(row)
            continue
        found += [_table(rows)] if rows else []
        rows = []
        found.append(_within(block))
    return [*found, _table(rows)] if rows else found


def _within(block: Node) -> Node:
    if block["t"] != "Div":
        return block
    attributes, inner = block["c"]
    return {"t": "Div", "c": [attributes, beside(inner)]}


def _row(block: Node) -> Any | None:
    """The row for a formula with a number; None for everything else."""
    identifier = ""
    if block["t"] == "Div" and len(block["c"][1]) == 1:
        identifier, block = block["c"][0][0], block["c"][1][0]
    content: Any = block.get("c")
    if block["t"] != "Para" or len(content) != 1 or content[0]["t"] != "Math":
        return None
    latex, number = without_number(content[0]["c"][1])
    if not number:
        return None
    shown = [nodes.string(f"({number})")]
    cells = [
        _cell("AlignLeft", []),
        _cell("AlignCenter", [nodes.paragraph([nodes.math(latex, display=True)])]),
        _cell("AlignRight", [{"t": "Plain", "c": [nodes.span(shown, identifier)] if identifier else shown}]),
    ]
    return [EMPTY, cells]


def _table(rows: list[Any]) -> Node:
    columns = [_column("AlignLeft", SIDE), _column("AlignCenter", MIDDLE), _column("AlignRight", SIDE)]
    attributes = nodes.attributes(classes=[EQUATION])
    return {
        "t": "Table",
        "c": [attributes, [None, []], columns, [EMPTY, []], [[EMPTY, 0, [], rows]], [EMPTY, []]],
    }


def _column(alignment: str, share: float) -> list[Any]:
    return [{"t": alignment}, {"t": "ColWidth", "c": share}]


def _cell(alignment: str, blocks: list[Node]) -> list[Any]:
    return [EMPTY, {"t": alignment}, 1, 1, blocks]
