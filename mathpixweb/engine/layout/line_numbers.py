"""Line numbers in the margin of manuscripts: counted upwards beside the text, they are furniture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout.draft import Draft, standing_for
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.lines import runs
from mathpixweb.engine.layout.ties import Run
from mathpixweb.engine.model import Block, Line, Text

FEWEST = 4
SMALLER = 0.86  # of the body size
LONGEST = 4  # digits


def claim(draft: Draft) -> Draft:
    """Takes the numbers of numbered lines from the sheet."""
    taken = _numbers(runs(draft.sheet.glyphs), SMALLER * draft.body_size)
    if not taken:
        return draft
    claimed = {id(glyph) for run in taken for glyph in run.glyphs}
    rest = tuple(glyph for glyph in draft.sheet.glyphs if id(glyph) not in claimed)
    box = union(run.box for run in taken)
    lines = tuple(Line((Text(_text(run), run.box),), run.box, run.size) for run in taken)
    block = Block("page_info", box, lines, output=False)
    rows = (*draft.rows, standing_for(block, taken[0].first.index))
    return replace(draft, sheet=replace(draft.sheet, glyphs=rest), rows=rows)


def _text(run: Run) -> str:
    return reading(run.glyphs)


def _numbers(found: Sequence[Run], largest: float) -> list[Run]:
    """The longest column of small numbers that stand flush right, each one more than the one above."""
    columns: dict[int, list[Run]] = defaultdict(list)
    for run in found:
        if run.size < largest and len(run.glyphs) <= LONGEST and _text(run).isdecimal():
            columns[round(run.box.x1)].append(run)
    counted = [_counted(columns[x] + columns[x + 1]) for x in list(columns)]
    return max(counted, key=len, default=[])


def _counted(column: Sequence[Run]) -> list[Run]:
    ordered = sorted(column, key=lambda run: -run.baseline)
    values = [int(_text(run)) for run in ordered]
    consecutive = all(b - a in (1, 5) for a, b in pairwise(values))
    return ordered if consecutive and len(ordered) >= FEWEST else []
