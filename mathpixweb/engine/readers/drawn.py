"""The letters of a drawn document, each in its place."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from mathpixweb.engine.errors import UnreadableDocument
from mathpixweb.engine.flow.model import Place
from mathpixweb.engine.flow.placing import Drawn, letters
from mathpixweb.engine.readers.pdfium import PDFIUM_LOCK

MOST_PAGES: Final = 5_000
MOST_CHARACTERS: Final = 20_000  # of a page


def pages(pdf: bytes) -> list[Drawn]:
    """Raises UnreadableDocument."""
    with PDFIUM_LOCK:
        try:
            document = pdfium.PdfDocument(BytesIO(pdf))
        except pdfium.PdfiumError as error:
            raise UnreadableDocument("Its drawing cannot be opened.") from error
        try:
            return [_page(document[index]) for index in range(min(len(document), MOST_PAGES))]
        finally:
            document.close()


def _page(page: pdfium.PdfPage) -> Drawn:
    width, height = page.get_size()
    text = page.get_textpage()
    try:
        found = list(_characters(text, height))
    finally:
        text.close()
        page.close()
    return Drawn(width, height, "".join(letter for letter, _ in found), [place for _, place in found])


def _characters(text: pdfium.PdfTextPage, height: float) -> Iterator[tuple[str, Place]]:
    sides = [ctypes.c_double() for _ in range(4)]
    for index in range(min(text.count_chars(), MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text, index)
        said = letters(chr(code)) if 0x20 < code < 0xD800 or 0xE000 <= code < 0x110000 else ""
        if not said or not raw.FPDFText_GetCharBox(text, index, *map(ctypes.byref, sides)):
            continue
        left, right, bottom, top = (side.value for side in sides)
        place = Place(left, height - top, max(right - left, 0.0), max(top - bottom, 0.0))
        for letter in said:
            yield letter, place
