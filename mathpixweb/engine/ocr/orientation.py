"""Whether a picture lies on its side or stands on its head, judged by what can be read in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mathpixweb.engine.ocr import text_lines
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.text_regions import Region

PROBES: Final = 4  # of the longest lines, that are read in either direction …
PROBED: Final = 12.0  # … so many times their height of each: some words
LONG: Final = 2.5  # times its height is a line's length, to say anything of direction
TALL_SHARE: Final = 0.6  # of all lengths of text: the picture lies on its side
CLEAR: Final = 0.9  # mean confidence at which text is surely upright
STEEPNESS: Final = (
    32.0  # of the confidence over the difference of what is read, fitted on turned pages of ours
)
INDIFFERENT: Final = 0.06  # difference of mean confidences at which either is as likely
FEWEST_LETTERS: Final = 8  # in the probes; fewer say nothing


@dataclass(frozen=True, slots=True)
class Turn:
    """Quarters counter-clockwise that put the picture upright, and how sure it is that it must be turned."""

    quarters: int = 0
    confidence: float = 0.0

    @property
    def degrees(self) -> int:
        return {0: 0, 1: 90, 2: 180, 3: -90}[self.quarters]


UPRIGHT: Final = Turn()


def turn_of(gray: Gray, regions: Sequence[Region]) -> Turn:
    """`regions` are those found in the picture as it is."""
    lying = [region for region in regions if _ratio(region) > LONG]
    standing = [region for region in regions if _ratio(region) < 1 / LONG]
    lengths = sum(region.length for region in lying), sum(region.height for region in standing)
    if not sum(lengths):
        return Turn()
    sideways = lengths[1] > TALL_SHARE * sum(lengths)
    probes = sorted(standing if sideways else lying, key=lambda r: -max(r.length, r.height))[:PROBES]
    strips = [_middle(text_lines.cut(gray, region), sideways) for region in probes]
    if sideways:
        left, right = (
            _legibility([np.rot90(s, 1) for s in strips]),
            _legibility([np.rot90(s, 3) for s in strips]),
        )
        best, quarters = max((left, 1), (right, 3))
        other = min(left, right)
        return Turn(quarters, _confidence(best - 0.5 * other - 0.35)) if best > 0 else Turn()
    upright = _legibility(strips)
    if upright > CLEAR or upright == 0:
        return Turn()
    reversed_ = _legibility([np.rot90(strip, 2) for strip in strips])
    confidence = _confidence(reversed_ - upright)
    return Turn(2, confidence) if reversed_ > upright else Turn(0, confidence)


def _middle(strip: Gray, upright: bool) -> Gray:
    """A part that says as much of the direction as the whole line."""
    long, short = (strip.shape[0], strip.shape[1]) if upright else (strip.shape[1], strip.shape[0])
    kept = min(long, round(PROBED * short))
    inside = slice((long - kept) // 2, (long + kept) // 2)
    return strip[inside] if upright else strip[:, inside]


def _ratio(region: Region) -> float:
    return region.length / max(region.height, 1.0)


def _legibility(strips: Sequence[Gray]) -> float:
    """The mean confidence of what is read in them, 0 if it is next to nothing."""
    readings = text_lines.read([np.ascontiguousarray(strip) for strip in strips])
    letters = sum(len(reading.characters) for reading in readings)
    if letters < FEWEST_LETTERS:
        return 0.0
    return sum(reading.confidence * len(reading.characters) for reading in readings) / letters


def _confidence(difference: float) -> float:
    return 1 / (1 + math.exp(-STEEPNESS * (difference - INDIFFERENT)))
