"""The text of a page as PDFium tells it, line after line, for pages that take too long to understand.

There are no formulas, tables or columns in it, and the order is that in which the page draws.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.model import Block, Line, Page, Text
from mathpixweb.engine.readers.pdfium import upright_page

CONFIDENCE: Final = 0.5  # of a line: its letters are right, but what was a formula or a table is torn apart
MOST_CHARACTERS: Final = 200_000
FINE: Final = 100  # PDFium tells places in whole units, which are made so many to the point
LINE_GAP: Final = 0.9  # of a line's height between two lines of a paragraph


def read(path: Path, number: int) -> Page:
    """Page `number`, from 1, as paragraphs of text. Raises PageFailed."""
    try:
        with upright_page(path, number) as page:
            return _page(page, number)
    except (pdfium.PdfiumError, OSError) as error:
        raise PageFailed(f"Page {number} is damaged.") from error


def _page(page: pdfium.PdfPage, number: int) -> Page:
    width, height = page.get_size()
    text = page.get_textpage()
    try:
        lines = list(_lines(page, text))
    finally:
        text.close()
    return Page(number, width, height, tuple(map(_block, _paragraphs(lines))))


def _lines(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Iterator[Line]:
    letters: list[str] = []
    first = 0
    for index in range(count := min(text.count_chars(), MOST_CHARACTERS)):
        letter = chr(raw.FPDFText_GetUnicode(text, index))
        letters.append(letter)
        if letter == "\n" or index == count - 1:
            said = " ".join("".join(filter(_is_readable, letters)).split())
            if said:
                box = _place(page, text, first, len(letters))
                yield Line((Text(said, box, confidence=CONFIDENCE),), box, box.height)
            letters, first = [], index + 1


def _is_readable(letter: str) -> bool:
    return letter.isprintable() or letter.isspace()


def _place(page: pdfium.PdfPage, text: pdfium.PdfTextPage, first: int, count: int) -> Box:
    """The box of some characters on the upright page."""
    sides = [ctypes.c_double() for _ in range(4)]
    boxes: list[Box] = []
    for index in range(raw.FPDFText_CountRects(text, first, count)):
        raw.FPDFText_GetRect(text, index, *map(ctypes.byref, sides))
        left, top, right, bottom = (side.value for side in sides)
        boxes.append(union([_point(page, left, bottom), _point(page, right, top)]))
    return union(boxes) if boxes else Box(0.0, 0.0, 0.0, 0.0)


def _point(page: pdfium.PdfPage, x: float, y: float) -> Box:
    width, height = page.get_size()
    across, down = ctypes.c_int(), ctypes.c_int()
    size = (round(width * FINE), round(height * FINE))
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    right, up = across.value / FINE, height - down.value / FINE
    return Box(right, up, right, up)


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    paragraph = list(lines[:1])
    for above, line in pairwise(lines):
        gap = above.box.y0 - line.box.y1
        if not -above.size < gap < LINE_GAP * above.size or above.box.x_overlap(line.box) <= 0:
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _block(lines: Sequence[Line]) -> Block:
    return Block("text", union([line.box for line in lines]), tuple(lines))
