"""Tables of a Word document with the lines that the text gives them, which pandoc does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from mathpixweb.engine.writers.programs.pandoc_tree import plain
from mathpixweb.engine.writers.structure.nodes import Node
from mathpixweb.engine.writers.word.docx_numbers import EQUATION

SIDES: Final = ("top", "left", "bottom", "right")  # in the order of the schema
KINDS: Final = {
    "solid": ("single", "4"),
    "double": ("double", "4"),
    "dashed": ("dashed", "4"),
    "dotted": ("dotted", "4"),
}
DEFAULT: Final = "default"  # the class of tables whose lines the format chooses
TEXT_WIDTH: Final = 8640  # twips, where the page does not tell
LETTER: Final = 150  # twips: the mean width of a letter in a table
PADDING: Final = 320
INDENTED: Final = 720  # more for a list
NARROWEST: Final = 480
LONGEST: Final = 60  # letters of a cell that count for the width of its column
AFTER_TABLES: Final = (
    "tblStyle",
    "tblpPr",
    "tblOverlap",
    "bidiVisual",
    "tblStyleRowBandSize",
    "tblStyleColBandSize",
    "tblW",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The cell of the tree that covers a place: its lines, and where it ends."""

    lines: dict[str, str]
    row: int
    rows: int


def draw_lines(document: Document, blocks: list[Node]) -> None:
    """`blocks` is the tree that the document was made of."""
    tables = list(document.element.body.iter(qn("w:tbl")))
    trees = list(_tables(blocks))
    if len(tables) != len(trees):
        return
    width = _text_width(document)
    for table, tree in zip(tables, trees, strict=True):
        kind = next(iter(tree["c"][0][1]), DEFAULT)
        if kind == EQUATION:
            _borderless(table)
            _set_middle(table)
            continue
        _centre(table)
        _fit(table, tree, width)
        if kind != DEFAULT:
            _borderless(table)
            _draw(table, _origins(tree))


def _tables(part: Any) -> Iterator[Node]:
    """Tables in the order of the document, those within others after them, without those of notes."""
    if isinstance(part, list):
        for each in part:
            yield from _tables(each)
    elif isinstance(part, dict) and part.get("t") != "Note":
        if part.get("t") == "Table":
            yield part
        yield from _tables(part.get("c"))


def _rows(tree: Node) -> list[Any]:
    _, _, _, head, bodies, foot = tree["c"]
    rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
    return [row[1] for row in rows]


def _origins(tree: Node) -> dict[tuple[int, int], Origin]:
    rows = _rows(tree)
    found: dict[tuple[int, int], Origin] = {}
    for number, row in enumerate(rows):
        column = 0
        for attributes, _, height, width, _ in row:
            while (number, column) in found:
                column += 1
            lines = {
                name.removeprefix("line-"): kind for name, kind in attributes[2] if name.startswith("line-")
            }
            origin = Origin(lines, number, height)
            for down in range(height):
                found |= {(number + down, column + right): origin for right in range(width)}
    return found


def _draw(table: Any, origins: dict[tuple[int, int], Origin]) -> None:
    for number, row in enumerate(table.findall(qn("w:tr"))):
        column = 0
        for cell in row.findall(qn("w:tc")):
            origin = origins.get((number, column))
            if origin:
                _border(cell, _sides(origin, number))
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            column += int(span.get(qn("w:val"))) if span is not None else 1


def _sides(origin: Origin, row: int) -> dict[str, str]:
    hidden = {"top"} if row > origin.row else set()
    hidden |= {"bottom"} if row < origin.row + origin.rows - 1 else set()
    return {side: kind for side, kind in origin.lines.items() if side not in hidden}


def _border(cell: Any, sides: dict[str, str]) -> None:
    borders = OxmlElement("w:tcBorders")
    for side in SIDES:
        if side in sides:
            kind, size = KINDS[sides[side]]
            borders.append(_line(side, kind, size))
    if len(borders):
        properties = cell.get_or_add_tcPr()
        for old in properties.findall(qn("w:tcBorders")):
            properties.remove(old)
        before = [properties.find(qn(name)) for name in ("w:vMerge", "w:gridSpan", "w:tcW")]
        anchor = next((each for each in before if each is not None), None)
        properties.insert(0 if anchor is None else list(properties).index(anchor) + 1, borders)


def _line(side: str, kind: str, size: str) -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", size), ("space", "0"), ("color", "auto")):
        line.set(qn(f"w:{name}"), value)
    return line


def _borderless(table: Any) -> None:
    """Without the lines of the style, which has one below the head."""
    look = table.tblPr.find(qn("w:tblLook"))
    if look is not None:
        look.set(qn("w:firstRow"), "0")
        look.set(qn("w:val"), "0000")


def _centre(table: Any) -> None:
    for old in table.tblPr.findall(qn("w:jc")):
        table.tblPr.remove(old)
    centred = OxmlElement("w:jc")
    centred.set(qn("w:val"), "center")
    names = {qn(f"w:{name}") for name in AFTER_TABLES}
    place = sum(1 for each in table.tblPr if each.tag in names)
    table.tblPr.insert(place, centred)


def _set_middle(table: Any) -> None:
    for cell in table.iter(qn("w:tc")):
        aligned = OxmlElement("w:vAlign")
        aligned.set(qn("w:val"), "center")
        cell.get_or_add_tcPr().append(aligned)
    after = table.getnext()
    if after is not None and after.tag == qn("w:p") and not len(after):  # what parts tables, as low as can be
        spacing = OxmlElement("w:spacing")
        for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
            spacing.set(qn(f"w:{name}"), value)
        after.get_or_add_pPr().append(spacing)


def _fit(table: Any, tree: Node, most: int) -> None:
    """Columns as wide as they were told to be, or as what is in them, within the page.

    Word measures the latter by itself, others go by these widths.
    """
    columns = table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
    origins = _origins(tree)
    wanted = [NARROWEST] * len(columns)
    for number, row in enumerate(_rows(tree)):
        for column, cell in _placed(row, number, origins):
            if cell[3] == 1 and column < len(wanted):
                wanted[column] = max(wanted[column], _width(cell[4]))
    told = [int(size.get("c", 0) * most) for _, size in tree["c"][2]]
    wanted = [told or width for told, width in zip(told, wanted, strict=True)]
    share = min(1.0, most / max(1, sum(wanted)))
    for column, width in zip(columns, wanted, strict=True):
        column.set(qn("w:w"), str(int(width * share)))
    _tell_widths(table, [int(width * share) for width in told])


def _tell_widths(table: Any, widths: list[int]) -> None:
    for row in table.findall(qn("w:tr")):
        column = 0
        for cell in row.findall(qn("w:tc")):
            properties = cell.get_or_add_tcPr()
            span = properties.find(qn("w:gridSpan"))
            if span is None and column < len(widths) and widths[column]:
                width = OxmlElement("w:tcW")
                width.set(qn("w:w"), str(widths[column]))
                width.set(qn("w:type"), "dxa")
                properties.insert(0, width)
            column += int(span.get(qn("w:val"))) if span is not None else 1


def _placed(row: list[Any], number: int, origins: dict[tuple[int, int], Origin]) -> Iterator[tuple[int, Any]]:
    column = 0
    for cell in row:
        while (number, column) in origins and origins[number, column].row < number:
            column += 1
        yield column, cell
        column += cell[3]


def _width(blocks: list[Node]) -> int:
    lines = plain(blocks, lambda latex: "x" * (len(latex) // 2 + 1)).split("\n")
    letters = min(LONGEST, max(map(len, lines), default=0))
    return (
        letters * LETTER + PADDING + (INDENTED if any(each["t"].endswith("List") for each in blocks) else 0)
    )


def without_widths(blocks: Any) -> Any:
    """The tree for pandoc, which gives columns that are not told their width none as soon as one is."""
    if isinstance(blocks, list):
        return [without_widths(each) for each in blocks]
    if not isinstance(blocks, dict):
        return blocks
    inner = {name: without_widths(value) for name, value in blocks.items()}
    if blocks.get("t") == "Table" and EQUATION not in blocks["c"][0][1]:
        inner["c"][2] = [[alignment, {"t": "ColWidthDefault"}] for alignment, _ in blocks["c"][2]]
    return inner


def _text_width(document: Document) -> int:
    section = document.sections[0]
    sizes = (section.page_width, section.left_margin, section.right_margin)
    if any(size is None for size in sizes):
        return TEXT_WIDTH
    page, left, right = (int(size) // 635 for size in sizes if size is not None)
    return max(NARROWEST, page - left - right)
