"""What pages need to know of the whole document, learnt from a few of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from mathpixweb.engine.layout import (
    columns,
    contents,
    faces,
    furniture,
    headings,
    lines,
    margins,
    title,
    views,
    words,
)
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.model import Glyph, Options, Sheet, Survey
from mathpixweb.engine.readers.families import MATH_FAMILIES

SAMPLE = 5  # pages
FEWEST = 3  # of them, where they have
ENOUGH = 6_000  # characters between them, as pages of text do
HEAVY = 40_000  # bytes of content: drawings, from which there is little to learn
FEWEST_LIGHT = 2  # pages without drawings, since a title page tells little alone
LEAST_TEXT = 0.1  # of the glyphs; with less, all is set in typewriter letters
MOST_HEADING_SIZES = 4
DISTINCT = 0.04  # sizes nearer than this are one
SAME_EDGE = 3.0  # points
MOST_PAGES = 0.6  # of those after the first have a running head, if any has
SAME_PLACE = 8.0  # points from the edge by which a running head's places on two pages may differ
HEADING_STEPS = (
    lines.build_and_keep,
    columns.order,
    words.split,
    furniture.set_aside,
    contents.mark,
    headings.mark,
    title.mark,
)


def sample(page_count: int) -> list[int]:
    """Page numbers, spread over the document."""
    if page_count <= SAMPLE:
        return list(range(1, page_count + 1))
    return sorted({1 + round(k * (page_count - 1) / (SAMPLE - 1)) for k in range(SAMPLE)})


def in_order(page_count: int) -> list[int]:
    """The pages of the sample, in the order in which they tell most: from both ends and the middle first."""
    pages = sample(page_count)
    return [*pages[::2], *pages[1::2]]


def is_enough(sheets: Sequence[Sheet]) -> bool:
    """Whether other pages would tell nothing new."""
    return len(sheets) >= FEWEST and sum(len(sheet.glyphs) for sheet in sheets) >= ENOUGH


def survey_of(sheets: Sequence[Sheet], page_count: int) -> Survey:
    """The survey of a document of `page_count` pages, of which `sheets` are a sample."""
    glyphs = [glyph for sheet in sheets for glyph in sheet.glyphs]
    if not glyphs:
        return Survey(page_count)
    text = _running(glyphs)
    sizes = Counter[float]()
    for size, count in Counter([glyph.size for glyph in text]).items():  # of which there are few
        sizes[round(size, 1)] += count
    body = sizes.most_common(1)[0][0]
    fonts = Counter(glyph.font for glyph in text if abs(glyph.size - body) < 0.2)
    survey = Survey(page_count, body, fonts.most_common(1)[0][0])
    drafts = [_outlined(views.of(sheet).sheet, survey) for sheet in sheets]
    math, plain, signs = faces.learnt(row for draft in drafts for row in draft.rows)
    return Survey(
        page_count=page_count,
        body_size=survey.body_size,
        body_font=survey.body_font,
        heading_sizes=_heading_sizes(row for draft in drafts for row in draft.rows),
        running_heads=_running_heads(drafts),
        lefts=_lefts(drafts),
        rights=_rights(drafts),
        math_faces=math,
        text_faces=plain,
        math_signs=signs,
    )


def _running(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs of the text: without those of listings and formulas, which may be more, in other fonts."""
    for others in (MATH_FAMILIES | {"tt"}, {"tt"}):
        text = [glyph for glyph in glyphs if glyph.family not in others]
        if len(text) > LEAST_TEXT * len(glyphs):
            return text
    return glyphs


def _outlined(sheet: Sheet, survey: Survey) -> Draft:
    """The sheet with its rows, of which headings and title are known."""
    draft, _ = margins.parted(Draft(sheet, survey, Options()))
    for step in HEADING_STEPS:
        draft = step(draft)
    return draft


def _heading_sizes(rows: Iterable[Row]) -> tuple[float, ...]:
    """The sizes of headings, largest first."""
    found = {round(row.size, 1) for row in rows if row.role == "section_header"}
    distinct: list[float] = []
    for size in sorted(found, reverse=True):
        if not distinct or size < (1 - DISTINCT) * distinct[-1]:
            distinct.append(size)
    return tuple(distinct[:MOST_HEADING_SIZES])


def _common(edges: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    """The edges of text that all those pages share that have any, to a point."""
    first, *others = [page for page in edges if page] or [()]
    return tuple(x for x in first if all(any(abs(x - y) <= 1 for y in page) for page in others))


def _lefts(drafts: Sequence[Draft]) -> tuple[float, ...]:
    """The common left edges of running text; where pages differ, as with lists, the outermost of all."""
    common = _common(draft.lefts for draft in drafts)
    if common or any(draft.gutters for draft in drafts):
        return common
    pooled = columns.lefts_of(row for draft in drafts for row in draft.rows)
    if not any(draft.lefts for draft in drafts):
        return pooled
    return tuple(x for x in pooled if x < pooled[0] + SAME_EDGE)


def _rights(drafts: Sequence[Draft]) -> tuple[float, ...]:
    """The common right edges of running text; where it has one column, that is as far as it reaches."""
    if any(draft.gutters for draft in drafts):
        return _common(draft.rights for draft in drafts)
    farthest = max((reach for draft in drafts for reach in draft.reaches), default=0.0)
    return tuple(sorted({x for draft in drafts for x in draft.rights if x > farthest - SAME_EDGE}))


def _running_heads(drafts: Sequence[Draft]) -> tuple[str, ...]:
    """What stands in one place at an edge of several pages, or runs over them as the title; numbers apart."""
    places: dict[str, list[float]] = defaultdict(list)
    titles: set[str] = set()
    for draft in drafts:
        for text, (place, large) in furniture.edge_texts(draft).items():
            places[text].append(place)
            if large and draft.sheet.number == 1:
                titles.add(text)
    recurring = {text for text, found in places.items() if _recurs(found)}
    recurring -= {text for text in recurring if any(furniture.is_frequent(text, draft) for draft in drafts)}
    heights = Counter(height for draft in drafts if (height := furniture.lone_head(draft)))
    later = sum(draft.sheet.number > 1 for draft in drafts)
    recurring |= {height for height, count in heights.items() if count >= max(2, MOST_PAGES * later)}
    still = Counter(text for draft in drafts for text in furniture.standing_still(draft))
    recurring |= {text for text, count in still.items() if count >= max(3, MOST_PAGES * later)}
    over_others = {furniture.TITLE + text for text in titles - recurring if len(places[text]) > 1}
    return tuple(sorted(text for text in recurring | over_others if text.strip("^$#")))


def _recurs(places: Sequence[float]) -> bool:
    return any(below - above < SAME_PLACE for above, below in pairwise(sorted(places)))
