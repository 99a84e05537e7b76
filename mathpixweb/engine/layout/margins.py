"""Notes in the margin, and sidebars: text in a narrow strip beside the one column of the page.

They are drawn between the lines of the text, often on the same baselines. So they are parted from it before
there are rows, understood as a page of their own, and put after the paragraph beside which they begin.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from statistics import median

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout import line_numbers
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Glyph, Rule, Sheet

FEW_GLYPHS = 1_000  # on a page on which the white beside the text tells nothing
FEWEST_GLYPHS = 300  # on a page whose margin is looked at
BIN = 2  # points
VALLEY = 4  # bins, the least white between text and notes, measured where letters begin
CROSSING = 0.2  # of what stands in one bin of the text may stand in such a valley, as from running heads
FEWEST_BEYOND = 10  # glyphs beside the text
DENSE = 3  # letters in most bins of a page of text
MOST_OF_PAGE = 0.55  # of the glyphs are of the text
NARROWEST_TEXT = 140.0  # points
NARROWEST = 24.0  # points; what is narrower are numbers
WIDEST = 0.55  # of the text's width
FEWEST_LINES = 3  # of text
FULL = 0.75  # of the text's width that most of its lines reach, as those of tables and forms do not
LEAST_FULL = 0.5
LEAST_FULL_BESIDE = 0.2
ALIGNED = 0.2  # of the lines of notes begin alike, further to the left than all others
SAME_EDGE = 3.0  # points
SAME_LINE = 1.5  # points
LEAST_LETTERS = 0.6  # of what notes are made of
SMALLER = 0.95  # of the text's size; notes on the left that are as large may be terms or dates
NEXT_LINE = 2.2  # em between lines of one note
MOST_RULES = 2  # over text and strip; with more they are a table


@dataclass(frozen=True, slots=True)
class Strip:
    """The glyphs of the notes on one side, and the edges between which these stand."""

    glyphs: tuple[Glyph, ...]
    x0: float
    x1: float

    def has(self, box: Box) -> bool:
        return self.x0 - SAME_EDGE <= box.cx <= self.x1 + SAME_EDGE and box.width <= self.x1 - self.x0 + 20


def parted(draft: Draft) -> tuple[Draft, tuple[Draft, ...]]:
    """The page without the notes in its margins, and the notes of each margin as pages of their own."""
    if draft.is_slide:
        return draft, ()  # a slide, at whose side there may be its contents
    text, notes = draft.sheet, []
    for strip in _strips(draft):
        rules = _rules_of(strip, text)
        notes.append(_as_page(draft, strip, rules))
        text = _without(text, {id(glyph) for glyph in strip.glyphs}, set(map(id, rules)))
    return (replace(draft, sheet=text), tuple(notes)) if notes else (draft, ())


def _rules_of(strip: Strip, sheet: Sheet) -> tuple[Rule, ...]:
    ink = union(glyph.ink for glyph in strip.glyphs).grown(6)
    return tuple(r for r in sheet.rules if strip.has(r.box) and ink.contains_point(r.box.cx, r.box.cy))


def _as_page(draft: Draft, strip: Strip, rules: tuple[Rule, ...]) -> Draft:
    size = median(glyph.size for glyph in strip.glyphs)
    survey = replace(draft.survey, body_size=size, lefts=(strip.x0,), rights=(), running_heads=())
    return replace(draft, sheet=_only(draft.sheet, strip.glyphs, rules), survey=survey)


def _without(sheet: Sheet, glyphs: Set[int], rules: Set[int]) -> Sheet:
    return replace(
        sheet,
        glyphs=tuple(glyph for glyph in sheet.glyphs if id(glyph) not in glyphs),
        rules=tuple(rule for rule in sheet.rules if id(rule) not in rules),
    )


def _strips(draft: Draft) -> list[Strip]:
    glyphs = draft.sheet.glyphs
    text = _text_edges(glyphs) or _usual_edges(draft)
    if text is None:
        return []
    if not any(_may_be_strip(_beyond(glyphs, *text, right), *text) for right in (False, True)):
        return []
    numbers = {id(glyph) for run in line_numbers.found(draft) for glyph in run.glyphs}
    if numbers:
        text = _text_edges([glyph for glyph in glyphs if id(glyph) not in numbers])
    if text is None:
        return []
    return [s for right in (False, True) if (s := _strip(draft, numbers, *text, right=right)) is not None]


def _only(sheet: Sheet, glyphs: tuple[Glyph, ...], rules: tuple[Rule, ...]) -> Sheet:
    return replace(sheet, glyphs=glyphs, rules=rules, pictures=(), enclosed=(), links=())


def _text_edges(glyphs: Sequence[Glyph]) -> tuple[float, float] | None:
    """Between what edges the one column of text stands, if there is something beyond them."""
    if len(glyphs) < FEWEST_GLYPHS:
        return None
    bins = Counter([int(glyph.x) // BIN for glyph in glyphs])
    counts = sorted(bins.values())
    dense = counts[3 * len(counts) // 4]
    if dense < DENSE:
        return None
    first, last = min(bins), max(bins)
    level = [bins[k] for k in range(first, last + VALLEY)]
    most = CROSSING * dense
    here = sum(level[:VALLEY])
    parts: list[tuple[int, int, int]] = []  # how many glyphs, from what bin, to what bin
    start = count = 0
    for k in range(len(level) - VALLEY + 1):
        if here <= most:
            if count:
                parts.append((count, start, k))
            start, count = k + 1, 0
        else:
            count += level[k]
        if k + VALLEY < len(level):
            here += level[k + VALLEY] - level[k]
    parts.append((count, start, len(level)))
    most_glyphs, low, high = max(parts)
    if len(parts) < 2 or most_glyphs < MOST_OF_PAGE * len(glyphs) or BIN * (high - low) < NARROWEST_TEXT:
        return None
    return float(BIN * (first + low)), float(BIN * (first + high))


def _usual_edges(draft: Draft) -> tuple[float, float] | None:
    """The edges of the text on other pages, where this one has few lines and something beyond these."""
    lefts, rights = draft.survey.lefts, draft.survey.rights
    glyphs = draft.sheet.glyphs
    if not lefts or not rights or not glyphs or len(glyphs) > FEW_GLYPHS:
        return None
    beyond = max(glyph.x for glyph in glyphs) > max(rights) + SAME_EDGE
    return (min(lefts), max(rights)) if beyond else None


def _beyond(glyphs: Sequence[Glyph], low: float, high: float, right: bool) -> list[Glyph]:
    """What stands right or left of the text."""
    if right:
        return [glyph for glyph in glyphs if glyph.x >= high]
    return [glyph for glyph in glyphs if glyph.x < low and glyph.x + glyph.advance < low + 1]


def _may_be_strip(beyond: Sequence[Glyph], low: float, high: float) -> bool:
    """Whether there is as much beyond the text as a note of two words, in a strip of its own."""
    if len(beyond) < FEWEST_BEYOND:
        return False
    width = max(glyph.x for glyph in beyond) - min(glyph.x for glyph in beyond)
    letters = sum(glyph.char[:1].isalpha() for glyph in beyond)
    return NARROWEST < width < WIDEST * (high - low) and letters > 0.5 * len(beyond)


def _strip(draft: Draft, numbers: Set[int], low: float, high: float, right: bool) -> Strip | None:
    """The notes right or left of the text, if they are some."""
    glyphs = draft.sheet.glyphs
    lines: dict[int, list[Glyph]] = defaultdict(list)
    text: dict[int, list[Glyph]] = defaultdict(list)
    beyond = [glyph for glyph in _beyond(glyphs, low, high, right) if id(glyph) not in numbers]
    if not _may_be_strip(beyond, low, high):
        return None
    outside = set(map(id, beyond))
    for glyph in glyphs:
        if id(glyph) not in numbers:
            (lines if id(glyph) in outside else text)[round(glyph.y)].append(glyph)
    if len(text) < FEWEST_LINES or not _is_full(text, low, high):
        return None
    apart = [
        line for y, line in lines.items() if not _runs_on(line, (*text[y - 1], *text[y], *text[y + 1]), right)
    ]
    found = _aligned(apart)
    notes = _within(_groups(found), max(y for y in text if text[y]), min(y for y in text if text[y]))
    if not notes or not any(len(group) > 1 for group in notes):
        return None
    own = {id(glyph) for group in notes for line in group for glyph in line}
    mine = tuple(glyph for glyph in glyphs if id(glyph) in own)
    strip = Strip(mine, min(g.x for g in mine), max(g.x + g.advance for g in mine))
    return strip if _are_notes(strip, draft, text, low, high, right) else None


def _is_full(text: dict[int, list[Glyph]], low: float, high: float, least: float = LEAST_FULL) -> bool:
    """Whether most lines reach over the text's width, as those of prose do."""
    ends = [max(glyph.x for glyph in line) for line in text.values() if len(line) > 1]
    full = sum(end > low + FULL * (high - low) for end in ends)
    return full > 0 and full >= least * len(ends)


def _runs_on(line: Sequence[Glyph], beside: Sequence[Glyph], right: bool) -> bool:
    """Whether the line goes on with one of the text, as a running head or a caption over both does."""
    if right:
        start = min(glyph.x for glyph in line)
        return any(start - 0.6 * g.size < g.x + g.advance <= start + 1 for g in beside)
    end = max(glyph.x + glyph.advance for glyph in line)
    return any(end - 1 <= g.x < end + 0.6 * g.size for g in beside)


def _aligned(lines: Sequence[Sequence[Glyph]]) -> list[Sequence[Glyph]]:
    """The lines, but for strays, if most of them begin alike, or end alike as on the left of a page."""
    longer = [line for line in lines if len(line) > 1]
    starts = [min(glyph.x for glyph in line) for line in longer]
    ends = [max(glyph.x + glyph.advance for glyph in line) for line in longer]
    for edges, sign in ((starts, 1), (ends, -1)):
        for edge in sorted(edges, key=lambda x: sign * x):
            if sum(abs(other - edge) < SAME_EDGE for other in edges) >= max(2, ALIGNED * len(edges)):
                return [
                    line
                    for line in lines
                    if min(glyph.x if sign > 0 else -glyph.x - glyph.advance for glyph in line)
                    > sign * edge - SAME_EDGE
                ]
    return []


def _groups(lines: Sequence[Sequence[Glyph]]) -> list[list[Sequence[Glyph]]]:
    """The lines under each other that are near each other."""
    groups: list[list[Sequence[Glyph]]] = []
    for line in sorted(lines, key=lambda line: -line[0].y):
        last = groups[-1][-1] if groups else None
        if last is not None and last[0].y - line[0].y < NEXT_LINE * max(last[0].size, line[0].size):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _within(groups: list[list[Sequence[Glyph]]], top: float, bottom: float) -> list[list[Sequence[Glyph]]]:
    """The groups but for single lines above or below the text, which are running heads and feet."""
    return [g for g in groups if len(g) > 1 or bottom - 2 <= g[0][0].y <= top + 2]


def _are_notes(
    strip: Strip, draft: Draft, text: dict[int, list[Glyph]], low: float, high: float, right: bool
) -> bool:
    if not NARROWEST < strip.x1 - strip.x0 < WIDEST * (high - low):
        return False
    if sum(glyph.char[:1].isalpha() for glyph in strip.glyphs) < LEAST_LETTERS * len(strip.glyphs):
        return False
    over = [
        rule
        for rule in draft.sheet.rules
        if not rule.vertical and rule.box.x0 < low + 0.5 * (high - low) and rule.box.x1 > strip.x0 + 20
    ]
    within = [rule for rule in draft.sheet.rules if not rule.vertical and strip.has(rule.box)]
    if (right and len(over) > MOST_RULES) or len(within) > MOST_RULES + 2 * len(over):
        return False  # tables of the page, or in a strip of their own
    pictured = (picture.box for picture in draft.sheet.pictures)
    if any(
        sum(map(box.contains_point, *zip(*_middles(strip), strict=True))) > 0.3 * len(strip.glyphs)
        for box in pictured
    ):
        return False
    heights = {round(glyph.y) for glyph in strip.glyphs}
    if not _is_full({y: text[y] for y in heights if text.get(y)}, low, high, LEAST_FULL_BESIDE):
        return False  # beside names of authors, or cells of a table
    size = median(glyph.size for glyph in strip.glyphs)
    return right or size < SMALLER * draft.body_size or _is_drawn_after(strip, text)


def _middles(strip: Strip) -> list[tuple[float, float]]:
    return [(glyph.ink.cx, glyph.ink.cy) for glyph in strip.glyphs]


def _is_drawn_after(strip: Strip, text: dict[int, list[Glyph]]) -> bool:
    """Whether notes are drawn after the lines beside them; terms and dates on the left are before theirs."""
    after = before = 0
    for glyph in strip.glyphs:
        line = text.get(round(glyph.y))
        if line:
            later = glyph.index > line[0].index
            after, before = after + later, before + (not later)
    return after > before
