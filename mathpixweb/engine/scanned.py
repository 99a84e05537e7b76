"""Which pages are scans. Knowing that takes none of what reading them takes."""

from __future__ import annotations

from typing import Final

from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Sheet

MOST_GLYPHS: Final = 3  # a scan may have been stamped with a page number
MOST_UNKNOWN: Final = 0.5  # of the glyphs; with more, looking at the page says more than reading its file
SMALLEST: Final = 0.3  # of the page that pictures cover: less is an empty page with a logo


def is_scan(sheet: Sheet) -> bool:
    """Whether the page is a picture without text, or its text in letters that nobody can tell."""
    if len(sheet.glyphs) > MOST_GLYPHS:
        doubtful = [glyph for glyph in sheet.glyphs if not glyph.char or not glyph.char.isascii()]
        unknown = sum(not symbols.text_of(glyph) for glyph in doubtful)
        return unknown > MOST_UNKNOWN * len(sheet.glyphs)
    covered = sum(picture.box.width * picture.box.height for picture in sheet.pictures)
    return covered > SMALLEST * sheet.width * sheet.height
