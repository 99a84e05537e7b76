"""The lines of text in a table, and the pieces of lines between gaps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from mathpixweb.engine.layout.baselines import row_of
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.model import Glyph

SAME_LINE = 0.3  # em
WORD_GAP = 0.2  # em
PHRASE_GAP = 1.1  # em; no justified text is spaced so widely
HEADING_GAP = 0.7  # em
SCRIPTS = 0.3  # of the glyphs at most
FARTHEST_BESIDE = 4.0  # em from a script to what it belongs to; farther makes no difference
_left = attrgetter("ink.x0")
_place = attrgetter("index")


def lines_of(glyphs: Sequence[Glyph]) -> list[Row]:
    """The glyphs of each line from top to bottom, in whatever order they are drawn, scripts too."""
    size = sorted([glyph.size for glyph in glyphs])[int(SCRIPTS * len(glyphs))]
    groups: list[list[Glyph]] = []
    full = [glyph for glyph in glyphs if glyph.size > SMALL * size] or list(glyphs)
    for glyph in sorted(full, key=attrgetter("y"), reverse=True):
        if groups and groups[-1][0].y - glyph.y < SAME_LINE * size:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    if len(full) < len(glyphs):
        _take_scripts([glyph for glyph in glyphs if glyph.size <= SMALL * size], groups)
    return [row_of(sorted(group, key=_place), (), size) for group in groups]


def _take_scripts(scripts: Sequence[Glyph], groups: list[list[Glyph]]) -> None:
    """Puts each script on the line of the glyph that it stands next to."""
    heights = [-group[0].y for group in groups]
    ends: list[list[float] | None] = [None] * len(groups)
    homes = [_home(script, heights, groups, ends) for script in scripts]
    for script, home in zip(scripts, homes, strict=True):
        groups[home].append(script)


def _home(
    script: Glyph,
    heights: Sequence[float],
    groups: Sequence[Sequence[Glyph]],
    ends: list[list[float] | None],
) -> int:
    """The nearest of the lines, which are sorted by `heights`; `ends` of their glyphs are filled in here."""
    widest = 0.5 * FARTHEST_BESIDE * script.size
    start = bisect_left(heights, -script.y)
    best, home = float("inf"), 0
    for steps in (range(start - 1, -1, -1), range(start, len(heights))):
        for line in steps:
            off = abs(heights[line] + script.y)
            if off >= best:
                break
            known = ends[line]
            if known is None:
                known = ends[line] = sorted([glyph.x + glyph.advance for glyph in groups[line]])
            distance = off + min(0.5 * _nearest(known, script.x), widest)
            if distance < best:
                best, home = distance, line
    return home


def _nearest(positions: Sequence[float], x: float) -> float:
    """How far the nearest of the sorted positions is from x."""
    at = bisect_left(positions, x)
    return min(abs(x - position) for position in positions[max(0, at - 1) : at + 1])


def phrases_of(row: Row, gap: float = WORD_GAP) -> list[Row]:
    """The row cut where `gap` em or more are white."""
    parts = parts_of(row, gap)
    if len(parts) == 1:
        return [row]
    return [row.only(tuple(sorted(part, key=_place))) for part in parts]


def parts_of(row: Row, gap: float = WORD_GAP) -> list[list[Glyph]]:
    """The glyphs of each phrase, from left to right."""
    parts: list[list[Glyph]] = []
    end = 0.0
    widest = gap * row.size
    for glyph in sorted(row.glyphs, key=_left):
        ink = glyph.ink
        if parts and ink.x0 - end < widest:
            parts[-1].append(glyph)
            if ink.x1 > end:
                end = ink.x1
        else:
            parts.append([glyph])
            end = ink.x1
    return parts


def joined(pieces: Sequence[Row]) -> Row:
    """Pieces of one line as one."""
    glyphs = (glyph for piece in pieces for glyph in piece.glyphs)
    return pieces[0].only(tuple(sorted(glyphs, key=_place)))
