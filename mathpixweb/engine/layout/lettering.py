"""Characters as they will be read: ligatures taken apart, accents put on their letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph

UNREADABLE = "\ufffd"

# Accents that old TeX fonts draw as a glyph of their own, and the combining character for each.
_COMBINING = {
    "grave": "\u0300",
    "acute": "\u0301",
    "circumflex": "\u0302",
    "tilde": "\u0303",
    "macron": "\u0304",
    "breve": "\u0306",
    "dotaccent": "\u0307",
    "dieresis": "\u0308",
    "ring": "\u030a",
    "hungarumlaut": "\u030b",
    "caron": "\u030c",
    "cedilla": "\u0327",
    "ogonek": "\u0328",
}
ACCENTS = frozenset(_COMBINING)
_DOTLESS = str.maketrans("ıȷ", "ij")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}


def reading(glyphs: Sequence[Glyph]) -> str:
    """The text of the glyphs of one word; unknown glyphs read U+FFFD."""
    text = ""
    for glyph in glyphs:
        char = glyph.char
        if not char or glyph.name in ACCENTS:
            break
        text += char
    else:
        if text.isascii():
            return text  # nearly all words
    letters = [symbols.text_of(glyph) or UNREADABLE for glyph in glyphs]
    for position, glyph in enumerate(glyphs):
        if glyph.name in _COMBINING and not symbols.is_math(glyph):
            base = _base_of(glyphs, position)
            if base is not None:
                letters[base] = letters[base].translate(_DOTLESS) + _COMBINING[glyph.name]
                letters[position] = ""
    text = "".join(letters)
    if text.isascii():
        return text
    text = text.replace("\u00ad", "-")  # a hyphen that can be seen, whatever its character says
    if glyphs[0].family != "tt":
        text = text.replace("‘‘", "“").replace("’’", "”")  # one mark set as two
    return unicodedata.normalize("NFC", text.translate(_LIGATURES))


def _base_of(glyphs: Sequence[Glyph], position: int) -> int | None:
    """The letter before or after the accent whose middle is nearest, if they stand over each other."""
    accent = glyphs[position].ink
    near = [
        (abs(glyphs[other].ink.cx - accent.cx), other)
        for other in (position - 1, position + 1)
        if 0 <= other < len(glyphs)
        and glyphs[other].ink.x_overlap(accent) > 0
        and symbols.text_of(glyphs[other])[:1].isalpha()
    ]
    return min(near)[1] if near else None
