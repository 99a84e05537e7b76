"""Bullets that are drawn and not written: balls, discs and squares before the items of lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Glyph

FEWEST = 2  # on a page; a single one may be anything
SMALLEST = 0.12  # em
LARGEST = 0.8  # em
MOST = 200  # marks; where there are more they are points of plots
LONGER = 1.7  # times as long as it is broad a mark may be
BEFORE = 2.0  # em from a bullet to its text
ALONE = 2.5  # em left of a bullet there is nothing
LOW, HIGH = -0.1, 0.8  # em above the baseline the middle of a bullet is


def draw(draft: Draft) -> Draft:
    """Writes a bullet before each line that has a small mark before it."""
    sheet = draft.sheet
    marks = [mark.box for mark in (*sheet.strokes, *sheet.dots) if not mark.slope and _is_compact(mark.box)]
    if not marks or len(marks) > MOST or not sheet.glyphs:
        return draft
    first: dict[int, Glyph] = {}
    for mark in marks:
        beside = _beside(mark, sheet.glyphs)
        if beside is not None and id(beside) not in first:
            first[id(beside)] = _bullet(mark, beside)
    if len(first) < FEWEST:
        return draft
    glyphs: list[Glyph] = []
    for glyph in sheet.glyphs:
        if id(glyph) in first:
            glyphs.append(first[id(glyph)])
        glyphs.append(glyph)
    return replace(draft, sheet=replace(sheet, glyphs=tuple(glyphs)))


def _is_compact(box: Box) -> bool:
    short, long = sorted((box.width, box.height))
    return short > 0 and long < LONGER * short


def _beside(mark: Box, glyphs: Sequence[Glyph]) -> Glyph | None:
    """The first glyph of the line before which the mark stands."""
    level = [g for g in glyphs if LOW * g.size < mark.cy - g.y < HIGH * g.size]
    after = [g for g in level if -0.5 < g.x - mark.x1 < BEFORE * g.size]
    nearest = min(after, key=lambda glyph: glyph.x, default=None)
    if nearest is None or not SMALLEST * nearest.size < mark.height < LARGEST * nearest.size:
        return None
    reach = ALONE * nearest.size
    alone = not any(mark.x0 - reach < g.x + g.advance and g.x < mark.x1 - 0.5 for g in level)
    return nearest if alone and nearest.char[:1].isalnum() else None


def _bullet(mark: Box, first: Glyph) -> Glyph:
    return replace(first, name="bullet", char="•", x=mark.x0, advance=mark.width, ink=mark)
