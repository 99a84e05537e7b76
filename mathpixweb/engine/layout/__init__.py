"""What a page means: a tuple of named pure steps from the marks on a sheet to a page of blocks."""

from __future__ import annotations

from collections.abc import Callable

from mathpixweb.engine.layout import (
    bare_grids,
    bridging,
    captions,
    characters,
    code,
    columns,
    contents,
    diagrams,
    display,
    drawing_order,
    enclosures,
    equation_numbers,
    figures,
    footnotes,
    fragments,
    furniture,
    headings,
    initials,
    line_numbers,
    lines,
    lists,
    paragraphs,
    quotations,
    spans,
    tables,
    title,
    views,
    words,
    written,
)
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Options, Page, Sheet, Survey

STEPS: tuple[Callable[[Draft], Draft], ...] = (
    enclosures.strike,
    diagrams.claim,
    figures.claim,
    tables.claim,
    enclosures.frame,
    drawing_order.mend,
    line_numbers.claim,
    initials.shrink,
    lines.build,
    fragments.merge,
    enclosures.give,
    columns.order,
    equation_numbers.take,
    words.split,
    figures.take_lettering,
    furniture.set_aside,
    footnotes.mark,
    code.mark,
    contents.mark,
    headings.mark,
    title.mark,
    bare_grids.merge,
    display.mark,
    spans.read,
    paragraphs.join,
    lists.gather,
    title.gather,
    captions.attach,
    written.restore,
    bridging.bridge,
    quotations.mark,
    characters.choose,
)


def understand(sheet: Sheet, survey: Survey, options: Options) -> Page:
    """The page that the marks on the sheet make."""
    view = views.with_written(sheet)
    draft = view.draft(survey, options)
    for step in STEPS:
        draft = step(draft)
    return view.page(Page(sheet.number, sheet.width, sheet.height, draft.blocks, sheet.links))
