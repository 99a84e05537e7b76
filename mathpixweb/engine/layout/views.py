"""How a page is held so that what is written on it goes from left to right.

All steps of the layout know only text that does. A page in Hebrew or Arabic is read in a mirror: there its
lines begin at the left, its first column is the leftmost and so are the first cells of its tables. A page on
which text goes down in columns is laid on its side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import directions, downwards, written
from mathpixweb.engine.layout.draft import Draft, Row, Written
from mathpixweb.engine.model import Block, Line, Options, Page, Sheet, Stroke, Survey

RIGHT_TO_LEFT = 0.4  # of the letters of text on a page that is read from right to left


@dataclass(frozen=True, slots=True)
class View:
    """A sheet as it is to be read, and from a place on it the way back to the page."""

    sheet: Sheet
    back: Callable[[Box], Box] | None = None
    written: tuple[Written, ...] = ()

    def draft(self, survey: Survey, options: Options) -> Draft:
        return Draft(self.sheet, survey, options, written=self.written)

    def box(self, box: Box) -> Box:
        """The place on the page."""
        return self.back(box) if self.back else box

    def row(self, row: Row) -> Row:
        return replace(row, box=self.box(row.box))

    def page(self, page: Page) -> Page:
        """The page with everything in its place."""
        if not self.back:
            return page
        return replace(page, blocks=tuple(self._block(block) for block in page.blocks))

    def _block(self, block: Block) -> Block:
        return replace(
            block,
            box=self.box(block.box),
            lines=tuple(self._line(line) for line in block.lines),
            children=tuple(self._block(child) for child in block.children),
        )

    def _line(self, line: Line) -> Line:
        spans = tuple(replace(span, box=self.box(span.box)) for span in line.spans)
        return replace(line, box=self.box(line.box), spans=spans)


def with_written(sheet: Sheet) -> View:
    """The sheet, held as it is to be read, with one glyph for each formula that brought its LaTeX along."""
    sheet, known = (sheet, ()) if sheet.downwards else written.stand_in(sheet)
    return replace(of(sheet), written=known)


def of(sheet: Sheet) -> View:
    """The sheet, held as it is to be read."""
    if sheet.downwards:
        return View(downwards.laid(sheet), lambda box: downwards.back(box, sheet.height))
    share = directions.share_of_right_to_left(sheet.glyphs)
    if not share:
        return View(sheet)
    if share < RIGHT_TO_LEFT:
        return View(replace(sheet, glyphs=directions.with_runs_turned(sheet.glyphs)))
    glyphs, rules = directions.turned_page(sheet.glyphs, sheet.rules, sheet.width)
    pictures = tuple(replace(p, index=-1, box=p.box.mirrored(sheet.width)) for p in sheet.pictures)
    strokes = tuple(Stroke(s.index, s.box.mirrored(sheet.width), -s.slope) for s in sheet.strokes)
    dots = tuple(Stroke(dot.index, dot.box.mirrored(sheet.width)) for dot in sheet.dots)
    turned = replace(sheet, glyphs=glyphs, rules=rules, pictures=pictures, strokes=strokes, dots=dots)
    return View(turned, lambda box: box.mirrored(sheet.width))
