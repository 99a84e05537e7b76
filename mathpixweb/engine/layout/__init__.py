"""What a page means: a tuple of named pure steps from the marks on a sheet to a page of blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mathpixweb.engine.layout import (
    asides,
    bare_grids,
    bridging,
    bullets,
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
    labels,
    line_numbers,
    lines,
    lists,
    margins,
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
from mathpixweb.engine.model import Block, Options, Page, Sheet, Survey

STEPS: tuple[Callable[[Draft], Draft], ...] = (
    enclosures.strike,
    diagrams.claim,
    figures.claim,
    tables.claim,
    enclosures.frame,
    drawing_order.mend,
    line_numbers.claim,
    bullets.draw,
    initials.shrink,
    lines.build,
    fragments.merge,
    enclosures.give,
    columns.order,
    equation_numbers.take,
    words.split,
    labels.part,
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

OF_PAGES = (furniture.set_aside, title.mark, title.gather, line_numbers.claim)
STEPS_OF_NOTES = tuple(step for step in STEPS if step not in OF_PAGES)


def understand(sheet: Sheet, survey: Survey, options: Options) -> Page:
    """The page that the marks on the sheet make."""
    view = views.with_written(sheet)
    draft, notes = margins.parted(view.draft(survey, options))
    beside = [block for note in notes for block in _blocks(note, STEPS_OF_NOTES)]
    blocks = asides.put_in(_blocks(draft, STEPS), beside)
    return view.page(Page(sheet.number, sheet.width, sheet.height, blocks, sheet.links))


def _blocks(draft: Draft, steps: Sequence[Callable[[Draft], Draft]]) -> tuple[Block, ...]:
    for step in steps:
        draft = step(draft)
    return draft.blocks
