"""Large initials at the beginning of a text: each becomes the first letter of its first word again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph

LARGE = 1.8  # times the size of the text
FEWEST_LINES = 2  # that an initial stands beside
BESIDE = 1.6  # em from the initial to the lines beside it
SAME_LINE = 2.0  # points
SLACK = 0.35  # em by which an initial may stand out above or below its lines


def shrink(draft: Draft) -> Draft:
    """The initials in the size and at the place of ordinary letters."""
    large = LARGE * draft.body_size
    initials = [g for g in draft.sheet.glyphs if g.size > large and symbols.text_of(g).isupper()]
    glyphs = list(draft.sheet.glyphs) if initials else []
    found: list[Box] = []
    for initial in initials:
        first = _first_beside(initial, glyphs, draft.body_size)
        if first is not None:
            found.append(initial.ink)
            glyphs.remove(initial)
            glyphs.insert(glyphs.index(first), _before(first, initial))
    if not found:
        return draft
    return replace(draft, sheet=replace(draft.sheet, glyphs=tuple(glyphs)), initials=tuple(found))


def _first_beside(initial: Glyph, glyphs: Sequence[Glyph], body: float) -> Glyph | None:
    """The first letter of the upper of the lines right of the initial, if there are several."""
    ink = initial.ink
    low, high = ink.y0 - SLACK * body, ink.y1 + SLACK * body
    beside = [
        glyph
        for glyph in glyphs
        if low <= glyph.y <= high
        and abs(glyph.size - body) < 0.3 * body
        and -0.2 * body < glyph.ink.x0 - ink.x1 < BESIDE * body
        and symbols.text_of(glyph).isalnum()
    ]
    crowded = any(
        glyph is not initial and glyph.size > LARGE * body and abs(glyph.y - initial.y) < SAME_LINE
        for glyph in glyphs
    )
    lines = {round(glyph.y / SAME_LINE) for glyph in beside}
    if crowded or len(lines) < FEWEST_LINES:
        return None
    top = max(glyph.y for glyph in beside)
    return min((g for g in beside if top - g.y < SAME_LINE), key=lambda glyph: glyph.x)


def _before(first: Glyph, initial: Glyph) -> Glyph:
    """The initial as the letter before the first one."""
    scale = first.size / initial.size
    advance = initial.advance * scale
    x = first.x - advance
    low, high = (scale * (edge - initial.y) for edge in (initial.ink.y0, initial.ink.y1))
    ink = Box(x + 0.02 * first.size, first.y + low, x + advance, first.y + high)
    return replace(initial, index=first.index, size=first.size, x=x, y=first.y, advance=advance, ink=ink)
