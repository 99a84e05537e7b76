"""Words and formulas sorted out where a question offers its answers: each of these is a line of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math import latex
from mathpixweb.engine.ocr import choices, mathematics
from mathpixweb.engine.ocr.choices import Label
from mathpixweb.engine.ocr.formulas import formula_of
from mathpixweb.engine.ocr.mathematics import Found
from mathpixweb.engine.ocr.rows import MixedLine
from mathpixweb.engine.ocr.sightings import Sighting
from mathpixweb.engine.ocr.text import TextLine, TextWord

AFTER: Final = 0.3  # em behind a label: a word that ends there is nothing else
_LABELLED: Final = re.compile(r"(?:\(?\w?[).]|[○OoO0◯])?(.*)")
PARTS: Final = 2  # times that an answer's height grows: to a fraction beside its label, and to its exponents


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an answer stands, its label included."""

    label: Label
    box: Box


def sort(lines: Sequence[TextLine], seen: Sighting, offered: Sequence[Label], style: latex.Style) -> Found:
    """As `mathematics.sort`, with a line for each of the answers `offered`."""
    if not offered:
        return mathematics.sort(lines, seen, style)
    places = _places(lines, seen, offered)

    def is_left(box: Box) -> bool:
        return not any(place.box.contains_point(box.cx, box.cy) for place in places)

    left = [part for line in lines if (part := _part(line, is_left)) is not None]
    rest = mathematics.sort(left, _within(seen, is_left), style)
    answers = [_answer(lines, seen, place, style) for place in places]
    return replace(rest, lines=tuple(_in_order(rest.lines, answers)))


def _places(lines: Sequence[TextLine], seen: Sighting, offered: Sequence[Label]) -> list[_Place]:
    """From each label to the next one beside it, as high as what stands there."""
    found: dict[Label, _Place] = {}
    for row in choices.rows(offered):
        for label, following in zip(row, [*row[1:], None], strict=True):
            end = following.box.x0 if following else float("inf")
            box = replace(label.box, x1=end)
            inside = [symbol.box for symbol in seen.symbols if box.x0 < symbol.box.cx < end]
            for _ in range(PARTS):
                level = [each for each in inside if each.y_overlap(box) > 0]
                box = union([box, *(replace(each, x0=box.x0, x1=box.x0) for each in level)])
            found[label] = _Place(label, box)
    return [found[label] for label in offered]


def _within(seen: Sighting, holds: Callable[[Box], bool]) -> Sighting:
    symbols = tuple(symbol for symbol in seen.symbols if holds(symbol.box))
    return replace(seen, symbols=symbols, rules=tuple(rule for rule in seen.rules if holds(rule.box)))


def _part(line: TextLine, holds: Callable[[Box], bool]) -> TextLine | None:
    """The line with some of its words."""
    words = tuple(word for word in line.words if holds(word.box))
    return replace(line, words=words, box=union(word.box for word in words)) if words else None


def _answer(lines: Sequence[TextLine], seen: Sighting, place: _Place, style: latex.Style) -> MixedLine:
    label = place.label

    def holds(box: Box) -> bool:
        return place.box.contains_point(box.cx, box.cy) and not label.box.contains_point(box.cx, box.cy)

    own = _within(seen, holds)
    cut = (_cut(line, label) for line in lines)
    parts = [part for line in cut if (part := _part(line, holds)) is not None]
    found = mathematics.sort(parts, own, style)
    pieces = [piece for line in found.lines for piece in line.pieces]
    pieces += [formula for display in found.displays for formula in display]
    if not pieces and (whole := formula_of(own.symbols, own.rules, seen.size, style)) is not None:
        pieces = [whole]
    named = TextWord(label.text, label.box, 1.0)
    pieces.sort(key=lambda piece: piece.box.x0)
    return MixedLine((named, *pieces), label.baseline, label.size)


def _cut(line: TextLine, label: Label) -> TextLine:
    """The line with the label cut off a word that was read with it."""
    return replace(line, words=tuple(_cut_off(word, label) for word in line.words))


def _cut_off(word: TextWord, label: Label) -> TextWord:
    told = _LABELLED.fullmatch(word.text)
    box = word.box
    if told is None or not box.x0 <= label.box.cx < box.x1 or box.y_overlap(label.box) <= 0:
        return word
    if box.x1 < label.box.x1 + AFTER * label.size:
        return replace(word, box=label.box)
    return replace(word, text=told[1], box=replace(box, x0=label.box.x1))


def _in_order(rest: Sequence[MixedLine], answers: Sequence[MixedLine]) -> list[MixedLine]:
    """The answers in their own order, other lines where they stand."""
    placed = [(line.baseline, line) for line in rest]
    lowest = 0.0
    for answer in answers:
        lowest = max(lowest, answer.baseline)
        placed.append((lowest, answer))
    return [line for _, line in sorted(placed, key=lambda each: each[0])]
