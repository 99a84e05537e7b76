"""Printed mathematical symbols in a picture: a small network finds them all at once.

The network says for each symbol what it is (several guesses), where its ink is, on which baseline it stands
and of which font size it is; and where the horizontal and vertical rules run. What it says goes through
`arrangement.read` into the parser that also reads the glyphs of PDFs: a guess is the parser's own
`math.symbols.Symbol`, so there is no second set of names. Data, training and figures: docs/models.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr import rulings

MODEL: Final = Path(__file__).parent / "models" / "symbols.onnx"
CELL: Final = 4  # pixels of the scaled picture in a cell of the network's maps
PADDING: Final = 32  # what the network halves five times must be a multiple of this
REACH: Final = 16.0  # pixels; the network's unit of distance
NOMINAL_SIZE: Final = 28.0  # pixels; the font size at which the network sees best …
TOLERANCE: Final = 1.25  # … and the ratio to it up to which another look is not worth its time
MOST_LOOKS: Final = 4
SMALLER: Final = 2.5  # times; the guess that follows one at which nothing was to be seen
EM_OF_INK: Final = 1.5  # font size by the height of what the middle pixel of ink hangs together with
INKED: Final = 0.45  # darkness from which a pixel belongs to that
LEAST_INK: Final = (4, 8)  # pixels, height and area; what is smaller is a speck
SLENDER: Final = 7.0  # times as long as wide: a rule or a frame, which tells nothing
HOLLOW: Final = 0.06  # of its box; what has less ink is a frame or a grid
FALLBACK_SIZE: Final = 24.0  # pixels
RADICAL_REACH: Final = 0.3  # em; nearer to a radical sign's corner begins its bar
FAINTEST: Final = 0.25  # of the darkest ink; a symbol has a pixel at least as dark
MOST_PIXELS: Final = 6_000_000  # of the scaled picture; a page of 300 dpi has about 2,700,000
SAME_PLACE: Final = 0.5  # intersection over union of the boxes of one symbol found twice
INSIDE: Final = 0.7  # of the smaller box; nothing stands inside of a solid symbol

_HOLLOW: Final = (Kind.RAD, Kind.OP, Kind.INT, Kind.OPEN, Kind.CLOSE)

Gray = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a symbol may be. `symbol` is one that `math.symbols.symbol_of` could have given for a glyph.

    Its style is in it: `x` of kind LETTER is italic, `x` of kind ROMAN upright (face "rm", "bf", "sf", "tt"),
    then `\\mathbf{1}`, `\\mathbb{R}`, `\\mathcal{F}`, `\\mathfrak{g}`, `\\boldsymbol{x}`. Accents, radical
    signs and horizontal braces (`over`, `under`) are symbols as well, of kinds ACCENT, RAD and HBRACE; an
    accent over several symbols has the same guess and a wider box.
    """

    symbol: Symbol
    probability: float


@dataclass(frozen=True, slots=True)
class FoundSymbol:
    """A symbol in a picture, in pixels of that picture; y grows downwards and `box.y0` is the upper edge.

    `guesses` are best first, at least one, their probabilities sum to at most 1. `certainty` is that of
    there being a symbol at all. `baseline` is the y of the line the symbol stands on and `size` its font size
    (the em of the font, not the height of the ink), which is 0.7 of the text's for a script.
    """

    guesses: tuple[Guess, ...]
    certainty: float
    box: Box
    baseline: float
    size: float

    @property
    def best(self) -> Symbol:
        return self.guesses[0].symbol

    @property
    def probability(self) -> float:
        """That the best guess is right."""
        return self.certainty * self.guesses[0].probability


@dataclass(frozen=True, slots=True)
class FoundRule:
    """A fraction bar, a line over or under, the bar of a radical, a line of an array. As in `FoundSymbol`."""

    box: Box
    certainty: float
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """All that was seen; `size` is the font size of the largest text in pixels, 0.0 if nothing was found."""

    symbols: tuple[FoundSymbol, ...]
    rules: tuple[FoundRule, ...]
    size: float


def detect(gray: Gray, size: float | None = None) -> Sighting:
    """The symbols and rules in a gray picture (rows by columns, 0 black, 255 white, dark ink on light).

    `size` is the font size of the text in pixels, if known. Otherwise it is guessed from the ink, and where
    the guess turns out wrong the network looks again. The ground may be uneven and noisy and need not be
    white; a light-on-dark picture must have been inverted.
    """
    if gray.ndim != 2 or min(gray.shape) < 2:
        return Sighting((), (), 0.0)
    ink = ink_of(gray)
    known = size or _size_of_ink(ink)
    looks: list[Sighting] = []
    while len(looks) < MOST_LOOKS:
        looks.append(seen := _look(ink, NOMINAL_SIZE / known))
        if seen.size and 1 / TOLERANCE < seen.size / known < TOLERANCE:
            return seen
        known = seen.size or known / SMALLER
    return max(looks, key=_evidence)


def _evidence(seen: Sighting) -> float:
    """Few symbols seen surely are worth more than many guessed."""
    return sum(symbol.probability**2 for symbol in seen.symbols)


def _size_of_ink(ink: Floats) -> float:
    """A first guess at the font size in pixels."""
    table = cv2.connectedComponentsWithStats((ink > INKED).astype(np.uint8), connectivity=8)[2][1:]
    width, height, area = (table[:, k] for k in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    telling = (height >= LEAST_INK[0]) & (area >= LEAST_INK[1])
    telling &= (width < SLENDER * height) & (height < SLENDER * width) & (area > HOLLOW * width * height)
    if not telling.any():
        return FALLBACK_SIZE
    height, area = height[telling], area[telling]
    order = np.argsort(height)
    middle = np.searchsorted(np.cumsum(area[order]), area.sum() / 2)
    return EM_OF_INK * float(height[order][middle])


def ink_of(gray: Gray) -> Floats:
    """Darkness from 0.0 (ground) to 1.0 (ink)."""
    ground = float(np.median(gray))
    darkest = float(np.percentile(gray, 0.5))
    contrast = max(ground - darkest, 24.0)
    ink: Floats = np.clip((ground - gray.astype(np.float32)) / contrast, 0.0, 1.0)
    return ink


def _look(ink: Floats, zoom: float) -> Sighting:
    height, width = ink.shape
    zoom = min(zoom, (MOST_PIXELS / (height * width)) ** 0.5)
    scaled = _scaled(ink, zoom)
    padded = _padded(scaled)
    network = _network()
    scores, cells, geometry, probabilities, classes, masks = network.session.run(None, {"ink": padded})
    symbols = [
        _symbol(network.symbols, *row, zoom)
        for row in zip(scores, cells, geometry, probabilities, classes, strict=True)
    ]
    symbols = _without_doubles([symbol for symbol in symbols if _has_ink(symbol.box, ink)])
    radicals = [symbol for symbol in symbols if symbol.best.kind is Kind.RAD]
    rules = [
        FoundRule(_zoomed(ruling.box, zoom), ruling.certainty, ruling.vertical)
        for ruling in _rulings(masks[0], scaled, radicals, zoom)
    ]
    return Sighting(tuple(symbols), tuple(rules), _text_size(symbols))


def _rulings(
    masks: Floats, scaled: Floats, radicals: Sequence[FoundSymbol], zoom: float
) -> list[rulings.Ruling]:
    """Rules the network saw, and the bars of radical signs for which it saw none."""
    found = rulings.trace(masks, scaled, CELL)
    for radical in radicals:
        sign = _zoomed(radical.box, 1 / zoom)
        reach = RADICAL_REACH * NOMINAL_SIZE
        if not any(abs(r.box.x0 - sign.x1) < reach and abs(r.box.y0 - sign.y0) < reach for r in found):
            bar = rulings.follow(scaled, sign)
            found += [bar] if bar else []
    return found


def _scaled(ink: Floats, zoom: float) -> Floats:
    height, width = ink.shape
    target = max(8, round(width * zoom)), max(8, round(height * zoom))
    picture = Image.fromarray(ink)
    return np.asarray(
        picture.resize(target, Image.Resampling.BOX if zoom < 0.5 else Image.Resampling.BICUBIC)
    )


def _padded(ink: Floats) -> Floats:
    height, width = ink.shape
    down, right = -height % PADDING, -width % PADDING
    return np.pad(np.clip(ink, 0.0, 1.0), ((0, down), (0, right)))[None, None].astype(np.float32)


def _symbol(
    names: Sequence[Symbol],
    score: float,
    cell: NDArray[np.int64],
    geometry: Floats,
    probabilities: Floats,
    classes: NDArray[np.int64],
    zoom: float,
) -> FoundSymbol:
    x, y = (float(cell[1]) + 0.5) * CELL, (float(cell[0]) + 0.5) * CELL
    left, up, right, down, drop, log_size = (float(value) for value in geometry)
    box = Box(x - left * REACH, y - up * REACH, x + right * REACH, y + down * REACH)
    guesses = tuple(Guess(names[k], float(p)) for k, p in zip(classes, probabilities, strict=True))
    size = NOMINAL_SIZE * float(np.exp(log_size))
    return FoundSymbol(guesses, float(score), _zoomed(box, zoom), (y + drop * REACH) / zoom, size / zoom)


def _has_ink(box: Box, ink: Floats) -> bool:
    """On an empty ground the network sees ghosts."""
    rows = slice(max(0, int(box.y0)), max(0, int(box.y1) + 1))
    columns = slice(max(0, int(box.x0)), max(0, int(box.x1) + 1))
    inside = ink[rows, columns]
    return inside.size > 0 and float(inside.max()) > FAINTEST


def _zoomed(box: Box, zoom: float) -> Box:
    return Box(box.x0 / zoom, box.y0 / zoom, box.x1 / zoom, box.y1 / zoom)


def _without_doubles(symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """The surest of those that stand in one place, from left to right."""
    kept: list[FoundSymbol] = []
    for symbol in sorted(symbols, key=lambda symbol: -symbol.certainty):
        if not any(_same_place(symbol, other) for other in kept):
            kept.append(symbol)
    return sorted(kept, key=lambda symbol: symbol.box.x0)


def _same_place(one: FoundSymbol, other: FoundSymbol) -> bool:
    across, along = one.box.x_overlap(other.box), one.box.y_overlap(other.box)
    if across <= 0 or along <= 0:
        return False
    areas = one.box.width * one.box.height, other.box.width * other.box.height
    shared = across * along
    if shared / (sum(areas) - shared) > SAME_PLACE:
        return True
    larger = one if areas[0] > areas[1] else other
    return larger.best.kind not in _HOLLOW and shared / min(areas) > INSIDE


def _text_size(symbols: Sequence[FoundSymbol]) -> float:
    """Nearly the largest size, because one symbol may be wrong about its own."""
    return float(np.percentile([symbol.size for symbol in symbols], 80)) if symbols else 0.0


@dataclass(frozen=True, slots=True)
class _Network:
    session: onnxruntime.InferenceSession
    symbols: tuple[Symbol, ...]


@lru_cache(maxsize=1)
def _network() -> _Network:
    """Loaded once per process; one thread, because pages are already spread over processes."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])
    rows = json.loads(session.get_modelmeta().custom_metadata_map["symbols"])
    return _Network(session, tuple(Symbol(latex, Kind(kind), face) for latex, kind, face in rows))
