"""Excel workbooks with the tables of a document: merged cells, numbers as numbers, nothing that computes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.chosen import flag, within
from mathpixweb.engine.writers.grids import Cell, Grid, grid
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs.pandoc_tree import nodes, plain
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure.sources import embedded

FORMS = ("linearmath", "latex", "asciimath")
LONGEST_CELL = 32_767  # characters: Excel's limit
LONGEST_NAME = 31
MOST_FORMULAS = 5000  # that are turned into another form; a longer workbook has the others as LaTeX
NUMBER = re.compile(r"[-+−]?(?:0|[1-9]\d{0,14})(?:\.\d{1,14})?")
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
INERT = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
ALIGNMENTS = {"AlignLeft": "left", "AlignCenter": "center", "AlignRight": "right"}
Write = Callable[[str], str]


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """An .xlsx; raises RenderFailed, also for a document without tables."""
    found = embedded(mmd, options, lambda url: None, renderer)
    grids = [grid(table) for table in nodes(found.blocks, "Table")]
    if not grids:
        raise RenderFailed("The document has no table, and a workbook holds nothing else.")
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, INERT) as workbook:
        _Book(workbook, options, _writing(options, renderer)).fill(grids)
    return target.getvalue()


class _Book:
    def __init__(self, workbook: Workbook, options: Mapping[str, Any], formula: Write) -> None:
        self.workbook, self.formula = workbook, formula
        self.single = flag(options, "singleSheet", False)
        self.widest = within(options, "maxColumnWidthChars", 255, 1, 255)
        self.size = within(options, "fontSize", 11, 1, 409)
        self.zoom = within(options, "zoomScale", 100, 10, 400)
        self.formats: dict[tuple[str, bool], Format] = {}
        self.names: set[str] = set()

    def fill(self, grids: list[Grid]) -> None:
        sheet, row = self._sheet("Tables") if self.single else None, 0
        widths: dict[int, int] = {}
        for number, table in enumerate(grids, start=1):
            caption = " ".join(plain(table.caption, self.formula).split())
            if not self.single or sheet is None:
                sheet, row, widths = self._sheet(caption or f"Table {number}"), 0, {}
            row = self._write(sheet, row, table, caption, widths) + 1

    def _sheet(self, wanted: str) -> Worksheet:
        sheet = self.workbook.add_worksheet(self._name(wanted))
        sheet.set_zoom(self.zoom)
        return sheet

    def _name(self, wanted: str) -> str:
        """A sheet's name as Excel takes it, like no other of the workbook."""
        stem = NOT_IN_NAMES.sub(" ", wanted).strip(" '")[:LONGEST_NAME].strip(" '") or "Table"
        stem = f"{stem} " if stem.lower() == "history" else stem
        name, number = stem, 1
        while name.lower() in self.names:
            number += 1
            name = f"{stem[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        self.names.add(name.lower())
        return name

    def _write(self, sheet: Worksheet, top: int, table: Grid, caption: str, widths: dict[int, int]) -> int:
        """The table with its caption above; the row after it."""
        if caption:
            sheet.write_string(top, 0, _text(caption), self.workbook.add_format(self._type(bold=True)))
            top += 1
        for cell in table.cells:
            text = _text(plain(cell.blocks, self.formula).strip())
            self._write_cell(sheet, top, cell, text)
            if cell.columns == 1:
                longest = max(map(len, text.split("\n")), default=0)
                widths[cell.column] = max(widths.get(cell.column, 0), longest)
                sheet.set_column(cell.column, cell.column, min(self.widest, max(4, widths[cell.column] + 2)))
        return top + table.height

    def _write_cell(self, sheet: Worksheet, top: int, cell: Cell, text: str) -> None:
        row, column, look = top + cell.row, cell.column, self._look(cell)
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, "", look)
        if NUMBER.fullmatch(text):
            sheet.write_number(row, column, float(text.replace("−", "-")), look)
        elif text:
            sheet.write_string(row, column, text, look)
        else:
            sheet.write_blank(row, column, None, look)

    def _look(self, cell: Cell) -> Format:
        key = (cell.alignment, cell.header)
        if key not in self.formats:
            look = self._type(bold=cell.header) | {"border": 1, "valign": "vcenter", "text_wrap": True}
            if cell.alignment in ALIGNMENTS:
                look["align"] = ALIGNMENTS[cell.alignment]
            self.formats[key] = self.workbook.add_format(look)
        return self.formats[key]

    def _type(self, *, bold: bool) -> dict[str, object]:
        return {"font_size": self.size, "bold": bold}


def _text(text: str) -> str:
    return CONTROL.sub("", text)[:LONGEST_CELL]


def _writing(options: Mapping[str, Any], renderer: Renderer) -> Write:
    """How formulas are written: as LaTeX, or as a form of the renderer's where that knows one."""
    form = str(options.get("mathOutputFormat") or FORMS[0])
    if form not in FORMS:
        raise RenderFailed(f"mathOutputFormat must be one of {', '.join(FORMS)}.")
    known: dict[str, str] = {}

    def write(latex: str) -> str:
        if form == "latex" or (latex not in known and len(known) >= MOST_FORMULAS):
            return latex
        if latex not in known:
            known[latex] = next(_forms(latex, form, renderer), latex)
        return known[latex]

    return write


def _forms(latex: str, form: str, renderer: Renderer) -> Iterator[str]:
    rendered = renderer.data(f"\\({latex}\\)", {f"include_{form}": True})
    return (piece["value"] for piece in rendered.data if piece["type"] == form and piece["value"])
