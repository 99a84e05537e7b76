"""Pictures: raster images and drawings, with the lettering inside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout import charts, diagram_text
from mathpixweb.engine.layout.draft import Draft, Row, standing_for
from mathpixweb.engine.layout.tables.pieces import lines_of, parts_of
from mathpixweb.engine.layout.words import prose_share
from mathpixweb.engine.model import Block, Glyph, Picture, Sheet

SMALLEST = 24.0  # points on the shorter side; smaller images are icons and rules
NEAR = 14.0  # points; pictures this near to each other are parts of one figure
BACKGROUND = 0.6  # of the page: larger pictures with text on them are paper, not figures
MOST_PROSE = 0.02  # glyphs per square point; denser is text in a frame, not the lettering of a drawing
TEXT_SIZE = 0.9  # of the body size: what is smaller is lettering
FEWEST_WORDS = 6  # in a line of text
FEWEST_LINES = 4
LEAST_TEXT = 0.4  # of the glyphs
LARGER = 1.15  # of the body size: a title printed over a picture
FEWEST_LETTERS = 5  # of such a title
SLIDE_EDGE = 3.0  # points
WIDE_BLOCK = 0.6  # of a slide's width
BLOCK_MARGIN = 16.0  # points
HIGHEST_BAR = 0.3  # of a slide's height
FEWEST_IN_SENTENCE = 4  # words
MOST_LABEL_WORDS = 4
LABEL_DISTANCE = 18.0  # points
MOST_ROUNDS = 2
NEXT_LINE = 1.6  # em between lines of a paragraph
PROSE = 0.5  # of a line of a paragraph
_NUMBERED = re.compile(r"(?i)(fig|tab|abb)|\(?[a-z]\)$")
LETTERING = 3.0  # points by which lettering may stand out of the drawing


def claim(draft: Draft) -> Draft:
    """Takes figures, and the glyphs and rules inside them, from the sheet."""
    rows = draft.rows
    sheet = draft.sheet
    pictures = [p for p in sheet.pictures if is_figure(p, draft) and not _is_paper(p, draft)]
    for box in _merged([p.box for p in pictures]):
        area = box.grown(LETTERING)
        inside = [glyph for glyph in sheet.glyphs if area.contains_point(glyph.ink.cx, glyph.ink.cy)]
        beside = box.grown(LABEL_DISTANCE)
        around = [glyph for glyph in sheet.glyphs if beside.contains_point(glyph.ink.cx, glyph.ink.cy)]
        kind = "chart" if charts.is_chart(around) else None
        index, sheet = _without(sheet, area)
        children = diagram_text.of_glyphs(inside, draft)
        rows += (standing_for(Block("diagram", box, subtype=kind, children=children), index),)
    return replace(draft, sheet=replace(sheet, pictures=()), rows=rows)


def take_lettering(draft: Draft) -> Draft:
    """Takes short rows close around a figure, such as labels of axes, into it."""
    rows = list(draft.rows)
    for figure in [row for row in rows if row.block and row.block.type == "diagram"]:
        chart = figure.box if figure.block and figure.block.subtype == "chart" else None
        for _ in range(MOST_ROUNDS):  # names of axes stand beyond the numbers
            labels = [row for row in rows if _is_label(row, figure.box, draft)]
            if not labels:
                break
            box = union([figure.box, *(label.box for label in labels)])
            drawn = figure.block or Block("diagram", figure.box)
            lettering = (*drawn.children, *diagram_text.of_rows(labels, draft, chart))
            block = replace(drawn, box=box, column=figure.column, children=lettering)
            larger = standing_for(block, figure.index)
            rows[rows.index(figure)] = larger
            figure = larger
            rows = [row for row in rows if row not in labels]
    return replace(draft, rows=tuple(rows))


def _is_label(row: Row, figure: Box, draft: Draft) -> bool:
    """Whether the row is too short for text, not at the text's edge, and beside or right above or below."""
    if not row.words or row.role != "text":
        return False
    if len(row.words) > MOST_LABEL_WORDS and not all(word.number for word in row.words):
        return False
    if row.box.width > 0.5 * figure.width and prose_share(row.words) > 0.3:
        return False
    if any(abs(row.box.x0 - left) < 3 for left in draft.lefts) or _NUMBERED.match(row.text):
        return False
    near = figure.grown(LABEL_DISTANCE).contains_point(row.box.cx, row.box.cy)
    return near and not any(_ends(other, row) for other in draft.rows)


def _ends(other: Row, row: Row) -> bool:
    """Whether the row may be the last line of the paragraph of which the other one is a line."""
    drop = other.baseline - row.baseline
    under = abs(other.box.x0 - row.box.x0) < 3 or abs(other.box.x1 - row.box.x1) < 3
    alike = abs(other.size - row.size) < 0.3 and prose_share(row.words) > 0
    return under and alike and 0 < drop < NEXT_LINE * row.size and prose_share(other.words) > PROSE


def is_figure(picture: Picture, draft: Draft) -> bool:
    sheet = draft.sheet
    box = picture.box.clipped(sheet.width, sheet.height)
    if min(box.width, box.height) < SMALLEST:
        return False
    inside = [glyph for glyph in sheet.glyphs if box.contains_point(glyph.ink.cx, glyph.ink.cy)]
    if _covers(box, sheet) and inside:
        return False
    if not picture.raster and draft.is_slide and _decorates_slide(inside, box, draft):
        return False
    return picture.raster or (_is_lettering(inside, box) and not _is_running_text(inside, draft))


def _decorates_slide(glyphs: Sequence[Glyph], box: Box, draft: Draft) -> bool:
    """Whether the drawing is a bar along an edge of the slide, or what a title or sentences stand on."""
    sheet = draft.sheet
    whole_width = box.x0 < SLIDE_EDGE and box.x1 > sheet.width - SLIDE_EDGE
    at_edge = box.y0 < SLIDE_EDGE or box.y1 > sheet.height - SLIDE_EDGE
    if whole_width and at_edge and box.height < HIGHEST_BAR * sheet.height:
        return True
    lines = lines_of(glyphs) if glyphs else []
    if box.width > WIDE_BLOCK * sheet.width and _is_flush(lines, box):
        return True
    large = sum(line.size > LARGER * draft.body_size for line in lines)
    worded = sum(len(parts_of(line)) >= FEWEST_IN_SENTENCE for line in lines)
    return max(large, worded) > 0.5 * len(lines)


def _is_flush(lines: Sequence[Row], box: Box) -> bool:
    """Whether the lines begin at the left edge of the box, as those of a block with a title do."""
    starts = [line.box.x0 for line in lines]
    return len(starts) > 1 and max(starts) - min(starts) < BLOCK_MARGIN > min(starts) - box.x0


def _is_paper(picture: Picture, draft: Draft) -> bool:
    """Whether text of the page is printed over the picture. The lettering of figures is smaller than text."""
    if not picture.raster:
        return False
    sheet, box = draft.sheet, picture.box
    over = [g for g in sheet.glyphs if g.index > picture.index and box.contains_point(g.ink.cx, g.ink.cy)]
    paper = any(_covers(other.box, sheet) and other.index < picture.index for other in sheet.pictures)
    least, fewest = (0.9, 1) if paper else (LARGER, FEWEST_LETTERS)
    large = sum(glyph.size > least * draft.body_size for glyph in over)
    return large >= fewest and large > 0.5 * len(over)


def _covers(box: Box, sheet: Sheet) -> bool:
    box = box.clipped(sheet.width, sheet.height)
    return box.width * box.height > BACKGROUND * sheet.width * sheet.height


def _is_lettering(glyphs: Sequence[Glyph], box: Box) -> bool:
    """Whether the glyphs are so few, or in so short pieces, that they label a drawing."""
    return len(glyphs) < max(40.0, MOST_PROSE * box.width * box.height * 0.25)


def _is_running_text(glyphs: Sequence[Glyph], draft: Draft) -> bool:
    """Whether much is in lines of several words of the text's size, as in frames around paragraphs."""
    text = [glyph for glyph in glyphs if glyph.size > TEXT_SIZE * draft.body_size]
    full = [row for row in (lines_of(text) if text else ()) if len(parts_of(row)) >= FEWEST_WORDS]
    return len(full) >= FEWEST_LINES and sum(len(row.glyphs) for row in full) > LEAST_TEXT * len(glyphs)


def _merged(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, those near each other made one."""
    merged: list[Box] = []
    for box in boxes:
        near = [other for other in merged if other.x_overlap(box) > -NEAR and other.y_overlap(box) > -NEAR]
        merged = [other for other in merged if other not in near] + [union([*near, box])]
    return merged


def _without(sheet: Sheet, box: Box) -> tuple[int, Sheet]:
    """The place of the box in drawing order, and the sheet without what is inside it."""
    inside = [p.index for p in sheet.pictures if box.contains_point(p.box.cx, p.box.cy)]
    glyphs = tuple(g for g in sheet.glyphs if not box.contains_point(g.ink.cx, g.ink.cy))
    rules = tuple(r for r in sheet.rules if not box.contains_point(r.box.cx, r.box.cy))
    return min(inside, default=0), replace(sheet, glyphs=glyphs, rules=rules)
