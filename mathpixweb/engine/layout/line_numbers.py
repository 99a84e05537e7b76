"""Line numbers in the margin of manuscripts: counted upwards beside the text, they are furniture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout.draft import Draft, standing_for
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.lines import pieces
from mathpixweb.engine.layout.ties import Run
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Block, Glyph, Line, Text

FEWEST = 4
SMALLER = 0.86  # of the body size
LONGEST = 4  # digits
STEPS = {1, 2, 5, 10}
TIGHT = 0.4  # em of the text, between a raised number and its note; numbers of lines stand further apart
MOST_TIGHT = 0.2  # of them may stand as near, beside lines that are too long
MOST_LEADING = 2.6  # em from line to line


def claim(draft: Draft) -> Draft:
    """Takes the numbers of numbered lines from the sheet."""
    taken = found(draft)
    if not taken:
        return draft
    claimed = {id(glyph) for run in taken for glyph in run.glyphs}
    rest = tuple(glyph for glyph in draft.sheet.glyphs if id(glyph) not in claimed)
    box = union(run.box for run in taken)
    lines = tuple(Line((Text(_text(run), run.box),), run.box, run.size) for run in taken)
    block = Block("page_info", box, lines, output=False)
    rows = (*draft.rows, standing_for(block, taken[0].first.index))
    return replace(draft, sheet=replace(draft.sheet, glyphs=rest), rows=rows)


def found(draft: Draft) -> list[Run]:
    """The numbers of numbered lines."""
    largest = SMALLER * draft.body_size
    if not _has_column(draft.sheet.glyphs, largest):
        return []
    short = [piece for piece in pieces(draft.sheet.glyphs) if len(piece) <= LONGEST]
    small = [Run(piece) for piece in short if max(glyph.size for glyph in piece) < largest]
    return [run for column in _columns(small) if _stands_apart(column, draft) for run in column]


def _has_column(glyphs: Iterable[Glyph], largest: float) -> bool:
    """Whether enough small digits end where others end: most pages have none, and need no closer look."""
    small = [glyph for glyph in glyphs if glyph.size < largest]
    ends = Counter(round(digit.ink.x1) for digit in small if symbols.text_of(digit).isdecimal())
    return any(ends[x] + ends[x + 1] >= FEWEST for x in list(ends))


def _text(run: Run) -> str:
    return reading(run.glyphs)


def _columns(small: Sequence[Run]) -> list[list[Run]]:
    """The columns of small numbers that stand flush, each one more than the one above by the same."""
    numbers = [run for run in small if _text(run).isdecimal()]
    columns: list[list[Run]] = []
    for at_right in (True, False):
        taken = {id(run) for column in columns for run in column}
        flush: dict[int, list[Run]] = defaultdict(list)
        for run in numbers:
            if id(run) not in taken:
                flush[round(run.box.x1 if at_right else run.box.x0)].append(run)
        for x in sorted(flush, key=lambda x: -len(flush[x])):
            columns += _counted([*flush.pop(x, []), *flush.pop(x + 1, []), *flush.pop(x - 1, [])])
    return columns


def _counted(column: Sequence[Run]) -> list[list[Run]]:
    """The pieces of the column in which the numbers grow by the same; the first may be a 1 before a 5."""
    counted: list[list[Run]] = []
    values: list[int] = []
    for run in sorted(column, key=lambda run: -run.baseline):
        value = int(_text(run))
        before = values[1:] if len(values) > 1 and values[0] == 1 else values
        steps = {b - a for a, b in pairwise([*before, value])}
        if counted and len(steps) == 1 and steps <= STEPS:
            counted[-1].append(run)
            values.append(value)
        else:
            counted.append([run])
            values = [value]
    return [piece for piece in counted if len(piece) >= FEWEST]


def _stands_apart(column: Sequence[Run], draft: Draft) -> bool:
    """Whether the numbers stand further from the lines than marks of notes from their notes."""
    own = {id(glyph) for run in column for glyph in run.glyphs}
    reach = TIGHT * draft.body_size
    low, high = min(run.box.x0 for run in column) - reach, max(run.box.x1 for run in column) + reach
    near = (glyph for glyph in draft.sheet.glyphs if glyph.x < high and glyph.ink.x1 > low)
    others = [glyph for glyph in near if id(glyph) not in own]
    tight = sum(
        any(
            abs(glyph.ink.cy - run.box.cy) < run.size
            and (0 <= glyph.x - run.box.x1 < reach or 0 <= run.box.x0 - glyph.ink.x1 < reach)
            for glyph in others
        )
        for run in column
    )
    return tight <= MOST_TIGHT * len(column) and _is_close(column, draft)


def _is_close(column: Sequence[Run], draft: Draft) -> bool:
    """Whether most of the numbers stand as near under each other as lines do, times their step."""
    step = max(1, int(_text(column[-1])) - int(_text(column[-2])))
    gaps = sorted((above.baseline - below.baseline) / step for above, below in pairwise(column))
    return gaps[len(gaps) // 2] < MOST_LEADING * draft.body_size
