"""Pictures and targets for the network, made by a process of its own beside the training."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.math.symbols import Symbol
from training.printed.augment import PLAIN, Sample, degraded
from training.printed.drawing import Drawing, beside, draw
from training.printed.layouts import Layout, Shard, load
from training.printed.network import CELL, PARTS
from training.printed.outlines import DENSITY

FEWEST = 6  # of a class in the material, for the network to learn it
UNKNOWN = -1  # class of symbols too rare to learn: they are seen, not named
SCALES = (1.5, 2.1, 3.1)  # pixels in a point, least, usual, most; ten points are 15 to 31 pixels
PADDING = 16  # what the sides of a batch are a multiple of
HIGHEST, WIDEST, MOST_PIXELS = 288, 1100, 160 * 1000
PIXELS_IN_A_BATCH = 64 * 320 * 24
MOST_IN_A_BATCH = 64
SHORT, LONG = 0.15, 30  # of the shortest formulas so many are shown, and all with so many symbols
POOL = 4000  # samples from which batches of similar sizes are put together
SHARDS_AT_ONCE = 12
NEIGHBOURS = 0.16  # of the samples show parts of other lines
MARGINS = (0.6, 0.6, 1.5, 1.5, 4.0)  # points of white around the formula
PLACE = CELL // PARTS  # pixels from one place at which a centre may be to the next
NOBODY = -1
SPREAD = 0.14  # of a symbol's extent is the standard deviation of its heat …
LEAST_SPREAD = 0.6  # … and so many places at least
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Batch:
    """`centres`: sample, row, column of each symbol's place; `found` (pixels) and `classes` in that order.

    `owners` is the number of the symbol whose centre is at a place or beside it, or NOBODY.
    """

    ink: NDArray[np.float16]
    heat: NDArray[np.float16]
    owners: NDArray[np.int32]
    rules: NDArray[np.uint8]
    centres: NDArray[np.int64]
    found: Floats
    classes: NDArray[np.int64]


def count_symbols(paths: Sequence[Path]) -> Counter[Symbol]:
    """How often each symbol is in the layouts."""
    counts: Counter[Symbol] = Counter()
    for path in paths:
        for layout in load(path).layouts:
            counts.update(layout.symbols)
    return counts


def class_list(counts: Counter[Symbol]) -> list[Symbol]:
    """The classes in an order that depends on nothing but which there are."""
    enough = [symbol for symbol, count in counts.items() if count >= FEWEST]
    return sorted(enough, key=lambda symbol: (symbol.kind, symbol.latex, symbol.face))


def classes_of(layout: Layout, numbers: dict[Symbol, int]) -> NDArray[np.int64]:
    return np.array([numbers.get(symbol, UNKNOWN) for symbol in layout.symbols], np.int64)


class Sampler:
    """Random degraded pictures of random layouts."""

    def __init__(self, paths: Sequence[Path], classes: Sequence[Symbol], seed: int) -> None:
        self._paths = list(paths)
        self._numbers = {symbol: number for number, symbol in enumerate(classes)}
        self._rng = random.Random(seed)
        self._noise = np.random.default_rng(seed)
        self._shards: list[Shard] = []
        self._left = 0

    def sample(self) -> Sample:
        while True:
            drawing = self._drawing(self._margin())
            if drawing is None:
                continue
            if self._rng.random() < NEIGHBOURS:
                drawing = self._with_neighbour(drawing)
            sample = degraded(drawing, self._scale(drawing), self._rng, self._noise, PLAIN)
            height, width = sample.ink.shape
            if height <= HIGHEST and width <= WIDEST and height * width <= MOST_PIXELS:
                return sample

    def _margin(self) -> int:
        return round(self._rng.choice(MARGINS) * self._rng.uniform(0.6, 1.4) * DENSITY)

    def _scale(self, drawing: Drawing) -> float:
        low, usual, high = SCALES
        fitting = min(HIGHEST / drawing.ink.shape[0], WIDEST / drawing.ink.shape[1]) * DENSITY
        high = max(low, min(high, fitting))
        return self._rng.triangular(low, high, min(usual, high))

    def _drawing(self, margin: int) -> Drawing | None:
        layout, shard = self._layout()
        return draw(layout, shard.fonts, classes_of(layout, self._numbers), margin)

    def _layout(self) -> tuple[Layout, Shard]:
        if self._left <= 0:
            chosen = self._rng.sample(self._paths, min(SHARDS_AT_ONCE, len(self._paths)))
            self._shards = [shard for path in chosen if (shard := load(path)).layouts]
            self._left = POOL
        self._left -= 1
        shard = self._rng.choices(self._shards, [len(shard.layouts) for shard in self._shards])[0]
        while True:
            layout = self._rng.choice(shard.layouts)
            if self._rng.random() < SHORT + len(layout.symbols) / LONG:
                return layout, shard

    def _with_neighbour(self, drawing: Drawing) -> Drawing:
        other = self._drawing(0)
        if other is None:
            return drawing
        height, width = drawing.ink.shape
        gap = round(self._rng.uniform(2, 9) * DENSITY)
        if self._rng.random() < 0.7:  # the line above or below
            dx = self._rng.randint(-other.ink.shape[1] // 2, max(0, width - other.ink.shape[1] // 2))
            room = round(min(other.ink.shape[0], 14 * DENSITY) * self._rng.uniform(0.3, 1.1)) + gap
            below = self._rng.random() < 0.5
            grown = _framed(drawing, 0 if below else room, room if below else 0, 0)
            return beside(grown, other, dx, height + gap if below else room - gap - other.ink.shape[0])
        room = round(min(other.ink.shape[1], 60 * DENSITY) * self._rng.uniform(0.3, 1.0)) + gap
        grown = _framed(drawing, 0, 0, room)
        return beside(grown, other, width + gap, round((height - other.ink.shape[0]) * self._rng.random()))


def _framed(drawing: Drawing, above: int, below: int, right: int) -> Drawing:
    ink = np.pad(drawing.ink, ((above, below), (0, right)))
    found = drawing.found + np.array([0, above, 0, above, above, 0], np.float32)
    bars = drawing.bars + np.array([0, above, 0, above], np.float32)
    return Drawing(ink, found, bars, drawing.classes)


def batches(samples: list[Sample]) -> Iterator[Batch]:
    """Samples of similar sizes together, so that little is spent on empty margins."""
    samples.sort(key=lambda sample: (-(-sample.ink.shape[0] // PADDING), sample.ink.shape[1]))
    current: list[Sample] = []
    for sample in samples:
        height = max(sample.ink.shape[0] for sample in [*current, sample])
        width = max(sample.ink.shape[1] for sample in [*current, sample])
        full = height * width * (len(current) + 1) > PIXELS_IN_A_BATCH or len(current) >= MOST_IN_A_BATCH
        if current and full:
            yield collate(current)
            current = []
        current.append(sample)
    if current:
        yield collate(current)


def collate(samples: Sequence[Sample]) -> Batch:
    """The targets: heat has its summit at a symbol's centre, and the places around that are its own."""
    height = max(-(-sample.ink.shape[0] // PADDING) * PADDING for sample in samples)
    width = max(-(-sample.ink.shape[1] // PADDING) * PADDING for sample in samples)
    rows, columns = height // PLACE, width // PLACE
    ink = np.zeros((len(samples), 1, height, width), np.float16)
    heat = np.zeros((len(samples), rows, columns), np.float16)
    owners = np.full((len(samples), rows, columns), NOBODY, np.int32)
    rules = np.zeros((len(samples), 2, height // CELL, width // CELL), np.uint8)
    centres: list[tuple[int, int, int]] = []
    found: list[Floats] = []
    classes: list[int] = []
    for number, sample in enumerate(samples):
        ink[number, 0, : sample.ink.shape[0], : sample.ink.shape[1]] = sample.ink
        for bar in sample.bars:
            _mark_rule(rules[number], bar)
        taken: set[tuple[int, int]] = set()
        for symbol, kind in zip(sample.found, sample.classes, strict=True):
            place = _free_place(symbol, taken, rows, columns)
            if place is not None:
                taken.add(place)
                _warm(heat[number], place, symbol)
                centres.append((number, *place))
                found.append(symbol)
                classes.append(int(kind))
    for nearness in (1, 0):
        for symbol_number, (number, row, column) in enumerate(centres):
            around = np.s_[
                max(0, row - nearness) : row + nearness + 1, max(0, column - nearness) : column + nearness + 1
            ]
            owners[number][around] = symbol_number
    return Batch(
        ink,
        heat,
        owners,
        rules,
        np.array(centres, np.int64).reshape(-1, 3),
        np.array(found, np.float32).reshape(-1, 6),
        np.array(classes, np.int64),
    )


def _free_place(
    found: Floats, taken: set[tuple[int, int]], rows: int, columns: int
) -> tuple[int, int] | None:
    """The place of the centre, or one beside it if another symbol's centre is there."""
    x0, y0, x1, y1 = found[:4] / PLACE
    row = int(min(max((y0 + y1) / 2, 0), rows - 1))
    column = int(min(max((x0 + x1) / 2, 0), columns - 1))
    for down, right in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)):
        place = (row + down, column + right)
        if place not in taken and 0 <= place[0] < rows and 0 <= place[1] < columns:
            return place
    return None


def _warm(heat: NDArray[np.float16], place: tuple[int, int], found: Floats) -> None:
    row, column = place
    deviation_x = max(LEAST_SPREAD, float(found[2] - found[0]) / PLACE * SPREAD)
    deviation_y = max(LEAST_SPREAD, float(found[3] - found[1]) / PLACE * SPREAD)
    reach_x, reach_y = int(3 * deviation_x), int(3 * deviation_y)
    columns = np.arange(max(0, column - reach_x), min(heat.shape[1], column + reach_x + 1))
    rows = np.arange(max(0, row - reach_y), min(heat.shape[0], row + reach_y + 1))
    away_x = (columns[None] - column) ** 2 / (2 * deviation_x**2)
    away_y = (rows[:, None] - row) ** 2 / (2 * deviation_y**2)
    part = heat[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    np.maximum(part, np.exp(-(away_x + away_y)).astype(np.float16), out=part)
    heat[row, column] = 1


def _mark_rule(rules: NDArray[np.uint8], bar: Floats) -> None:
    """Cells through which the middle of the rule goes."""
    x0, y0, x1, y1 = (float(value) for value in bar)
    vertical = abs(y1 - y0) > abs(x1 - x0)
    if vertical:
        start, end = (x0 + x1) / 2, (x0 + x1) / 2
        points = np.linspace([start, y0], [end, y1], max(2, int(abs(y1 - y0))))
    else:
        # a tilted rule's corners tell its slope: both have the same offset from its middle line
        thickness = min(abs(y1 - y0), 2.0)
        lower, upper = (y0 + thickness / 2, y1 - thickness / 2) if y1 > y0 else ((y0 + y1) / 2, (y0 + y1) / 2)
        points = np.linspace([x0, lower], [x1, upper], max(2, int(abs(x1 - x0))))
    cells = (points / CELL).astype(int)
    inside = (cells >= 0).all(1) & (cells[:, 0] < rules.shape[2]) & (cells[:, 1] < rules.shape[1])
    rules[int(vertical), cells[inside, 1], cells[inside, 0]] = 1


def serve(queue: multiprocessing.Queue, paths: Sequence[Path], classes: Sequence[Symbol], seed: int) -> None:
    """Batches without end."""
    os.nice(1)
    sampler = Sampler(paths, classes, seed)
    rng = random.Random(seed)
    while True:
        made = list(batches([sampler.sample() for _ in range(POOL)]))
        rng.shuffle(made)
        for batch in made:
            queue.put(batch)
