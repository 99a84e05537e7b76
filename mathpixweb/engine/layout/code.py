"""Program listings: rows in a typewriter font, with their indentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.model import Glyph, Text

TYPEWRITER_SHARE = 0.9
FEWEST_ROWS = 2


def mark(draft: Draft) -> Draft:
    """Gives listings of two rows and more their role and their text."""
    rows = list(draft.rows)
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and _is_listing(rows[end]):
            end += 1
        if end - start >= FEWEST_ROWS:
            rows[start:end] = _as_code(rows[start:end])
        start = max(end, start + 1)
    return replace(draft, rows=tuple(rows))


def _is_listing(row: Row) -> bool:
    if row.role != "text" or not row.glyphs:
        return False
    return sum(glyph.family == "tt" for glyph in row.glyphs) >= TYPEWRITER_SHARE * len(row.glyphs)


def _as_code(rows: Sequence[Row]) -> list[Row]:
    """The rows with what they read, blanks restored from the places of the characters."""
    left = min(row.box.x0 for row in rows)
    step = median(glyph.advance for row in rows for glyph in row.glyphs) or 1.0
    return [
        replace(row, role="code", spans=(Text(_spaced(row.glyphs, left, step), row.box),)) for row in rows
    ]


def _spaced(glyphs: Sequence[Glyph], left: float, step: float) -> str:
    text = ""
    for glyph in sorted(glyphs, key=lambda glyph: glyph.x):
        text = text.ljust(round((glyph.x - left) / step)) + reading((glyph,))
    return text
