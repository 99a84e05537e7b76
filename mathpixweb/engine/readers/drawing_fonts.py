"""Fonts whose glyphs are pieces of lines: LaTeX's picture environment and Xy-pic draw with them."""

from __future__ import annotations

import re
from typing import Final

from mathpixweb.engine.model import Glyph

STEEPEST: Final = 6  # the lines of LaTeX's fonts go so many steps aside and so many up at most
FALLING: Final = 64  # where the codes of the falling lines begin
_LINES = re.compile(r"(?i)linew?\d+$")
_CODE = re.compile(r"a(\d+)$")


def slope_of(glyph: Glyph) -> int:
    """1 for a rising line, -1 for a falling one, 0 for the head of an arrow and everything else."""
    code = _CODE.match(glyph.name) if _LINES.match(glyph.font) else None
    if code is None:
        return 0
    aside, up = divmod(int(code[1]) % FALLING, 8)
    if aside >= STEEPEST or up >= STEEPEST:
        return 0
    return -1 if int(code[1]) >= FALLING else 1
