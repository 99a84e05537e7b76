"""What a picture of a page means: lines that were read in it become paragraphs, columns, tables and displays.

They come with their words, and formulas already read, so the steps that build rows and formulas from glyphs
are not needed here; the others are those of every page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mathpixweb.engine.layout import (
    captions,
    characters,
    columns,
    footnotes,
    furniture,
    headings,
    lists,
    paragraphs,
    tables,
    title,
)
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.model import Options, Page, Sheet, Survey

_Steps = tuple[Callable[[Draft], Draft], ...]

# Pages of a document have heads, titles and headings; of a picture nobody knows what it was cut from.
OF_PAGES: _Steps = (furniture.set_aside, footnotes.mark, headings.mark, title.mark)


def understand(
    sheet: Sheet,
    rows: Sequence[Row],
    survey: Survey,
    options: Options,
    *,
    whole_page: bool,
    ordered: bool = False,
) -> Page:
    """The page that these rows make; `sheet` has the same glyphs again, for tables.

    `ordered` says that the rows come as they are to be read.
    """
    draft = tables.claim(Draft(sheet, survey, options))
    left = {id(glyph) for glyph in draft.sheet.glyphs}
    kept = [row for row in rows if row.block or any(id(glyph) in left for glyph in row.glyphs)]
    draft = replace(draft, rows=(*draft.rows, *_outside(kept, draft.rows)))
    placed = sorted(draft.rows, key=lambda row: row.index) if ordered else columns.cut(draft.rows)
    draft = columns.order(replace(draft, rows=_numbered(placed)))
    for step in (
        *(OF_PAGES if whole_page else ()),
        paragraphs.join,
        lists.gather,
        title.gather,
        captions.attach,
        characters.choose,
    ):
        draft = step(draft)
    return Page(sheet.number, sheet.width, sheet.height, draft.blocks, sheet.links)


def _numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(replace(row, index=index) for index, row in enumerate(rows))


def _outside(rows: Sequence[Row], claimed: Sequence[Row]) -> list[Row]:
    """The rows that do not stand in what was claimed."""
    return [
        row for row in rows if not any(other.box.contains_point(row.box.cx, row.box.cy) for other in claimed)
    ]
