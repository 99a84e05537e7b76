"""Program listings: rows in a typewriter font, with their indentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.model import Glyph, Text

TYPEWRITER_SHARE = 0.9
FEWEST_ROWS = 2
WIDEST = 0.75  # em from character to character; packages may set them wider apart than the font does


def mark(draft: Draft) -> Draft:
    """Gives listings of two rows and more their role and their text."""
    rows = list(draft.rows)
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and (_is_listing(rows[end]) or _is_empty_line(rows[start:end], rows[end])):
            end += 1
        if end - start >= FEWEST_ROWS:
            rows[start:end] = _as_code(rows[start:end])
        start = max(end, start + 1)
    return replace(draft, rows=tuple(rows))


def _is_listing(row: Row) -> bool:
    if row.role != "text" or not row.glyphs:
        return False
    glyphs = row.glyphs[len(_number(row)) :]
    typed = sum(glyph.family == "tt" for glyph in glyphs)
    return bool(glyphs) and typed >= TYPEWRITER_SHARE * len(glyphs)


def _number(row: Row) -> tuple[Glyph, ...]:
    """The number of the line, which the row begins with in another font."""
    if not row.words or not row.words[0].text.isdecimal():
        return ()
    glyphs = row.words[0].glyphs
    other = all(glyph.family != "tt" for glyph in glyphs) and row.glyphs[: len(glyphs)] == glyphs
    return glyphs if other else ()


def _is_empty_line(before: Sequence[Row], row: Row) -> bool:
    """Whether the row is nothing but the number of a line that is empty."""
    return (
        bool(before)
        and row.role == "text"
        and bool(_number(before[-1]))
        and len(_number(row)) == len(row.glyphs)
    )


def _as_code(rows: Sequence[Row]) -> list[Row]:
    """The rows with what they read, blanks restored from the places of the characters."""
    if all(map(_number, rows)):
        rows = [replace(row, glyphs=row.glyphs[len(_number(row)) :]) for row in rows]
    pitch = _pitch(rows)
    left = min((_centre(glyph) for row in rows for glyph in row.glyphs), default=0.0)
    return [replace(row, role="code", spans=(Text(_spaced(row, left, pitch), row.box),)) for row in rows]


def _centre(glyph: Glyph) -> float:
    return glyph.x + glyph.advance / 2


def _ordered(row: Row) -> list[Glyph]:
    return sorted(row.glyphs, key=_centre)


def _steps(row: Row) -> list[float]:
    return [_centre(right) - _centre(left) for left, right in pairwise(_ordered(row))]


def _pitch(rows: Sequence[Row]) -> float:
    """How far apart characters are that have no blank between them."""
    widest = WIDEST * median(row.size for row in rows)
    near = [step for row in rows for step in _steps(row) if 0.0 < step < widest]
    return median(near) if near else median(glyph.advance for row in rows for glyph in row.glyphs) or 1.0


def _spaced(row: Row, left: float, pitch: float) -> str:
    """The characters in their columns; each is counted from the one before, lest errors add up."""
    text = ""
    column, last = 0, left
    for glyph in _ordered(row):
        column += round((_centre(glyph) - last) / pitch)
        last = _centre(glyph)
        text = text.ljust(column) + reading((glyph,))
    return text
