"""Rows of a table above its first line or below its last: upright lines go on there, or its columns do."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.tables.pieces import HEADING_GAP, PHRASE_GAP, lines_of, phrases_of
from mathpixweb.engine.layout.tables.rulings import Rulings
from mathpixweb.engine.layout.ties import SMALL
from mathpixweb.engine.model import Glyph

FARTHEST = 5.0  # em by which upright lines go beyond the last one across
INSIDE = 3.0  # points from the table's edge
NEXT_LINE = 1.6  # em from a line to the baseline of the row that stands on it
WHITE = 1.8  # em from the baseline of a row without a line above it to whatever is above
FEWEST_COLUMNS = 3


def closed(box: Box, glyphs: Sequence[Glyph], rulings: Rulings) -> Box:
    """The box with the rows that belong to the table."""
    beside = [glyph for glyph in glyphs if box.x0 - INSIDE < glyph.ink.cx < box.x1 + INSIDE]
    inside = [glyph for glyph in beside if box.y0 < glyph.ink.cy < box.y1]
    if not inside:
        return box
    rows = lines_of(inside)
    grown = _along_stems(box, beside, rulings, rows[0].size)
    return grown if grown.y1 > box.y1 else _with_heading(grown, beside, rows)


def _along_stems(box: Box, glyphs: Sequence[Glyph], rulings: Rulings, em: float) -> Box:
    """The box up and down to the ends of the upright lines within it, as far as text stands beside these."""
    stems = [
        stem
        for stem in rulings.stems
        if box.x0 + INSIDE < stem.cx < box.x1 - INSIDE and stem.y_overlap(box) > 0
    ]
    for stem in stems:
        for end in (Box(box.x0, box.y1, box.x1, stem.y1), Box(box.x0, stem.y0, box.x1, box.y0)):
            if 0 < end.height < FARTHEST * em and any(end.y0 < g.ink.cy < end.y1 for g in glyphs):
                box = union((box, end))
    return box


def _with_heading(box: Box, glyphs: Sequence[Glyph], rows: Sequence[Row]) -> Box:
    """The box with the row that stands on its first line in the columns below it, with white above."""
    size = rows[0].size
    reach = box.y1 + (NEXT_LINE + 2 * WHITE) * size
    near = [glyph for glyph in glyphs if box.y1 < glyph.y < reach and glyph.size > SMALL * size]
    if not near:
        return box
    above = lines_of(near)
    heading = above[-1]
    if heading.baseline - box.y1 > NEXT_LINE * size or abs(heading.size - size) > 0.1 * size:
        return box
    if len(above) > 1 and above[-2].baseline - heading.baseline < WHITE * size:
        return box
    labels = phrases_of(heading, HEADING_GAP)
    columns = [phrase.box for row in rows[:1] for phrase in phrases_of(row, PHRASE_GAP)]
    if len(labels) < FEWEST_COLUMNS or len(labels) != len(columns):
        return box
    aligned = all(label.box.x_overlap(column) > 0 for label, column in zip(labels, columns, strict=True))
    return Box(box.x0, box.y0, box.x1, heading.box.y1 + 1) if aligned else box
