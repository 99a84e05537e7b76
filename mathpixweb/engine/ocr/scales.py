"""Scales of charts: numbers in a row or above each other that stand where their values put them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr.text import TextWord

FEWEST: Final = 3  # numbers of a scale
MOST: Final = 40  # numbers in one row; more are a table's
SHARE: Final = 0.6  # of a row's numbers that fit: of many in a table some always do
ASIDE: Final = 0.6  # of its height, at most, a number stands beside those above and under it …
ASTRAY: Final = 0.35  # … and beside the place that its value gives it …
CLOSEST: Final = 1.2  # … and so much, at least, is from one to the next
_UPRIGHT: Final = (attrgetter("x1"), attrgetter("cx"))  # where its numbers may end or stand
_LEVEL: Final = (attrgetter("cy"),)
_NUMBER: Final = re.compile(r"([-−–—~]?)(\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?)[%kKM]?")


@dataclass(frozen=True, slots=True)
class Scale:
    """`ticks` from the first to the last along the axis; an upright scale rises."""

    ticks: tuple[TextWord, ...]
    upright: bool

    @property
    def box(self) -> Box:
        return union(tick.box for tick in self.ticks)

    @property
    def letter(self) -> float:
        heights = sorted(tick.box.height for tick in self.ticks)
        return heights[len(heights) // 2]


@dataclass(frozen=True, slots=True)
class _Tick:
    """A number; `place` is its middle along the axis, in the direction in which scales grow."""

    word: TextWord
    value: float
    place: float


def find(words: Sequence[TextWord], *, upright: bool) -> list[Scale]:
    """The scales among the words, the longest first; none has a number of another."""
    numbers = [(word, value) for word in words if (value := _value(word.text)) is not None]
    found: list[Scale] = []
    taken: set[int] = set()
    candidates = (_fitting(row) for row in _rows(numbers, upright=upright))
    for ticks in sorted(candidates, key=len, reverse=True):
        if len(ticks) >= FEWEST and taken.isdisjoint(id(tick.word) for tick in ticks):
            taken |= {id(tick.word) for tick in ticks}
            found.append(Scale(tuple(tick.word for tick in ticks), upright))
    return found


def _value(text: str) -> float | None:
    match = _NUMBER.fullmatch(text.strip("|_,;:'").rstrip("-–—"))  # what follows it is a mark of the axis
    if match is None:
        return None
    digits = match[2].replace(",", "" if re.search(r",\d{3}\b", match[2]) else ".")
    return -float(digits) if match[1] else float(digits)


def _rows(numbers: Sequence[tuple[TextWord, float]], *, upright: bool) -> Iterator[list[_Tick]]:
    """Numbers that end, or have their middle, under each other; or that stand on one line."""
    for edge in _UPRIGHT if upright else _LEVEL:
        row: list[tuple[TextWord, float]] = []
        for number in sorted(numbers, key=lambda number: edge(number[0].box)):
            box = number[0].box
            if row and edge(box) - edge(row[-1][0].box) > ASIDE * box.height:
                yield from _ticks(row, upright=upright)
                row = []
            row.append(number)
        yield from _ticks(row, upright=upright)


def _ticks(row: Sequence[tuple[TextWord, float]], *, upright: bool) -> Iterator[list[_Tick]]:
    if FEWEST <= len(row) <= MOST:
        yield sorted(
            (_Tick(word, value, -word.box.cy if upright else word.box.cx) for word, value in row),
            key=lambda tick: tick.place,
        )


def _fitting(ticks: Sequence[_Tick]) -> list[_Tick]:
    """Most numbers that grow evenly with their place."""
    best: list[_Tick] = []
    for first, second in itertools.combinations(ticks, 2):
        far, more = second.place - first.place, second.value - first.value
        if more <= 0 or far < CLOSEST * first.word.box.height:
            continue
        step = far / more
        fitting = [
            tick
            for tick in ticks
            if abs(first.place + (tick.value - first.value) * step - tick.place)
            < ASTRAY * tick.word.box.height
        ]
        if len(fitting) > len(best):
            best = fitting
    return best if len(best) >= SHARE * len(ticks) else []
