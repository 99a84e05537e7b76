"""Which drawings are charts: numbers stand in a row under them, and above each other beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.tables.pieces import lines_of, phrases_of
from mathpixweb.engine.model import Glyph

FEWEST_TICKS: Final = 3  # numbers at each of two axes
SAME_EDGE: Final = 3.0  # points
_NUMBER: Final = re.compile(r"[-−+]?[\d.,]*\d%?")


def is_chart(around: Sequence[Glyph]) -> bool:
    """Whether the lettering in and around a drawing has the numbers of two axes."""
    rows = list(_numbers(around))
    level = any(len(row) >= FEWEST_TICKS for row in rows)
    return level and _upright(rows)


def label_type(label: Row, drawing: Box) -> str:
    """What a label beside a chart is by its place: the number or the name of an axis."""
    number = all(word.number for word in label.words)
    if label.box.cy < drawing.y0:
        return "x_axis_tick_label" if number else "x_axis_label"
    if label.box.cx < drawing.x0:
        return "y_axis_tick_label" if number else "y_axis_label"
    return "text"


def _numbers(glyphs: Sequence[Glyph]) -> Iterator[list[Box]]:
    """The places of the numbers on each line."""
    for line in lines_of(glyphs) if glyphs else ():
        found = [piece.box for piece in phrases_of(line) if _NUMBER.fullmatch(reading(piece.glyphs))]
        if found:
            yield found


def _upright(rows: Sequence[Sequence[Box]]) -> bool:
    """Whether the outer numbers of several lines end, or begin, under each other."""
    ends = [row[0].x1 for row in rows], [row[-1].x0 for row in rows]
    return any(sum(abs(x - y) < SAME_EDGE for y in edge) >= FEWEST_TICKS for edge in ends for x in edge)
