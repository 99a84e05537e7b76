"""The lines of text in a table, and the pieces of lines between gaps."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.layout.baselines import row_of
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.model import Glyph

SAME_LINE = 0.3  # em
WORD_GAP = 0.2  # em
PHRASE_GAP = 1.1  # em; no justified text is spaced so widely
HEADING_GAP = 0.7  # em
SCRIPTS = 0.3  # of the glyphs at most


def lines_of(glyphs: Sequence[Glyph]) -> list[Row]:
    """The glyphs of each line from top to bottom, in whatever order they are drawn, scripts too."""
    size = sorted(glyph.size for glyph in glyphs)[int(SCRIPTS * len(glyphs))]
    groups: list[list[Glyph]] = []
    full = [glyph for glyph in glyphs if glyph.size > SMALL * size] or list(glyphs)
    for glyph in sorted(full, key=lambda glyph: -glyph.y):
        if groups and groups[-1][0].y - glyph.y < SAME_LINE * size:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    small = [glyph for glyph in glyphs if glyph.size <= SMALL * size]
    for glyph in small if len(full) < len(glyphs) else ():
        _home(glyph, groups).append(glyph)
    return [row_of(group, (), size) for group in groups]


def _home(script: Glyph, groups: Sequence[list[Glyph]]) -> list[Glyph]:
    """The line of the glyph that the script stands next to."""

    def distance(group: Sequence[Glyph]) -> float:
        beside = min(abs(script.x - (glyph.x + glyph.advance)) for glyph in group)
        return abs(group[0].y - script.y) + 0.5 * min(beside, 4 * script.size)

    return min(groups, key=distance)


def phrases_of(row: Row, gap: float = WORD_GAP) -> list[Row]:
    """The row cut where `gap` em or more are white."""
    parts: list[list[Glyph]] = []
    end = 0.0
    for glyph in sorted(row.glyphs, key=lambda glyph: glyph.ink.x0):
        if parts and glyph.ink.x0 - end < gap * row.size:
            parts[-1].append(glyph)
            end = max(end, glyph.ink.x1)
        else:
            parts.append([glyph])
            end = glyph.ink.x1
    return [row.only(tuple(sorted(part, key=lambda glyph: glyph.index))) for part in parts]


def joined(pieces: Sequence[Row]) -> Row:
    """Pieces of one line as one."""
    glyphs = (glyph for piece in pieces for glyph in piece.glyphs)
    return pieces[0].only(tuple(sorted(glyphs, key=lambda glyph: glyph.index)))
