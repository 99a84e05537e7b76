"""Formulas on slides the way PowerPoint wants them, which pandoc gets right in texts but not in tables.

A shape with formulas stands in `mc:AlternateContent`: with them for programs that know the extension of 2010,
and with their characters as plain text for others.
Source: ISO/IEC 29500-3 (markup compatibility), [MS-ODRAWXML] 2.5.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from mathpixweb.engine.writers.formulas import office_math
from mathpixweb.engine.writers.grids import Cell, Grid
from mathpixweb.engine.writers.slides.linear_formulas import linear

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
A14 = "{http://schemas.microsoft.com/office/drawing/2010/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
# PowerPoint looks at the namespace. LibreOffice takes what is called `a14` for known, and shows no formula.
EXTENSION = "drawing2010"
SHAPES = (P + "sp", P + "graphicFrame")
SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
ROOT = re.compile(rb"<p:sld\b")
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def mend(pptx: bytes, grids: Iterable[Grid]) -> bytes:
    """The presentation with the spans of its tables, and with every shape that has formulas in both forms.

    `grids` are its tables in order.
    """
    tables = iter(grids)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pptx)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.infolist(), key=lambda entry: _number(entry.filename)):
            content = old.read(entry)
            new.writestr(entry, _mended(content, tables) if _number(entry.filename) else content)
    return target.getvalue()


def _number(path: str) -> int:
    """Which slide it is; 0 for the rest of the package."""
    found = SLIDE.fullmatch(path)
    return int(found[1]) if found else 0


def _mended(slide: bytes, tables: Iterator[Grid]) -> bytes:
    spaces = (("a14", A14), (EXTENSION, A14), ("mc", MC))
    declared = "<p:sld" + "".join(f' xmlns:{prefix}="{space[1:-1]}"' for prefix, space in spaces)
    root = etree.fromstring(ROOT.sub(declared.encode(), slide, count=1), PARSER)
    for table in root.iter(A + "tbl"):
        _merge(table, next(tables, None))
    for mark in root.iter(A + "buAutoNum"):
        mark.set("startAt", mark.get("startAt", "1"))  # else some programs go on with the list before
    for shape in [each for kind in SHAPES for each in root.iter(kind)]:
        if next(shape.iter(A14 + "m"), None) is not None:
            office_math.mend(shape)
            _give_both_forms(shape)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _merge(table: Any, grid: Grid | None) -> None:
    """Joins the cells that pandoc has left apart."""
    places = [list(row.iter(A + "tc")) for row in table.iter(A + "tr")]
    for cell in grid.cells if grid else ():
        for down in range(cell.rows):
            for right in range(cell.columns):
                row, column = cell.row + down, cell.column + right
                if (cell.rows > 1 or cell.columns > 1) and row < len(places) and column < len(places[row]):
                    _mark(places[row][column], cell, down, right)


def _mark(place: Any, cell: Cell, down: int, right: int) -> None:
    if down == 0 and cell.columns > 1:
        place.set("hMerge" if right else "gridSpan", "1" if right else str(cell.columns))
    if right == 0 and cell.rows > 1:
        place.set("vMerge" if down else "rowSpan", "1" if down else str(cell.rows))
    if down and right:
        place.set("hMerge", "1")
        place.set("vMerge", "1")


def _give_both_forms(shape: Any) -> None:
    choice = shape.getparent()
    if choice.tag != MC + "Choice":
        alternatives = etree.Element(MC + "AlternateContent")
        choice.replace(shape, alternatives)
        choice = etree.SubElement(alternatives, MC + "Choice")
        choice.append(shape)
    choice.set("Requires", EXTENSION)
    fallback = etree.SubElement(choice.getparent(), MC + "Fallback")
    plain = copy.deepcopy(shape)
    for formula in list(plain.iter(A14 + "m")):
        formula.getparent().replace(formula, _as_text(formula))
    fallback.append(plain)


def _as_text(formula: Any) -> Any:
    run = etree.Element(A + "r")
    etree.SubElement(run, A + "rPr")
    etree.SubElement(run, A + "t").text = linear(formula)
    return run
