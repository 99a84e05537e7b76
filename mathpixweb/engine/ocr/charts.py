"""Charts: what is drawn in the field between two scales, with the numbers and names of their axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import axis_names, fields, pies, plots
from mathpixweb.engine.ocr.drawings import Drawing, Lettering
from mathpixweb.engine.ocr.fields import Field
from mathpixweb.engine.ocr.figures import Figure
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.preparing import Prepared
from mathpixweb.engine.ocr.text import TextLine, TextWord

SMALLEST: Final = 5.0  # letters' heights on a field's shorter side
HIGHEST: Final = 2.0  # letters' heights of a word
LONGEST: Final = 40  # letters of a line in a field; longer ones are text of the page
MOST_WORDS: Final = 0.2  # of the field under words; more is a table
PART: Final = 0.5  # of a figure, at least, is under its chart


def find(picture: Prepared, lines: Sequence[TextLine]) -> list[Drawing]:
    """The charts, none over another; `lines` are the text of the picture."""
    found: list[Drawing] = []
    for chart in _candidates(picture, lines):
        if not any(_shared(chart.box, other.box) > 0 for other in found):
            found.append(chart)
    return found


def with_figures(charts: Sequence[Drawing], figures: Sequence[Figure]) -> tuple[list[Drawing], list[Figure]]:
    """The charts, as large as the figures that they are, and the other figures."""
    grown: list[Drawing] = []
    rest = list(figures)
    for chart in charts:
        own = [one for one in rest if _shared(one.box, chart.box) > PART * one.box.width * one.box.height]
        rest = [one for one in rest if one not in own]
        grown.append(replace(chart, box=union([chart.box, *(one.box for one in own)])))
    return grown, rest


def _candidates(picture: Prepared, lines: Sequence[TextLine]) -> Iterator[Drawing]:
    for field in fields.find([word for line in lines for word in line.words]):
        if min(field.box.width, field.box.height) > SMALLEST * field.letter:
            kind = _kind(picture, field, lines)
            if kind is not None:
                yield _lettered(picture, field, kind, lines)
    yield from pies.find(picture, lines)


def _kind(picture: Prepared, field: Field, lines: Sequence[TextLine]) -> str | None:
    box = field.box
    if any(line.length > LONGEST and box.contains_point(line.box.cx, line.box.cy) for line in lines):
        return None
    inside = [
        word.box
        for line in lines
        for word in line.words
        if box.contains_point(word.box.cx, word.box.cy) and _is_written(word, field.letter)
    ]
    if sum(word.width * word.height for word in inside) > MOST_WORDS * box.width * box.height:
        return None
    part, zoom = picture.sketch.cut(box, picture.frame)
    words = [word.moved(-box.x0, -box.y0).scaled(zoom) for word in inside]
    kind = plots.kind_of(part, words)
    if kind not in field.kinds:
        return None
    return "analytical" if field.crossed and kind == "line" else kind


def _is_written(word: TextWord, letter: float) -> bool:
    """Dots and surfaces may have been read as letters."""
    return len(word.text) > 1 and word.box.height < HIGHEST * letter


def _lettered(picture: Prepared, field: Field, kind: str, lines: Sequence[TextLine]) -> Drawing:
    line_of = {id(word): line for line in lines for word in line.words}
    sides = (("x_axis_tick_label", field.level), ("y_axis_tick_label", field.upright))
    ticks = [
        Lettering(replace(line_of[id(word)], words=(word,), box=word.box), name)
        for name, words in sides
        for word in words
    ]
    inner = union([field.box, *(tick.line.box for tick in ticks)])
    names = axis_names.find(picture.gray, inner, field.letter, lines)
    height, width = picture.gray.shape
    box = union([inner, *(name.line.box for name in names)]).clipped(width, height)
    return Drawing(
        box, kind, lettering=(*ticks, *names, *_others(picture.gray, box, (*ticks, *names), lines))
    )


def _others(
    gray: Gray, box: Box, known: Sequence[Lettering], lines: Sequence[TextLine]
) -> Iterator[Lettering]:
    """What else is written in the chart: names beside keys, and other text."""
    for line in lines:
        words = tuple(
            word
            for word in line.words
            if len(word.text) > 1 and not any(_shared(word.box, each.line.box) > 0 for each in known)
        )
        if words and box.contains_point(line.box.cx, line.box.cy):
            own = replace(line, words=words, box=union(word.box for word in words))
            yield Lettering(own, axis_names.inner(gray, own.box))


def _shared(one: Box, other: Box) -> float:
    return max(0.0, one.x_overlap(other)) * max(0.0, one.y_overlap(other))
