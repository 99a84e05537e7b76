"""Vertical text laid on its side, so that it goes from left to right and its first column is the top line.

Characters keep their feet on what becomes a line. Figures that stand side by side in one place of a column
follow each other; words that lie in a column lie no longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Glyph, Sheet
from mathpixweb.engine.writing_systems import is_ideographic

MIDDLE = 0.38  # em from the baseline to the middle of an ideograph
FIGURE = 0.7  # em from the foot to the head of a figure
TOUCHING = 0.2  # em between figures in one place


def laid(sheet: Sheet) -> Sheet:
    """The sheet turned by a quarter, counter-clockwise."""
    upright = [glyph for place in _places(sheet.glyphs) for glyph in _in_place(place, sheet.height)]
    glyphs = sorted([*upright, *sheet.sideways], key=lambda glyph: glyph.index)
    return replace(
        sheet,
        width=sheet.height,
        height=sheet.width,
        glyphs=tuple(glyphs),
        rules=tuple(
            replace(rule, box=turned(rule.box, sheet.height), vertical=not rule.vertical)
            for rule in sheet.rules
        ),
        pictures=tuple(replace(p, box=turned(p.box, sheet.height)) for p in sheet.pictures),
        sideways=(),
    )


def turned(box: Box, height: float) -> Box:
    """The place on the turned page of what was on a page so high."""
    return Box(height - box.y1, box.x0, height - box.y0, box.x1)


def back(box: Box, height: float) -> Box:
    """The place on the page, so high, of what is on the turned one."""
    return Box(box.y0, height - box.x1, box.y1, height - box.x0)


def _places(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Each character by itself, and figures next to each other together."""
    place: list[Glyph] = []
    for glyph in glyphs:
        if place and _shares_place(place[-1], glyph):
            place.append(glyph)
            continue
        if place:
            yield place
        place = [glyph]
    if place:
        yield place


def _shares_place(last: Glyph, glyph: Glyph) -> bool:
    gap = glyph.x - last.x - last.advance
    narrow = not is_ideographic(last.char) and not is_ideographic(glyph.char)
    return narrow and abs(last.y - glyph.y) < 1 and abs(gap) < TOUCHING * glyph.size


def _in_place(place: Sequence[Glyph], height: float) -> Iterator[Glyph]:
    size = max(glyph.size for glyph in place)
    middle = (place[0].x + place[-1].x + place[-1].advance) / 2
    start, width = height - place[0].y - (MIDDLE + 0.5) * size, size / len(place)
    for number, glyph in enumerate(place):
        x, y = start + number * width, middle - MIDDLE * size
        row = Box(x, y, x + width, y + FIGURE * size)
        ink = row if len(place) > 1 else turned(glyph.ink, height)
        yield replace(glyph, x=x, y=y, advance=width, ink=ink)
