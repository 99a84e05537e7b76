"""Pages whose text goes down in columns, as in Japanese and Chinese books."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mathpixweb.engine.model import Glyph
from mathpixweb.engine.writing_systems import is_ideographic

FIRST_OF_EAST_ASIA: Final = "\u2e80"
FEWEST: Final = 8  # steps from character to character
ASIDE: Final = 0.2  # em from the line on which characters follow each other
STEP: Final = (0.5, 1.7)  # em


def reads_downwards(glyphs: Sequence[Glyph]) -> bool:
    """Whether most ideographs and kana follow each other downwards."""
    if not any(glyph.char >= FIRST_OF_EAST_ASIA for glyph in glyphs):
        return False
    letters = [glyph for glyph in glyphs if glyph.char >= FIRST_OF_EAST_ASIA and is_ideographic(glyph.char)]
    down = right = 0
    for last, glyph in pairwise(letters):
        dx, dy = (glyph.x - last.x) / glyph.size, (last.y - glyph.y) / glyph.size
        down += abs(dx) < ASIDE and STEP[0] < dy < STEP[1]
        right += abs(dy) < ASIDE and STEP[0] < dx < STEP[1]
    return down >= FEWEST and down > right
