"""Tables of formulas: MathML 3's attributes as classes, and numbered rows as rows of cells."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element


def lay_out_table(table: Element) -> None:
    """Alignment, gaps and lines as classes; equation numbers as a column."""
    if table.tag != "mtable":
        return
    aligns = table.attrib.pop("columnalign", "").split()
    gaps = table.attrib.pop("columnspacing", "").split()
    columns = table.attrib.pop("columnlines", "").split()
    lines = table.attrib.pop("rowlines", "").split()
    frame = table.attrib.pop("frame", "") or "none"
    table.attrib.pop("rowspacing", None)
    rows = list(table)
    for number, row in enumerate(rows):
        cells = list(row)[1:] if row.tag == "mlabeledtr" else list(row)
        for index, cell in enumerate(cells):
            aligned = cell.attrib.pop("columnalign", "") or _at(aligns, index)
            _cell(cell, aligned, _at(gaps, index), last=index == len(cells) - 1)
            if index < len(cells) - 1 and _at(columns, index) not in ("", "none"):
                add_class(cell, f"line-right {_at(columns, index)}")
            if number < len(rows) - 1 and _at(lines, number) not in ("", "none"):
                add_class(cell, f"line-below {_at(lines, number)}")
    if frame != "none":
        add_class(table, f"framed {frame}")
    if any(row.tag == "mlabeledtr" for row in rows):
        _number_rows(table)


def _cell(cell: Element, align: str, gap: str, *, last: bool) -> None:
    if align in ("left", "right"):
        add_class(cell, align)
    if not last and gap:
        add_class(cell, "tight" if _number(gap.removesuffix("em")) == 0 else "spaced")


def _number_rows(table: Element) -> None:
    """Equation numbers stand in a last column of their own, the equations between two equal margins."""
    add_class(table, "numbered")
    width = max(len(row) - (row.tag == "mlabeledtr") for row in table)
    for row in table:
        label = row[0] if row.tag == "mlabeledtr" else None
        if label is not None:
            row.tag = "mtr"
            row.remove(label)
        for _ in range(width - len(row)):
            ElementTree.SubElement(row, "mtd")
        row.insert(0, Element("mtd", {"class": "margin"}))
        row.append(label if label is not None else Element("mtd"))
        add_class(row[-1], "margin tag")


def new_row(table: Element) -> Element:
    return ElementTree.SubElement(ElementTree.SubElement(table, "mtr"), "mtd")


def _at(values: list[str], index: int) -> str:
    """MathML repeats the last of such a list for all further columns or rows."""
    return values[min(index, len(values) - 1)] if values else ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def add_class(element: Element, names: str) -> None:
    element.set("class", f"{element.get('class', '')} {names}".strip())
