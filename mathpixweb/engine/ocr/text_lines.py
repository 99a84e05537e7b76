"""One line of text read by the network: Latin letters, Chinese and Japanese."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Final

import cv2
import numpy as np

from mathpixweb.engine.ocr import alphabets, line_network
from mathpixweb.engine.ocr.components import rectangles_of
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.line_network import IDEOGRAPHS
from mathpixweb.engine.ocr.text_regions import Region

HEIGHT: Final = 48  # pixels of a line as the network reads it …
COLUMN: Final = 8  # … and from one column of what it says to the next
SHORTEST: Final = 16  # pixels; the network sees nothing in less
LONGEST: Final = 3200
# A narrower line takes as much less time, and with one and a half columns a character it is read as well: of
# 504 lines made for that, in 46 fonts, clean and scanned, as many characters were right from 1.5 columns on;
# with 1.4 to 1.5 four in ten thousand more were wrong, with 1.3 to 1.4 three in a thousand.
AMPLE: Final = 1.52  # columns for each character that is expected
AIRY: Final = 1.4  # columns for each character that is read; with fewer narrow letters run into each other
CLEAR: Final = 0.97  # confidence of a narrow line from which its full width would tell no more
NARROWEST, NEARLY = 0.6, 0.93  # of its full width that a line is made at least; and what is as good as all
CHARACTERS: Final = 1.25  # for each piece of ink: letters that touch, and the blanks between words
ENDS: Final = 1.5  # characters' places that are white before and after a line
LINES_BEFORE: Final = 9  # that tell how many characters there are for each piece …
TELLING_LINES: Final = 2  # … if there are so many of them …
TELLING: Final = 8  # … with so many characters
INK, HIGH = 150, 0.22  # grey levels of ink, and of the line's height that a piece of it is high
BLANK: Final = 0


@dataclass(frozen=True, slots=True)
class Character:
    """`start` and `end` are shares of the line's length."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)

    @property
    def confidence(self) -> float:
        """The mean over the characters; 0 for an empty line."""
        seen = [character.probability for character in self.characters if character.text.strip()]
        return sum(seen) / len(seen) if seen else 0.0


def cut(gray: Gray, region: Region) -> Gray:
    """The region as a straight strip."""
    width, height = max(2, round(region.length)), max(2, round(region.height))
    square = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(region.corners, square)
    strip = cv2.warpPerspective(
        gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(strip, np.uint8)


def read(strips: Sequence[Gray], allowed: Collection[str] = ()) -> list[Reading]:
    """The text of each strip in the allowed alphabets, in all if none are named."""
    forbidden = list(_forbidden(frozenset(allowed))) if allowed else []
    readings: list[Reading] = []
    before: deque[float] = deque(maxlen=LINES_BEFORE)
    for strip in strips:
        pieces = _pieces(strip)
        each = median(before) if len(before) >= TELLING_LINES else CHARACTERS
        reading = _read(strip, forbidden, each * pieces)
        readings.append(reading)
        if pieces and len(reading.characters) >= TELLING and not _is_dense(reading):
            before.append(len(reading.characters) / pieces)
    if strips:
        line_network.rest()
    return readings


def _read(strip: Gray, forbidden: Sequence[int], expected: float) -> Reading:
    """At a width that is enough for so many characters; at a larger one if that turns out too narrow."""
    share = _enough(strip, expected)
    scaled = _scaled(strip, share)
    reading = _seen(scaled, forbidden)
    if share == 1.0 or not reading.characters:
        return reading
    seen = len(reading.characters)
    if reading.confidence < CLEAR or _is_dense(reading):
        return _seen(_scaled(strip, 1.0), forbidden)
    if seen * AIRY * COLUMN <= scaled.shape[1]:
        return reading
    again = _seen(_scaled(strip, _enough(strip, seen)), forbidden)
    return again if not _is_dense(again) else _seen(_scaled(strip, 1.0), forbidden)


def _pieces(strip: Gray) -> int:
    """The pieces of ink that are as high as letters."""
    return int((rectangles_of(strip < INK)[:, 3] > HIGH * strip.shape[0]).sum())


def _enough(strip: Gray, characters: float) -> float:
    """The share of its width at which a line of so many characters is read as well."""
    height, width = strip.shape
    wanted = (characters + ENDS) * AMPLE * COLUMN / (width * HEIGHT / height)
    return 1.0 if not characters or wanted > NEARLY else max(NARROWEST, wanted)


def _is_dense(reading: Reading) -> bool:
    """Whether there are Chinese or Japanese characters in it, which need all of their width."""
    return any(character.text >= IDEOGRAPHS for character in reading.characters)


def _scaled(strip: Gray, share: float) -> Gray:
    height, width = strip.shape
    target = min(LONGEST, max(SHORTEST, round(share * width * HEIGHT / height)))
    return np.asarray(cv2.resize(strip, (target, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


def _seen(strip: Gray, forbidden: Sequence[int]) -> Reading:
    """The likeliest character of each column; the same in neighbouring columns is one character."""
    alphabet = line_network.alphabet()
    best, probabilities = line_network.columns(strip, forbidden)
    steps = len(best)
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    characters: list[Character] = []
    for start, end in zip(starts, [*starts[1:], len(best)], strict=True):
        if best[start] != BLANK:
            probability = float(probabilities[start:end].max())
            characters.append(Character(alphabet[best[start]], start / steps, end / steps, probability))
    return Reading(tuple(characters))


@lru_cache(maxsize=16)
def _forbidden(allowed: frozenset[str]) -> tuple[int, ...]:
    """The labels of characters that are in none of the allowed alphabets."""
    labels = enumerate(line_network.alphabet())
    return tuple(k for k, text in labels if len(text) == 1 and alphabets.forbids(allowed, text))
