"""Where a formula stands of which a file tells only the glyphs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Enclosed, Glyph, Source, ink_of

LINE: Final = 0.8  # em from a line down to the next, at least
NEXT_TO: Final = 2.0  # points by which the ink of neighbours may miss each other


def around(source: Source, inside: Sequence[Glyph], glyphs: Sequence[Glyph]) -> Iterator[Enclosed]:
    """The formula that `inside` is; nothing if others of the page's `glyphs` are drawn in between."""
    ordered = sorted(inside, key=lambda glyph: glyph.index)
    first, last = ordered[0].index, ordered[-1].index
    start = bisect_left(glyphs, first, key=lambda glyph: glyph.index)
    end = bisect_right(glyphs, last, key=lambda glyph: glyph.index)
    if end - start != len(ordered):
        return
    above, below = _lines(ordered)
    y, size = _baseline(above, glyphs[start - 1 : start])
    end_y, _ = _baseline(below, glyphs[end : end + 1]) if below else (y, size)
    pen, end_pen = ink_of(above), ink_of(below or above)
    yield Enclosed(source, first, last, size, pen.x0, y, end_pen.x1, end_y)


def apart(found: Iterable[Enclosed]) -> tuple[Enclosed, ...]:
    """Those that are no part of others; of two for the same marks the first."""
    kept: list[Enclosed] = []
    for each in sorted(found, key=lambda each: (each.first, -each.last)):
        if not kept or each.first > kept[-1].last:
            kept.append(each)
    return tuple(kept)


def _lines(ordered: Sequence[Glyph]) -> tuple[Sequence[Glyph], Sequence[Glyph]]:
    """What stands on the first line, and what on the next: it begins left of all that is on the first."""
    left, low = ordered[0].ink.x0, ordered[0].y
    for position, glyph in enumerate(ordered):
        if glyph.ink.x1 < left and glyph.y < low - LINE * glyph.size:
            return ordered[:position], ordered[position:]
        left, low = min(left, glyph.ink.x0), min(low, glyph.y)
    return ordered, ()


def _baseline(glyphs: Sequence[Glyph], neighbours: Sequence[Glyph]) -> tuple[float, float]:
    """The baseline, that of a neighbour on the same line if there is one, and the size of letters on it."""
    box = ink_of(glyphs)
    for near in neighbours:
        if _is_beside(near.ink, box):
            return near.y, near.size
    size = max(glyph.size for glyph in glyphs)
    [(y, _)] = Counter(glyph.y for glyph in glyphs if glyph.size == size).most_common(1)
    return y, size


def _is_beside(one: Box, other: Box) -> bool:
    return one.y_overlap(other) > -NEXT_TO and one.x_overlap(other) < NEXT_TO
