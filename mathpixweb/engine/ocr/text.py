"""Lines of text in a picture, with the place, size and certainty of every word.

Coordinates are pixels of the prepared picture, y downwards, so `y0` of a box is its upper edge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import text_lines
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.text_lines import Character, Reading
from mathpixweb.engine.ocr.text_regions import Region

INK: Final = 150  # grey levels; darker is ink, and small letters may be paler
WHITE: Final = 255
SIZE: Final = 0.82  # of a region's height is the font size …
TAIL: Final = 0.15  # of the height of capitals a letter with a tail reaches under the line: without any …
WHOLE: Final = 1.8  # … a region is less high than it would be, which is so many times as high as capitals
FOOT: Final = 0.5  # of the darkness of its darker rows has the one on which a line stands: tails are sparse
NOISE: Final = 0.02  # of a strip's pixels in a row: less is dirt
LEAST: Final = 0.5  # confidence of a line below which nothing was read


@dataclass(frozen=True, slots=True)
class TextWord:
    text: str
    box: Box
    confidence: float


@dataclass(frozen=True)
class TextLine:
    """Words from left to right; `baseline` is the y they stand on, `size` their font size."""

    words: tuple[TextWord, ...]
    box: Box
    baseline: float
    size: float
    confidence: float
    engine: str = "rapidocr"

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def length(self) -> int:
        """Letters of the text, which is not put together for it."""
        return sum(len(word.text) for word in self.words) + max(0, len(self.words) - 1)


def read(gray: Gray, regions: Sequence[Region], allowed: Collection[str] = ()) -> list[TextLine]:
    """What the network reads in the regions; lines in which it sees nothing are left out."""
    strips = [text_lines.cut(gray, region) for region in regions]
    readings = text_lines.read(strips, allowed)
    lines = [
        line_of(reading, strip, region)
        for reading, strip, region in zip(readings, strips, regions, strict=True)
        if reading.text.strip() and reading.confidence >= LEAST
    ]
    return [line for line in lines if line is not None]


def line_of(reading: Reading, strip: Gray, region: Region) -> TextLine | None:
    ink = strip < max(INK, (int(strip.min()) + WHITE) / 2)
    darkness = ink.mean(axis=1)
    rows = np.flatnonzero(darkness > NOISE)
    columns: NDArray[np.bool_] = np.asarray(ink.any(axis=0))
    if not len(rows) or not columns.any():
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    words = tuple(
        TextWord(text, _placed(region, strip.shape[1], strip.shape[0], start, end, top, bottom), confidence)
        for text, start, end, confidence in _words(reading.characters, columns)
    )
    if not words:
        return None
    whole = union(word.box for word in words)
    foot = int(np.flatnonzero(darkness >= FOOT * np.percentile(darkness[rows], 75))[-1]) + 1
    above, below = region.corners[:2, 1].mean(), region.corners[2:, 1].mean()
    baseline = float(above + (below - above) * foot / strip.shape[0])
    height = region.height
    if any(character.text.islower() for character in reading.characters):
        white = np.flatnonzero(darkness[: foot - 1] <= NOISE)
        capital = foot - (int(white[-1]) + 1 if len(white) else 0)
        if np.flatnonzero(ink.any(axis=1))[-1] + 1 - foot < TAIL * capital:
            height = max(height, WHOLE * capital / strip.shape[0] * height)
    return TextLine(words, whole, baseline, SIZE * height, reading.confidence)


def _words(
    characters: Sequence[Character], columns: NDArray[np.bool_]
) -> Iterable[tuple[str, int, int, float]]:
    """Each word's text, first and last column of its ink and confidence."""
    width = len(columns)
    groups: list[list[Character]] = [[]]
    bounds = [0.0]
    for character in characters:
        if character.text.isspace():
            if groups[-1]:
                groups.append([])
                bounds.append((character.start + character.end) / 2)
        else:
            groups[-1].append(character)
    if not groups[-1]:
        groups.pop()
    bounds = [*bounds[: len(groups)], 1.0]
    for position, group in enumerate(groups):
        start, end = round(bounds[position] * width), round(bounds[position + 1] * width)
        inked = np.flatnonzero(columns[start:end])
        first, last = (
            (start + int(inked[0]), start + int(inked[-1]) + 1)
            if len(inked)
            else (start, max(end, start + 1))
        )
        confidence = sum(character.probability for character in group) / len(group)
        yield "".join(character.text for character in group), first, last, confidence


def _placed(region: Region, width: int, height: int, start: int, end: int, top: int, bottom: int) -> Box:
    """The box around a part of a slanted region."""
    along = (region.corners[1] - region.corners[0]) / width
    down = (region.corners[3] - region.corners[0]) / height
    corners = [region.corners[0] + x * along + y * down for x in (start, end) for y in (top, bottom)]
    xs, ys = [float(corner[0]) for corner in corners], [float(corner[1]) for corner in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


def snapped(lines: Sequence[TextLine]) -> list[TextLine]:
    """Sizes that hardly differ from the usual one made equal to it: they were measured on other letters."""
    usual = body_size(lines)
    return [replace(line, size=usual) if 0.8 < line.size / usual < 1.22 else line for line in lines]


class Sized(Protocol):
    """A line of whatever kind."""

    @property
    def size(self) -> float: ...

    @property
    def length(self) -> int: ...


def body_size(lines: Sequence[Sized]) -> float:
    """The font size of most of the text, in pixels; 0 without text."""
    sizes = sorted((line.size, line.length) for line in lines)
    if not sizes:
        return 0.0
    weights = np.cumsum([weight for _, weight in sizes])
    return sizes[int(np.searchsorted(weights, weights[-1] / 2))][0]


def running_across(regions: Sequence[Region]) -> list[Region]:
    """Without those that stand upright."""
    return [region for region in regions if region.length > 0.5 * region.height]
