"""The lettering of a diagram as lines of their own, where it was asked for; it is no part of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import charts, lines, spans, words
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.model import Block, Glyph, Line


def of_glyphs(glyphs: Sequence[Glyph], draft: Draft) -> tuple[Block, ...]:
    """A block for each line that the glyphs make, from the top down."""
    if not draft.options.include_diagram_text or not glyphs:
        return ()
    inside = Draft(replace(draft.sheet, glyphs=tuple(glyphs), rules=()), draft.survey, draft.options)
    for step in (lines.build, words.split):
        inside = step(inside)
    return of_rows(inside.rows, draft)


def of_rows(rows: Sequence[Row], draft: Draft, chart: Box | None = None) -> tuple[Block, ...]:
    """A block for each of the rows, from the top down; those beside a `chart` are labels of its axes."""
    if not draft.options.include_diagram_text:
        return ()
    read = spans.read(replace(draft, rows=tuple(rows))).rows
    placed = sorted((row for row in read if row.spans), key=lambda row: (-row.box.y1, row.box.x0))
    return tuple(
        Block(
            charts.label_type(row, chart) if chart else "text",
            row.box,
            (Line(row.spans, row.box, row.size),),
            column=row.column,
            output=False,
        )
        for row in placed
    )
