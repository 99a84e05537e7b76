"""One line of text read by the network: Latin letters, Chinese and Japanese."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr import alphabets, networks
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.text_regions import Region

HEIGHT: Final = 48  # pixels of a line as the network reads it …
COLUMN: Final = 8  # … and from one column of what it says to the next
SHORTEST: Final = 16  # pixels; the network sees nothing in less
LONGEST: Final = 3200
# A narrower line takes as much less time, and with one and a half columns a character it is read as well: of
# 504 lines made for that, in 46 fonts, clean and scanned, as many characters were right. With 1.3 fewer were.
AMPLE: Final = 1.6  # columns for each character that is expected
AIRY: Final = 1.45  # columns for each character that is read; with fewer narrow letters run into each other
CLEAR: Final = 0.97  # confidence of a narrow line from which its full width would tell no more
NARROWEST, NEARLY = 0.6, 0.93  # of its full width that a line is made at least; and what is as good as all
CHARACTERS: Final = 1.25  # for each piece of ink: letters that touch, and the blanks between words
LINES_BEFORE, TELLING = 9, 8  # that tell how broad a character is, and characters of such a line
IDEOGRAPHS: Final = "\u2e80"  # the first of them
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
    pitches: deque[float] = deque(maxlen=LINES_BEFORE)
    for strip in strips:
        reading = _read(strip, forbidden, float(np.median(pitches)) if pitches else 0.0)
        readings.append(reading)
        if len(reading.characters) >= TELLING and not _is_dense(reading):
            pitches.append(strip.shape[1] / len(reading.characters))
    return readings


def _read(strip: Gray, forbidden: Sequence[int], pitch: float) -> Reading:
    """At a width that is enough; at its full one if that turns out too narrow."""
    share = _enough(strip, pitch)
    scaled = _scaled(strip, share)
    reading = _seen(scaled, forbidden)
    if share == 1.0 or not reading.characters:
        return reading
    airy = len(reading.characters) * AIRY * COLUMN <= scaled.shape[1]
    if airy and reading.confidence >= CLEAR and not _is_dense(reading):
        return reading
    return _seen(_scaled(strip, 1.0), forbidden)


def _enough(strip: Gray, pitch: float) -> float:
    """The share of its width at which a line is read as well, by how many letters seem to be in it.

    Of broken letters there are more pieces: then `pitch` tells, pixels of a letter in lines before, or 0.
    """
    height, width = strip.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats((strip < INK).astype(np.uint8))
    characters = CHARACTERS * int((stats[1:, cv2.CC_STAT_HEIGHT] > HIGH * height).sum())
    if pitch:
        characters = min(characters, width / pitch)
    wanted = characters * AMPLE * COLUMN / (width * HEIGHT / height)
    return 1.0 if not characters or wanted > NEARLY else max(NARROWEST, wanted)


def _is_dense(reading: Reading) -> bool:
    """Whether there are Chinese or Japanese characters in it, which need all of their width."""
    return any(character.text >= IDEOGRAPHS for character in reading.characters)


def _scaled(strip: Gray, share: float) -> Gray:
    height, width = strip.shape
    target = min(LONGEST, max(SHORTEST, round(share * width * HEIGHT / height)))
    return np.asarray(cv2.resize(strip, (target, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


def _seen(strip: Gray, forbidden: Sequence[int]) -> Reading:
    """One line at a time: several take as long, and as much more memory."""
    plane = strip.astype(np.float32) / 127.5 - 1.0
    network = networks.session(networks.READER)
    (scores,) = network.run(
        None, {network.get_inputs()[0].name: np.broadcast_to(plane, (1, 3, *plane.shape)).copy()}
    )
    if forbidden:
        scores[:, :, forbidden] = 0.0
    return _decoded(scores[0])


def _decoded(scores: NDArray[np.float32]) -> Reading:
    """The likeliest character of each column; the same in neighbouring columns is one character."""
    alphabet = _alphabet()
    best = scores.argmax(axis=1)
    steps = len(best)
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    characters: list[Character] = []
    for start, end in zip(starts, [*starts[1:], len(best)], strict=True):
        label = int(best[start])
        if label == BLANK:
            continue
        probability = float(scores[start:end, label].max())
        characters.append(Character(alphabet[label], start / steps, end / steps, probability))
    return Reading(tuple(characters))


@lru_cache(maxsize=1)
def _alphabet() -> tuple[str, ...]:
    """What the network's labels mean: nothing, its characters, a blank between words."""
    listed = networks.session(networks.READER).get_modelmeta().custom_metadata_map["character"].split("\n")
    return ("", *listed, " ")


@lru_cache(maxsize=16)
def _forbidden(allowed: frozenset[str]) -> tuple[int, ...]:
    """The labels of characters that are in none of the allowed alphabets."""
    labels = enumerate(_alphabet())
    return tuple(k for k, text in labels if len(text) == 1 and alphabets.forbids(allowed, text))
