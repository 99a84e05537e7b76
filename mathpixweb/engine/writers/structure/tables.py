"""Tables, with their spans, their alignment, and which lines they have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mathpixweb.engine.writers.structure import inlines, nodes
from mathpixweb.engine.writers.structure.inlines import Reading, classes
from mathpixweb.engine.writers.structure.nodes import Node

MOST_SPANNED: Final = 200
HIGHEST_HEAD: Final = 3  # rows
TEXT_WIDTH: Final = 16.0  # centimetres: of which a column's width is a share
CENTIMETRES: Final = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0353, "px": 0.0265, "em": 0.42, "ex": 0.21}
ALIGNMENTS: Final = {"left": "AlignLeft", "center": "AlignCenter", "right": "AlignRight"}
SIDES: Final = ("top", "right", "bottom", "left")
_ALIGNED = re.compile(r"text-align:\s*(left|center|right)")
_WIDTH = re.compile(r"(?<![-\w])width:\s*(\d+(?:\.\d+)?)(cm|mm|in|pt|px|em|ex|%)")
_LINE = re.compile(r"border-(top|right|bottom|left)-style:\s*(solid|double|dashed|dotted)")
_NO_LINE = re.compile(r"border-(top|right|bottom|left):\s*none")

EMPTY: Final = ["", [], []]


@dataclass(frozen=True, slots=True)
class Cell:
    """`lines` are the kinds of the lines on its sides, as `top:solid`."""

    row: int
    column: int
    rows: int
    columns: int
    header: bool
    alignment: str
    width: float
    lines: dict[str, str]
    blocks: list[Node]


def of(element: Any, reading: Reading, caption: list[Node], identifier: str, depth: int) -> list[Node]:
    """A table; nothing if it has no cell."""
    own = [row for row in element.iter("tr") if _table_of(row) is element]
    cells = list(_cells(own, reading, depth))
    if not cells:
        return [nodes.paragraph(caption)] if caption else []
    told = next((each for each in element if each.tag == "caption"), None)
    if told is not None and not caption:
        caption = [inline for block in reading.blocks(told, reading, depth) for inline in block.get("c", [])]
    width = max(cell.column + cell.columns for cell in cells)
    head = _head(cells, len(own))
    rows = [_row(cells, number) for number in range(len(own))]
    attributes = nodes.attributes(identifier, [_kind(cells)])
    said = [None, [{"t": "Plain", "c": caption}] if caption else []]
    body = [EMPTY, 0, [], rows[head:]]
    return [
        {
            "t": "Table",
            "c": [attributes, said, _columns(cells, width), [EMPTY, rows[:head]], [body], [EMPTY, []]],
        }
    ]


def _table_of(element: Any) -> Any:
    parent = element.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent


def _cells(rows: list[Any], reading: Reading, depth: int) -> Iterator[Cell]:
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for element in (each for each in row if each.tag in ("td", "th")):
            while (number, column) in taken:
                column += 1
            rows_over = min(_span(element, "rowspan"), len(rows) - number)
            columns_over = _span(element, "colspan")
            taken |= {
                (number + down, column + right) for down in range(rows_over) for right in range(columns_over)
            }
            yield _cell(element, (number, column), (rows_over, columns_over), reading, depth)


def _cell(element: Any, place: tuple[int, int], over: tuple[int, int], reading: Reading, depth: int) -> Cell:
    style = element.get("style") or ""
    aligned = _ALIGNED.search(style)
    alignment = aligned[1] if aligned else (element.get("align") or "").lower()
    diagonal = next((each for each in element if "diagonal-cell" in classes(each)), None)
    blocks = reading.blocks(element, reading, depth) if diagonal is None else _halves(diagonal, reading)
    return Cell(
        *place,
        *over,
        header=element.tag == "th",
        alignment=ALIGNMENTS.get(alignment, "AlignDefault"),
        width=_width(style),
        lines=_lines(style),
        blocks=_plain(blocks),
    )


def _halves(diagonal: Any, reading: Reading) -> list[Node]:
    """`Time \\ Day`: what stands below a cell's diagonal, and what above it."""
    halves = sorted(diagonal, key=lambda half: not any("bottom" in name for name in classes(half)))
    said = [nodes.trimmed(inlines.content(half, reading)) for half in halves]
    parted = [[nodes.SPACE, nodes.string("\\"), nodes.SPACE, *half] for half in said if half]
    return [{"t": "Plain", "c": [inline for half in parted for inline in half][3:]}]


def _plain(blocks: list[Node]) -> list[Node]:
    """One paragraph without the space around it."""
    if len(blocks) == 1 and blocks[0]["t"] == "Para":
        return [{"t": "Plain", "c": blocks[0]["c"]}]
    return blocks


def _span(element: Any, name: str) -> int:
    said = element.get(name) or ""
    return min(max(int(said), 1), MOST_SPANNED) if said.isdigit() and len(said) < 6 else 1


def _width(style: str) -> float:
    """The share of the text's width that the column was told to have; 0 if it was not told."""
    found = _WIDTH.search(style)
    if found is None:
        return 0.0
    amount = float(found[1])
    return min(1.0, amount / 100 if found[2] == "%" else amount * CENTIMETRES[found[2]] / TEXT_WIDTH)


def _lines(style: str) -> dict[str, str]:
    return dict(_LINE.findall(style))


def _kind(cells: list[Cell]) -> str:
    """Whether the table has lines, and between columns; those that Markdown makes have the format's."""
    sides = {side for cell in cells for side in cell.lines}
    if not sides:
        return "default" if any(cell.header for cell in cells) else "plain"
    return "grid" if sides & {"left", "right"} else "ruled"


def _head(cells: list[Cell], height: int) -> int:
    """How many rows are the head: those whose cells say so, or all above the first line that goes through."""
    marked = [number for number in range(height) if all(cell.header for cell in cells if cell.row == number)]
    if marked[:1] == [0]:
        return next((number for number in range(height) if number not in marked), height)
    for number in range(1, min(HIGHEST_HEAD, height - 1) + 1):
        across = [cell for cell in cells if cell.row < number <= cell.row + cell.rows - 1]
        above = [cell for cell in cells if cell.row + cell.rows == number]
        if not across and above and all("bottom" in cell.lines for cell in above):
            return number
    return 0


def _row(cells: list[Cell], number: int) -> list[Any]:
    return [EMPTY, [_node(cell) for cell in cells if cell.row == number]]


def _node(cell: Cell) -> list[Any]:
    pairs = {f"line-{side}": kind for side, kind in cell.lines.items()}
    attributes = nodes.attributes(pairs=pairs)
    return [attributes, {"t": cell.alignment}, cell.rows, cell.columns, cell.blocks]


def _columns(cells: list[Cell], width: int) -> list[Any]:
    """Each column's most frequent alignment, and the width that it was told to have."""
    columns = [
        [cell for cell in cells if cell.column == column and cell.columns == 1] for column in range(width)
    ]
    shares = [max((cell.width for cell in own), default=0.0) for own in columns]
    total = max(1.0, sum(shares))
    return [[_alignment(own), _size(share / total)] for own, share in zip(columns, shares, strict=True)]


def _alignment(column: list[Cell]) -> Node:
    aligned = Counter(cell.alignment for cell in column).most_common(1)
    return {"t": aligned[0][0] if aligned else "AlignDefault"}


def _size(share: float) -> Node:
    return {"t": "ColWidth", "c": share} if share else {"t": "ColWidthDefault"}
