"""Labels of items that touch their texts, as word processors set labels that fill their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.layout.draft import Draft, Row

SAME_EDGE = 1.5  # points
_TOUCHING = re.compile(r"([•◦▪▸►■□●○‣⁃]|\d{1,3}[.)])[^\W\d].*")


def part(draft: Draft) -> Draft:
    """The rows, in which such labels are words."""
    rows = list(draft.rows)
    for k, row in enumerate(rows):
        touching = _TOUCHING.fullmatch(row.words[0].text) if row.words and row.role == "text" else None
        if touching and _hangs(rows, k, len(touching[1])):
            rows[k] = _parted(row, len(touching[1]))
    return replace(draft, rows=tuple(rows))


def _hangs(rows: Sequence[Row], k: int, length: int) -> bool:
    """Whether the label is a bullet, or a row near this one begins under its text or with the next number."""
    word = rows[k].words[0]
    if not word.text[0].isdecimal():
        return True
    start = word.glyphs[length].x
    near = [row for row in rows[max(0, k - 2) : k + 3] if row is not rows[k] and row.words]
    counts = {str(int(word.text[: length - 1]) + step) + word.text[length - 1] for step in (-1, 1)}
    return any(
        abs(row.box.x0 - start) < SAME_EDGE or row.words[0].text.startswith(tuple(counts)) for row in near
    )


def _parted(row: Row, length: int) -> Row:
    word = row.words[0]
    label, rest = word.glyphs[:length], word.glyphs[length:]
    before = replace(
        word, glyphs=label, text=word.text[:length], x1=label[-1].ink.x1, number=True, pen_after=rest[0].x
    )
    after = replace(word, glyphs=rest, text=word.text[length:], x0=rest[0].ink.x0, pen=rest[0].x)
    return row.with_words((before, after, *row.words[1:]))
