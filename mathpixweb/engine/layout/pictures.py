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
) -> Page:
    """The page that these rows make, which come as they are to be read, on a sheet of this size."""
    draft = columns.numbered(Draft(sheet, survey, options), _numbered(rows))
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
