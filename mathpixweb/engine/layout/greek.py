"""Text in Greek, whose letters are variables in the text of other languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph
from mathpixweb.engine.readers.families import TEXT_FAMILIES

MOSTLY = 0.5  # of a row's letters
_ALIKE = frozenset("\u00b5\u2206\u2126")  # micro, increment and ohm, which fonts take for letters
# Longer than the products and indices of Greek letters that formulas have.
_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff\u00b5]{4}")


def is_prose(glyphs: Sequence[Glyph]) -> bool:
    """Whether the glyphs of a row, from left to right, are words of Greek for the most part."""
    for glyph in glyphs:  # each row is asked, and a generator takes longer
        if not (glyph.char.isascii() and glyph.char) and glyph.family in TEXT_FAMILIES:
            break
    else:
        return False
    text = "".join(symbols.text_of(glyph) for glyph in glyphs if glyph.family in TEXT_FAMILIES)
    if not _WORD.search(text):
        return False
    letters = [char for char in text if char.isalpha()]
    return sum(map(is_letter, letters)) > MOSTLY * len(letters)


def is_letter(char: str) -> bool:
    """Whether the character is one with which Greek is written, or an accent of it."""
    return char in _ALIKE or "\u0370" <= char <= "\u03ff" or "\u1f00" <= char <= "\u1fff"
