"""What single glyphs are to the assembly of rows: fences, operators with limits, accents, pieces."""

from __future__ import annotations

from typing import Final

from mathpixweb.engine.math.symbols import STANDS_FOR_FORMULA, Kind, symbol_of
from mathpixweb.engine.model import Glyph
from mathpixweb.engine.readers.families import TEXT_FAMILIES

EXTENSION: Final = "ex"  # the family of TeX's font of large operators and fences
GROWING: Final = frozenset((EXTENSION, "umath"))  # families with braces over and under formulas
TALL = 1.15  # in units of the font size: higher than any letter, so a fence that can hold several rows
_FENCES = frozenset((Kind.OPEN, Kind.CLOSE, Kind.VERT, Kind.RAD))
_BAR_PIECES = frozenset(("barex", "bardblex"))  # of which fonts have bars of any height made
_OPERATORS = frozenset((Kind.OP, Kind.INT))
# Private characters that stand for formulas with LaTeX of their own. The glyph's name tells them apart.
MOST_WRITTEN: Final = 0x5000  # of one kind on a page
WRITTEN: Final = 0x100000
WRITTEN_DISPLAY: Final = WRITTEN + MOST_WRITTEN
WRITTEN_ANYWHERE: Final = WRITTEN_DISPLAY + MOST_WRITTEN  # nobody says whether it stands alone
WRITTEN_REST: Final = chr(0x10FFFD)  # what is on the next line of a formula that goes over two


def is_written(glyph: Glyph) -> bool:
    """Whether the glyph stands for a whole formula."""
    return glyph.name == STANDS_FOR_FORMULA


def is_written_display(glyph: Glyph) -> bool:
    """Whether the glyph stands for a formula on lines of its own."""
    return is_written(glyph) and WRITTEN_DISPLAY <= ord(glyph.char) < WRITTEN_ANYWHERE


def may_be_display(glyph: Glyph) -> bool:
    """Whether the glyph stands for a formula that is on lines of its own if it looks so."""
    return is_written(glyph) and WRITTEN_ANYWHERE <= ord(glyph.char) < ord(WRITTEN_REST)


def is_extension(glyph: Glyph) -> bool:
    """Whether the glyph hangs from its origin instead of standing on it, as TeX's extension font has it."""
    return glyph.family == EXTENSION


def is_operator(glyph: Glyph) -> bool:
    """Whether limits may stand above and below the glyph."""
    return symbol_of(glyph).kind in _OPERATORS


def is_piece(glyph: Glyph) -> bool:
    """Whether the glyph is one of several that are stacked to make a large fence."""
    if glyph.name in _BAR_PIECES:
        return True
    if glyph.char and glyph.family in TEXT_FAMILIES and glyph.char.isascii():
        return False  # nearly all glyphs
    return symbol_of(glyph).kind is Kind.PIECE


def is_root(glyph: Glyph) -> bool:
    """Whether the glyph is a radical sign, or a piece of one."""
    return symbol_of(glyph).latex == r"\sqrt"


def is_fence(glyph: Glyph) -> bool:
    """Whether several rows may stand within the glyph's height."""
    ink = glyph.ink
    tall = ink.y1 - ink.y0 > TALL * glyph.size
    if not tall and glyph.char and glyph.family in TEXT_FAMILIES and glyph.char.isascii():
        return False  # nearly all glyphs
    kind = symbol_of(glyph).kind
    return kind is Kind.PIECE or (tall and kind in _FENCES)


def is_brace(glyph: Glyph) -> bool:
    """Whether the glyph is a piece of a brace over or under something, with its label beyond."""
    return symbol_of(glyph).kind is Kind.HBRACE


def is_accent(glyph: Glyph) -> bool:
    return symbol_of(glyph).kind is Kind.ACCENT
