"""The fields of charts: what lies between two scales, or between a scale and a row of categories."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import scales
from mathpixweb.engine.ocr.scales import Scale
from mathpixweb.engine.ocr.text import TextWord

APART: Final = 4.0  # letters' heights from the end of a scale to the other one …
MISSED: Final = 10.0  # … or so many halves of a step, if its first numbers were not read
ASIDE: Final = 0.7  # of a letter's height by which the categories of a row may stray
FEWEST: Final = 2  # categories
UNEVEN: Final = 1.4  # times as far as the one before a category may be from the next
INSET: Final = 0.3  # letters' heights of white between a field and its numbers
ALL: Final = frozenset(("column", "bar", "area", "line", "scatter"))


@dataclass(frozen=True, slots=True)
class Field:
    """`level` is what stands under it, `upright` what stands beside it; `kinds` are those it may show."""

    box: Box
    level: tuple[TextWord, ...]
    upright: tuple[TextWord, ...]
    letter: float
    kinds: Collection[str] = ALL
    crossed: bool = False  # by its axes, which do not frame it


def find(words: Sequence[TextWord]) -> Iterator[Field]:
    """The surest first: those of two scales."""
    upright, level = scales.find(words, upright=True), scales.find(words, upright=False)
    for rising in upright:
        for running in level:
            if (field := _between(rising, running)) is not None:
                yield field
    for rising in upright:
        yield from _over_categories(rising, words)
    for running in level:
        yield from _beside_categories(running, words)


def _between(rising: Scale, running: Scale) -> Field | None:
    up, along, letter = rising.box, running.box, min(rising.letter, running.letter)
    half = _half_step(up.height, rising), _half_step(along.width, running)
    beside = up.x1 < running.ticks[0].box.cx
    under = along.y0 > rising.ticks[0].box.cy
    if up.x0 > along.x1 or along.cy < up.y0:
        return None
    if beside and along.x0 - up.x1 > max(APART * letter, MISSED * half[1]):
        return None
    if under and along.y0 - up.y1 > max(APART * letter, MISSED * half[0]):
        return None
    left = up.x1 if beside else along.x0
    bottom = along.y0 if under else up.y1 + half[0]
    box = Box(left + INSET * letter, up.y0 - half[0], along.x1 + half[1], bottom - INSET * letter)
    inner = along.x0 < up.cx < along.x1 and not beside
    return Field(box, running.ticks, rising.ticks, letter, crossed=inner)


def _half_step(length: float, scale: Scale) -> float:
    return length / (len(scale.ticks) - 1) / 2


def _over_categories(rising: Scale, words: Sequence[TextWord]) -> Iterator[Field]:
    """With the nearest row of words under the scale, right of it."""
    up, letter = rising.box, rising.letter
    foot, half = rising.ticks[0].box.cy, _half_step(up.height, rising)
    lowest = up.y1 + max(APART * letter, MISSED * half)
    under = [word for word in words if word.box.x0 > up.x1 and foot < word.box.cy < lowest]
    row = _first_row(under)
    if len(row) < FEWEST:
        return
    named = union(word.box for word in row)
    step = (row[-1].box.cx - row[0].box.cx) / (len(row) - 1) / 2
    box = Box(up.x1 + INSET * letter, up.y0 - half, row[-1].box.cx + step, named.y0 - INSET * letter)
    yield Field(box, tuple(row), rising.ticks, letter, ("column", "area", "line"))


def _first_row(words: Sequence[TextWord]) -> list[TextWord]:
    if not words:
        return []
    first = min(words, key=lambda word: word.box.cy)
    row = [word for word in words if abs(word.box.cy - first.box.cy) < ASIDE * first.box.height]
    return sorted(row, key=lambda word: word.box.x0)


def _beside_categories(running: Scale, words: Sequence[TextWord]) -> Iterator[Field]:
    """With the words over the scale, left of it, that end under each other."""
    along, letter = running.box, running.letter
    start = running.ticks[0].box.cx
    beside = [word for word in words if word.box.x1 < start + letter and word.box.cy < along.y0]
    if not beside:
        return
    edge = max(word.box.x1 for word in beside)
    column = _evenly_up([word for word in beside if edge - word.box.x1 < ASIDE * letter])
    half = _half_step(along.width, running)
    if len(column) < FEWEST or start - edge > max(APART * letter, MISSED * half):
        return
    step = (column[-1].box.cy - column[0].box.cy) / (len(column) - 1) / 2
    right = along.x1 + half
    box = Box(edge + INSET * letter, column[0].box.cy - step, right, along.y0 - INSET * letter)
    yield Field(box, running.ticks, tuple(column), letter, ("bar",))


def _evenly_up(words: Sequence[TextWord]) -> list[TextWord]:
    """The lowest words, as far as none is much further from the next one; from the top down."""
    rising = sorted(words, key=lambda word: -word.box.cy)
    column = rising[:2]
    for word in rising[2:]:
        if column[-1].box.cy - word.box.cy > UNEVEN * (column[-2].box.cy - column[-1].box.cy):
            break
        column.append(word)
    return column[::-1]
