"""Which of TeX's fonts a nameless font of bitmaps is, known by how wide and tall its characters are.

Old TeX documents, and newer ones whose author had no outlines of a font, hold pictures of the characters
that they use, under names that say nothing. The codes are TeX's, though, and each font of TeX has measures of
its own.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from mathpixweb.engine.readers.encodings import Encoding

_METRICS: Final = Path(__file__).parent / "tex_metrics.json.gz"
_SCALE: Final = 1000  # of the metrics
ADVANCES = (0.004, 0.5)  # by how many em, and pixels, advances may be off on average; some are rounded
EDGES = (0.012, 0.6)  # the same for the edges of the ink
HEIGHTS = (0.05, 0.6)  # and for depth and height, which TeX knows only roughly

ALL_EDGES: Final = (1, 2, 3, 4)
EDGES_OF: Final = {5: ALL_EDGES, 3: (2, 4)}  # which of the measures are known, by their number

# In pixels: advance, then left, lower, right and upper edge.
Measures = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class TexFont:
    """A font with the names of its codes; `em` is measured in the pixels of the bitmaps."""

    name: str
    encoding: Encoding
    em: float


@dataclass(frozen=True, slots=True)
class _Known:
    """`measures` of each of its `codes` are in em; of some fonts they are only advance, depth and height."""

    name: str
    names: Sequence[str]
    measures: Sequence[Sequence[float]]
    codes: frozenset[int]


def identified(found: Mapping[int, Measures]) -> TexFont | None:
    """The font of TeX in which all these codes have these measures."""
    wide = {code: measures for code, measures in found.items() if measures[0] > 0}
    best: tuple[float, _Known, float] | None = None
    for known in _known() if wide else ():
        if known.codes.issuperset(wide):
            em = _em(known, wide)
            misfit = _misfit(known, em, wide)
            if misfit is not None and (best is None or misfit < best[0]):
                best = misfit, known, em
    if best is None:
        return None
    _, known, em = best
    return TexFont(known.name, {code: name for code, name in enumerate(known.names) if name}, em)


def encoding_of(font: str) -> Encoding:
    """What the codes of one of TeX's fonts are."""
    return next((dict(enumerate(known.names)) for known in _known() if known.name == font), {})


@lru_cache(maxsize=1)
def _known() -> tuple[_Known, ...]:
    content = json.loads(gzip.decompress(_METRICS.read_bytes()))
    return tuple(
        _Known(
            name,
            content["encodings"][encoding],
            [[n / _SCALE for n in of] for of in measures],
            frozenset(code for code, of in enumerate(measures) if of),
        )
        for name, (encoding, measures) in content["fonts"].items()
    )


def _em(known: _Known, found: Mapping[int, Measures]) -> float:
    """The size at which the advances are most like those found."""
    product = squares = 0.0
    for code, measures in found.items():
        wanted = known.measures[code][0]
        product += wanted * measures[0]
        squares += wanted * wanted
    return product / (squares or 1.0) or 1.0


def _misfit(known: _Known, em: float, found: Mapping[int, Measures]) -> float | None:
    """By how much of an em the edges are off on average, None if it is too much.

    Fonts of which less is known come after those whose edges fit.
    """
    left = (ADVANCES[0] + ADVANCES[1] / em) * len(found)
    for code, seen in found.items():
        left -= abs(known.measures[code][0] - seen[0] / em)
        if left < 0:  # as of nearly all fonts, after a few codes
            return None
    pairs = [(known.measures[code], seen) for code, seen in found.items()]
    places = EDGES_OF[len(pairs[0][0])]
    off = _mean(
        abs(edge - seen[place] / em)
        for wanted, seen in pairs
        for edge, place in zip(wanted[1:], places, strict=True)
    )
    allowed, rank = (EDGES, 0) if places == ALL_EDGES else (HEIGHTS, 1)
    return rank + off if off <= allowed[0] + allowed[1] / em else None


def _mean(numbers: Iterable[float]) -> float:
    listed = list(numbers)
    return sum(listed) / len(listed)
