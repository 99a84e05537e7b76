"""The names of TeX and LaTeX, whose letters jump, as the words that they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.model import Glyph

NAME: Final = "TEX"
_LOGO: Final = re.compile(rf"(LA)?{NAME}")
LOWERED: Final = (0.1, 0.4)  # em by which the E hangs
SMALL: Final = 0.85  # of the size of the L


def level(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a word, those of the name on one baseline, what is small or lowered as small letters."""
    leveled = list(glyphs)
    found = _LOGO.search("".join([glyph.char[:1] or " " for glyph in glyphs]))
    if found is None:
        return leveled
    e = found.end() - 2
    t = leveled[e - 1]
    if not LOWERED[0] * t.size < t.y - leveled[e].y < LOWERED[1] * t.size:
        return leveled
    leveled[e] = replace(leveled[e], name="e", char="e", y=t.y)
    a = e - 2
    if found[1] and leveled[a].size < SMALL * t.size:
        leveled[a] = replace(leveled[a], name="a", char="a", y=t.y, size=t.size)
    return leveled
