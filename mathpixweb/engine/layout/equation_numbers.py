"""Numbers of displayed equations: a parenthesised label at the end, or the beginning, of a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph, ink_of

_LABEL = re.compile(r"\(([A-Z]{0,3}\.?\d+([.\-–]\d+)*[a-z]?['′]*|[A-Z]{1,2}|[ivx]{1,5}|[a-z]|[*∗†‡]{1,3})\)")
_ENDINGS = frozenset(".,;)]}")
LONGEST_LABEL = 14  # glyphs
WIDE_GAP = 0.8  # em between formula and number, wherever the number stands
EDGE_GAP = 0.25  # em are enough where the number stands at the right edge of the text
LEFT_GAP = 1.5  # em after a number on the left


def take(draft: Draft) -> Draft:
    """Moves each row's equation number from its glyphs to its tag."""
    return replace(draft, rows=tuple(_without_number(row, draft.rights) for row in draft.rows))


def _without_number(row: Row, rights: Sequence[float]) -> Row:
    if len(row.glyphs) < 4 or row.block:
        return row
    glyphs = sorted(row.glyphs, key=attrgetter("ink.x0"))
    return _on_the_right(row, glyphs, rights) or _on_the_left(row, glyphs) or row


def _on_the_right(row: Row, glyphs: list[Glyph], rights: Sequence[float]) -> Row | None:
    at_edge = any(abs(right - row.box.x1) < 2 for right in rights)
    for start in range(len(glyphs) - 2, max(0, len(glyphs) - LONGEST_LABEL), -1):
        if symbols.text_of(glyphs[start]) != "(":
            continue
        gap = glyphs[start].ink.x0 - max(glyph.ink.x1 for glyph in glyphs[:start])
        after_formula = at_edge and reading(glyphs[start - 1 : start])[-1:] in _ENDINGS
        if gap > WIDE_GAP * row.size or (after_formula and gap > EDGE_GAP * row.size):
            return _tagged(row, glyphs[start:], glyphs[:start])
        return None
    return None


def _on_the_left(row: Row, glyphs: list[Glyph]) -> Row | None:
    for end in range(3, min(10, len(glyphs) - 1)):
        if glyphs[end].ink.x0 - glyphs[end - 1].ink.x1 > LEFT_GAP * row.size:
            return _tagged(row, glyphs[:end], glyphs[end:])
    return None


def _tagged(row: Row, number: Sequence[Glyph], rest: Sequence[Glyph]) -> Row | None:
    label = label_of(number)
    if not label or not rest:
        return None
    numbered = {id(glyph) for glyph in number}
    kept = row.only(tuple(glyph for glyph in row.glyphs if id(glyph) not in numbered))
    return replace(kept, tag=label, tag_box=ink_of(number))


def label_of(glyphs: Sequence[Glyph]) -> str:
    """The number that the glyphs are, without its parentheses; empty if they are none."""
    found = _LABEL.fullmatch(reading(glyphs)) if glyphs else None
    return found[1] if found else ""
