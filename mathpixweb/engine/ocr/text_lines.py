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

HEIGHT: Final = 48  # pixels of a line as the network reads it
SHORTEST: Final = 16  # pixels; the network sees nothing in less
LONGEST: Final = 3200
TOGETHER: Final = 4  # lines of about one length that are read in one go
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
    order = sorted(range(len(strips)), key=lambda k: strips[k].shape[1] / strips[k].shape[0])
    readings: dict[int, Reading] = {}
    for first in range(0, len(order), TOGETHER):
        some = order[first : first + TOGETHER]
        readings.update(zip(some, _read([_scaled(strips[k]) for k in some], frozenset(allowed)), strict=True))
    return [readings[k] for k in range(len(strips))]


def _scaled(strip: Gray) -> Gray:
    height, width = strip.shape
    target = min(LONGEST, max(SHORTEST, round(width * HEIGHT / height)))
    return np.asarray(cv2.resize(strip, (target, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


def _read(strips: Sequence[Gray], allowed: frozenset[str]) -> list[Reading]:
    widest = max(strip.shape[1] for strip in strips)
    planes = np.zeros((len(strips), 3, HEIGHT, widest), np.float32)
    for position, strip in enumerate(strips):
        planes[position, :, :, : strip.shape[1]] = strip.astype(np.float32) / 127.5 - 1.0
    network = networks.session(networks.READER)
    (scores,) = network.run(None, {network.get_inputs()[0].name: planes})
    if allowed:
        scores[:, :, list(_forbidden(allowed))] = 0.0
    return [_decoded(score, strip.shape[1] / widest) for score, strip in zip(scores, strips, strict=True)]


def _decoded(scores: NDArray[np.float32], share: float) -> Reading:
    """The likeliest character of each column; the same in neighbouring columns is one character.

    `share` of the columns are of the line, the others of the white beside it.
    """
    alphabet = _alphabet()
    best = scores.argmax(axis=1)
    steps = max(1.0, len(best) * share)
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    characters: list[Character] = []
    for start, end in zip(starts, [*starts[1:], len(best)], strict=True):
        label = int(best[start])
        if label == BLANK or start >= steps:
            continue
        probability = float(scores[start:end, label].max())
        characters.append(Character(alphabet[label], start / steps, min(1.0, end / steps), probability))
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
