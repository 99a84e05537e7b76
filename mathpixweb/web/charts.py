"""Charts as geometry: templates draw them as SVG, CSS colours them, and each has its numbers as a table.

Across, everything is in percent of the width, so that one drawing fits every screen without a script; up, in
pixels of a plot that is HEIGHT high.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

HEIGHT = 200
TICKS = 4
GAP = 0.22  # of a column's place stays empty
MOST_LABELS = 10
SHADES = 5

Show = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    text: str
    minor: bool  # left out on a phone


@dataclass(frozen=True, slots=True)
class Segment:
    series: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One bar with its stacked segments; `place` and `room` is where the pointer finds it."""

    x: float
    width: float
    place: float
    room: float
    title: str
    href: str
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a line between two neighbours."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    look: str  # a class of charts.css
    stretches: Sequence[Stretch]
    dots: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    title: str
    summary: str
    columns: Sequence[Column] = ()
    lines: Sequence[Line] = ()
    ticks: Sequence[Tick] = ()
    labels: Sequence[Label] = ()
    series: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    height: int = HEIGHT
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """What stands over one place of the axis: `values` by series, from below."""

    label: str
    title: str
    values: Sequence[float]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over the same places; None where there is nothing to show."""

    name: str
    look: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart is called, for people who see it and who do not."""

    name: str
    title: str
    summary: str
    series: Sequence[str] = field(default_factory=tuple)
    axis: str = ""


def columns(
    words: Words,
    points: Sequence[Point],
    show: Show,
    curves: Sequence[Curve] = (),
    steps: Sequence[float] = (),
) -> Chart:
    """Stacked columns, and curves over them; `steps` are what is round in the unit, if not 1, 2, 5, 10 …"""
    highest = max([sum(point.values) for point in points] + _values(curves), default=0.0)
    top, ticks = scale(highest, show, steps)
    drawn = [_column(point, place, len(points), top) for place, point in enumerate(points)]
    return Chart(
        words.name,
        words.title,
        words.summary,
        drawn if highest else (),
        [_line(curve, top) for curve in curves],
        ticks,
        labels([point.label for point in points]),
        words.series,
        [words.axis, *words.series, *(curve.name for curve in curves)],
        _rows(points, curves, show),
        empty=not highest,
    )


def _column(point: Point, place: int, among: int, top: float) -> Column:
    room = 100 / among
    segments, below = [], 0.0
    for series, value in enumerate(point.values):
        if value:
            height = HEIGHT * value / top
            segments.append(Segment(series, _round(HEIGHT - below - height), _round(height)))
            below += height
    left = room * place
    return Column(
        _round(left + room * GAP / 2),
        _round(room * (1 - GAP)),
        _round(left),
        _round(room),
        point.title,
        point.href if segments else "",
        segments,
    )


def _line(curve: Curve, top: float) -> Line:
    room = 100 / max(len(curve.values), 1)
    places: list[tuple[float, float] | None] = [
        None if value is None else (_round(room * (at + 0.5)), _round(HEIGHT - HEIGHT * value / top))
        for at, value in enumerate(curve.values)
    ]
    pairs = pairwise(places)
    stretches = [Stretch(*one, *other) for one, other in pairs if one and other]
    near = [None, *places, None]
    alone = [
        here
        for before, here, after in zip(near, near[1:], near[2:], strict=False)
        if here and not before and not after
    ]
    return Line(curve.name, curve.look, stretches, alone)


def _rows(points: Sequence[Point], curves: Sequence[Curve], show: Show) -> list[list[str]]:
    rows = []
    for place, point in enumerate(points):
        beside = [curve.values[place] for curve in curves]
        said = ["–" if value is None else show(value) for value in beside]
        rows.append([point.label, *map(show, point.values), *said])
    return rows


def _values(curves: Sequence[Curve]) -> list[float]:
    return [value for curve in curves for value in curve.values if value is not None]


def scale(highest: float, show: Show, steps: Sequence[float] = ()) -> tuple[float, list[Tick]]:
    """A round number at or above `highest`, and the ticks up to it."""
    if highest <= 0:
        return 1.0, [Tick(HEIGHT, show(0))]
    rough = highest / TICKS
    step = next((step for step in steps if step >= rough), 0) or _round_step(rough)
    count = math.ceil(highest / step - 1e-9)
    ticks = [Tick(_round(HEIGHT - HEIGHT * place / count), show(step * place)) for place in range(count + 1)]
    return step * count, ticks


def _round_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at or above it."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def labels(texts: Sequence[str]) -> list[Label]:
    """Some of the names under the axis, so that they do not run into each other."""
    every = math.ceil(len(texts) / MOST_LABELS) or 1
    room = 100 / max(len(texts), 1)
    shown = range(0, len(texts), every)
    return [Label(_round(room * (at + 0.5)), texts[at], number % 3 > 0) for number, at in enumerate(shown)]


@dataclass(frozen=True, slots=True)
class Cell:
    x: float
    y: int
    width: float
    shade: int  # 0 for nothing, up to SHADES
    title: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    cells: Sequence[Cell]
    columns: Sequence[Label]
    rows: Sequence[tuple[int, str]]
    table: Sequence[tuple[str, Sequence[int]]]
    empty: bool


def heat_map(
    values: Mapping[tuple[int, int], int],
    rows: Sequence[str],
    among: int,
    title: Callable[[int, int, int], str],
) -> HeatMap:
    """A cell for each (row, column), the darker the more."""
    most, room, high = max(values.values(), default=0), 100 / among, 26
    cells = [
        Cell(
            _round(room * column),
            row * high,
            _round(room * 0.9),
            _shade(count, most),
            title(row, column, count),
        )
        for row in range(len(rows))
        for column in range(among)
        for count in [values.get((row, column), 0)]
    ]
    heads = [Label(_round(room * (at + 0.45)), f"{at:02}", at % 6 > 0) for at in range(0, among, 3)]
    table = [
        (name, [values.get((row, column), 0) for column in range(among)]) for row, name in enumerate(rows)
    ]
    return HeatMap(cells, heads, [(row * high + 16, name) for row, name in enumerate(rows)], table, not most)


def _shade(count: int, most: int) -> int:
    """By the root, so that quiet hours differ from silent ones beside a very busy one."""
    return math.ceil(SHADES * math.sqrt(count / most)) if count else 0


def _round(value: float) -> float:
    return round(value, 3)
