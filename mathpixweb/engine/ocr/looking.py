"""One look of the network at a picture at one size."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from mathpixweb.engine import heap, networks
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr import rulings
from mathpixweb.engine.ocr.sightings import FoundRule, FoundSymbol, Guess, Sighting

MODEL: Final = Path(__file__).parent / "models" / "symbols.onnx"
CELL: Final = 4  # pixels of the scaled picture in a cell of the network's maps of rules …
PLACE: Final = 2  # … and from one place at which it may see a symbol's centre to the next
REAL: Final = 0.4  # probability that there is a symbol, from which one counts as seen
PADDING: Final = 32  # what the network halves five times must be a multiple of this
REACH: Final = 16.0  # pixels; the network's unit of distance
UNIT_SIZE: Final = 28.0  # pixels; the network tells font sizes as ratios to this
MOST_PIXELS: Final = 6_000_000  # of the scaled picture; a page of 300 dpi has about 2,700,000
WHOLE_PIXELS: Final = 512 * 512  # of the scaled picture that goes through the network as it is …
TILE_PIXELS: Final = 448 * 448  # … and of a tile in which a larger one does …
OVERLAP: Final = 64  # … with so many rows and columns around it that belong to its neighbours
SAME_PLACE: Final = 0.5  # intersection over union of the boxes of one symbol found twice
INSIDE: Final = 0.7  # of the smaller box; nothing stands inside of a solid symbol
RADICAL_REACH: Final = 8.0  # pixels; nearer to a radical sign's corner begins its bar
ASTRAY: Final = 2.0  # pixels by which a box may miss its ink
FEW_PIXELS: Final = 30  # are a small symbol
FAINTEST: Final = 0.25  # of the darkest ink; a symbol has a pixel at least as dark
_HOLLOW: Final = (Kind.RAD, Kind.OP, Kind.INT, Kind.OPEN, Kind.CLOSE)

Gray = NDArray[np.uint8]
Floats = NDArray[np.float32]


def ink_of(gray: Gray) -> Floats:
    """Darkness from 0.0 (ground) to 1.0 (ink)."""
    ground = float(np.median(gray))
    darkest = float(np.percentile(gray, 0.5))
    contrast = max(ground - darkest, (ground - _darkest_few(gray)) / 2, 24.0)
    darkness: Floats = np.clip((ground - np.arange(256, dtype=np.float32)) / np.float32(contrast), 0.0, 1.0)
    return darkness[gray]


def _darkest_few(gray: Gray) -> float:
    """Of a nearly empty picture this is ink where the darkest share of it is noise already."""
    few = min(FEW_PIXELS, gray.size) - 1
    return float(np.partition(gray, few, axis=None)[few])


def look(ink: Floats, zoom: float) -> Sighting:
    """All that is seen in ink scaled by `zoom`, in pixels of the unscaled picture."""
    height, width = ink.shape
    zoom = min(zoom, (MOST_PIXELS / (height * width)) ** 0.5)
    scaled = _scaled(ink, zoom)
    padded = _padded(scaled)
    found, masks = _seen_in_tiles(padded, zoom)
    symbols = _without_doubles([symbol for symbol in found if _has_ink(symbol.box, ink)])
    radicals = [symbol for symbol in symbols if symbol.best.kind is Kind.RAD]
    rules = [
        FoundRule(_zoomed(ruling.box, zoom), ruling.certainty, ruling.vertical)
        for ruling in _rulings(masks, scaled, radicals, zoom)
    ]
    return Sighting(tuple(symbols), tuple(rules), text_size(symbols))


def _seen_in_tiles(padded: Floats, zoom: float) -> tuple[list[FoundSymbol], Floats]:
    """Symbols and maps of rules. In tiles, since what is seen in one look is compared, each with each: in
    the grain of a photograph there may be thousands, which would take a gigabyte.
    """
    height, width = padded.shape
    symbols: list[FoundSymbol] = []
    masks = np.zeros((2, height // CELL, width // CELL), np.float32)
    network = _network()
    tall, wide = _tile(height, width)
    for top, left in itertools.product(range(0, height, tall), range(0, width, wide)):
        heap.ease()
        rows, columns = _Span.of(top, tall, height), _Span.of(left, wide, width)
        tile = np.ascontiguousarray(padded[rows.around, columns.around])
        *found, maps = networks.run_once(network.session, {"ink": tile[None, None]})
        masks[:, rows.in_cells, columns.in_cells] = maps[0][:, rows.core_in_cells, columns.core_in_cells]
        for _, there, at, geometry, probabilities, classes in zip(*found, strict=True):
            place = at + np.array([rows.around.start, columns.around.start]) // PLACE
            if there > REAL and rows.holds(place[0]) and columns.holds(place[1]):
                told = _symbol(network.symbols, there, place, geometry, probabilities, classes, zoom)
                symbols.append(told)
    return symbols, masks


@dataclass(frozen=True, slots=True)
class _Span:
    """Rows or columns of a tile, in pixels: its own, and those `around` them that are seen with it."""

    start: int
    end: int
    around: slice

    @classmethod
    def of(cls, start: int, core: int, length: int) -> _Span:
        end = min(length, start + core)
        return cls(start, end, slice(max(0, start - OVERLAP), min(length, end + OVERLAP)))

    @property
    def in_cells(self) -> slice:
        return slice(self.start // CELL, self.end // CELL)

    @property
    def core_in_cells(self) -> slice:
        first = self.around.start // CELL
        return slice(self.start // CELL - first, self.end // CELL - first)

    def holds(self, place: int) -> bool:
        return self.start <= place * PLACE < self.end


def _tile(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of the tiles that take the least to look at, without what they overlap."""

    if height * width <= WHOLE_PIXELS:
        return height, width

    def taken(core: int, length: int) -> int:
        return min(length, core + 2 * OVERLAP)

    def cost(tile: tuple[int, int]) -> int:
        count = math.ceil(height / tile[0]) * math.ceil(width / tile[1])
        return count * taken(tile[0], height) * taken(tile[1], width)

    sizes = itertools.product(*(range(PADDING, side + PADDING, PADDING) for side in (height, width)))
    fitting = ((h, w) for h, w in sizes if taken(h, height) * taken(w, width) <= TILE_PIXELS)
    return min(fitting, key=lambda tile: (cost(tile), -tile[0] * tile[1]))


def _rulings(
    masks: Floats, scaled: Floats, radicals: Sequence[FoundSymbol], zoom: float
) -> list[rulings.Ruling]:
    """Rules the network saw, and the bars of radical signs for which it saw none."""
    found = rulings.trace(masks, scaled, CELL)
    for radical in radicals:
        sign = _zoomed(radical.box, 1 / zoom)
        reach = RADICAL_REACH
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
    return np.pad(np.clip(ink, 0.0, 1.0), ((0, down), (0, right))).astype(np.float32)


def _symbol(
    names: Sequence[Symbol],
    there: float,
    place: NDArray[np.int64],
    geometry: Floats,
    probabilities: Floats,
    classes: NDArray[np.int64],
    zoom: float,
) -> FoundSymbol:
    x, y = (float(place[1]) + 0.5) * PLACE, (float(place[0]) + 0.5) * PLACE
    left, up, right, down, drop, log_size = (float(value) for value in geometry)
    box = Box(x - left * REACH, y - up * REACH, x + right * REACH, y + down * REACH)
    guesses = tuple(Guess(names[k], float(p)) for k, p in zip(classes, probabilities, strict=True))
    size = UNIT_SIZE * float(np.exp(log_size))
    return FoundSymbol(guesses, float(there), _zoomed(box, zoom), (y + drop * REACH) / zoom, size / zoom)


def _has_ink(symbol: Box, ink: Floats) -> bool:
    """On an empty ground the network sees ghosts; the box of a minus may lie beside its only row of ink."""
    box = symbol.grown(ASTRAY)
    rows = slice(max(0, int(box.y0)), max(0, int(box.y1) + 1))
    columns = slice(max(0, int(box.x0)), max(0, int(box.x1) + 1))
    inside = ink[rows, columns]
    return inside.size > 0 and float(inside.max()) > FAINTEST


def _zoomed(box: Box, zoom: float) -> Box:
    return Box(box.x0 / zoom, box.y0 / zoom, box.x1 / zoom, box.y1 / zoom)


def _without_doubles(symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """The surest of those that stand in one place, from left to right."""
    ordered = sorted(symbols, key=lambda symbol: -symbol.certainty)
    x0, y0, x1, y1 = np.array([symbol.box.edges for symbol in ordered], np.float64).reshape(-1, 4).T
    kept = np.zeros(len(ordered), bool)
    for number, symbol in enumerate(ordered):
        box = symbol.box
        # of a page's thousands only those that touch it are looked at one by one
        touching = kept & (x0 < box.x1) & (x1 > box.x0) & (y0 < box.y1) & (y1 > box.y0)
        rivals = (ordered[other] for other in np.flatnonzero(touching))
        kept[number] = not any(same_place(symbol, rival) for rival in rivals)
    return sorted((ordered[number] for number in np.flatnonzero(kept)), key=lambda symbol: symbol.box.x0)


def same_place(one: FoundSymbol, other: FoundSymbol) -> bool:
    across, along = one.box.x_overlap(other.box), one.box.y_overlap(other.box)
    if across <= 0 or along <= 0:
        return False
    areas = one.box.width * one.box.height, other.box.width * other.box.height
    shared = across * along
    if shared / (sum(areas) - shared) > SAME_PLACE:
        return True
    larger = one if areas[0] > areas[1] else other
    return larger.best.kind not in _HOLLOW and shared / min(areas) > INSIDE


def text_size(symbols: Sequence[FoundSymbol]) -> float:
    """Nearly the largest size, because one symbol may be wrong about its own."""
    return float(np.percentile([symbol.size for symbol in symbols], 80)) if symbols else 0.0


@dataclass(frozen=True, slots=True)
class _Network:
    session: onnxruntime.InferenceSession
    symbols: tuple[Symbol, ...]


def load() -> None:
    """Now, and not with the first picture."""
    _network()


@lru_cache(maxsize=1)
def _network() -> _Network:
    """Loaded once per process."""
    session = networks.load(MODEL)
    rows = json.loads(session.get_modelmeta().custom_metadata_map["symbols"])
    return _Network(session, tuple(Symbol(latex, Kind(kind), face) for latex, kind, face in rows))
