"""The size and the baseline that the characters of a row have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.marks import EXTENSION
from mathpixweb.engine.model import Glyph, Rule, ink_of

FULL_SIZE = 0.88  # of the row's size, and more: not a script
SAME_SIZE = 0.04


def row_of(glyphs: Sequence[Glyph], rules: Sequence[Rule], body: float) -> Row:
    """The row that the glyphs, in drawing order, make in a document with text of size `body`."""
    size = _size(glyphs, body)
    return Row(glyphs[0].index, tuple(glyphs), tuple(rules), ink_of(glyphs), size, _baseline(glyphs, size))


def _size(glyphs: Sequence[Glyph], body: float) -> float:
    """The size of the largest characters, or of the text where mathematics is set somewhat larger than it."""
    largest = float("-inf")
    for glyph in glyphs:
        if glyph.size > largest and glyph.family != EXTENSION:
            largest = glyph.size
    if largest == float("-inf"):
        largest = max([glyph.size for glyph in glyphs])
    if largest > (1 + SAME_SIZE) * body:
        standing = [glyph for glyph in glyphs if glyph.family != EXTENSION] or glyphs
        text = sum(glyph.advance for glyph in standing if abs(glyph.size - body) < SAME_SIZE * body)
        if text > 0.5 * sum(glyph.advance for glyph in standing):
            return body
    return largest


def _baseline(glyphs: Sequence[Glyph], size: float) -> float:
    """The baseline that carries the widest glyphs of full size."""
    least = FULL_SIZE * size
    full = [glyph for glyph in glyphs if glyph.size > least and glyph.family != EXTENSION]
    if not full:
        return glyphs[0].y
    first = full[0].y
    for glyph in full:
        if glyph.y != first:
            break
    else:
        return first  # as in most rows
    carried: dict[int, float] = defaultdict(float)
    last, rounded = float("nan"), 0
    for glyph in full:
        if glyph.y != last:
            last, rounded = glyph.y, round(glyph.y)
        carried[rounded] += glyph.advance
    widest = max(carried, key=lambda y: carried[y])
    return next(glyph.y for glyph in full if round(glyph.y) == widest)
