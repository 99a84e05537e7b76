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
APART = 0.6  # em of white before a number of a line; subscripts stand closer to their letters


def claim(draft: Draft) -> Draft:
    """Takes the numbers of numbered lines from the sheet."""
    largest = SMALLER * draft.body_size
    if not _has_column(draft.sheet.glyphs, largest):
        return draft
    short = (piece for piece in pieces(draft.sheet.glyphs) if len(piece) <= LONGEST)
    taken = _numbers([Run(piece) for piece in short if max(glyph.size for glyph in piece) < largest])
    if not taken or _are_subscripts(taken, draft.sheet.glyphs):
        return draft
    claimed = {id(glyph) for run in taken for glyph in run.glyphs}
    rest = tuple(glyph for glyph in draft.sheet.glyphs if id(glyph) not in claimed)
    box = union(run.box for run in taken)
    lines = tuple(Line((Text(_text(run), run.box),), run.box, run.size) for run in taken)
    block = Block("page_info", box, lines, output=False)
    rows = (*draft.rows, standing_for(block, taken[0].first.index))
    return replace(draft, sheet=replace(draft.sheet, glyphs=rest), rows=rows)


def _has_column(glyphs: Iterable[Glyph], largest: float) -> bool:
    """Whether enough small digits end where others end: most pages have none, and need no closer look."""
    small = [glyph for glyph in glyphs if glyph.size < largest]
    ends = Counter(round(digit.ink.x1) for digit in small if symbols.text_of(digit).isdecimal())
    return any(ends[x] + ends[x + 1] >= FEWEST for x in list(ends))


def _are_subscripts(column: Sequence[Run], glyphs: Iterable[Glyph]) -> bool:
    """Whether the numbers count letters one below the other, as in the rows of a system of equations."""
    top, bottom = column[0].box.y1, column[-1].box.y0
    before = [
        glyph
        for glyph in glyphs
        if column[0].box.x0 - 2 * glyph.size < glyph.ink.x1 < column[0].box.x1
        and bottom < glyph.ink.y1
        and glyph.ink.y0 < top
    ]
    return sum(any(_touches(glyph, run) for glyph in before) for run in column) > 0.5 * len(column)


def _touches(glyph: Glyph, run: Run) -> bool:
    white = run.box.x0 - glyph.ink.x1
    return glyph not in run.glyphs and glyph.ink.y_overlap(run.box) > 0 and white < APART * glyph.size


def _text(run: Run) -> str:
    return reading(run.glyphs)


def _numbers(found: Sequence[Run]) -> list[Run]:
    """The longest column of small numbers that stand flush right, each one more than the one above."""
    columns: dict[int, list[Run]] = defaultdict(list)
    for run in found:
        if _text(run).isdecimal():
            columns[round(run.box.x1)].append(run)
    counted = [_counted(columns[x] + columns[x + 1]) for x in list(columns)]
    return max(counted, key=len, default=[])


def _counted(column: Sequence[Run]) -> list[Run]:
    ordered = sorted(column, key=lambda run: -run.baseline)
    values = [int(_text(run)) for run in ordered]
    consecutive = all(b - a in (1, 5) for a, b in pairwise(values))
    return ordered if consecutive and len(ordered) >= FEWEST else []
