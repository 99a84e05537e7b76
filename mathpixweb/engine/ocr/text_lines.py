"""One line of text read by the network: Latin letters, Chinese and Japanese."""

from __future__ import annotations

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
CONDENSED: Final = 0.8  # of its width is a line read at first, which takes as much less time
CLEAR: Final = 0.97  # confidence from which that is as good as its full width …
AIRY: Final = 2.1  # … where a character has so many columns; narrow letters run into each other
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
    return [_read(strip, forbidden) for strip in strips]


def _read(strip: Gray, forbidden: Sequence[int]) -> Reading:
    condensed = _scaled(strip, CONDENSED)
    reading = _seen(condensed, forbidden)
    airy = len(reading.characters) * AIRY * COLUMN <= condensed.shape[1]
    if not reading.characters or (airy and reading.confidence >= CLEAR):
        return reading
    return _seen(_scaled(strip, 1.0), forbidden)


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
