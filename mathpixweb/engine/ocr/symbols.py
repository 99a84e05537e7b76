"""Printed mathematical symbols in a picture: a small network finds them all at once.

The network says for each symbol what it is (several guesses), where its ink is, on which baseline it stands
and of which font size it is; and where the horizontal and vertical rules run. What it says goes through
`arrangement.read` into the parser that also reads the glyphs of PDFs: a guess is the parser's own
`math.symbols.Symbol`, so there is no second set of names. Data, training and figures: docs/models.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from mathpixweb.engine.ocr import feet, leftovers, strokes, tall_fences
from mathpixweb.engine.ocr.fusion import fuse
from mathpixweb.engine.ocr.looking import MODEL, Floats, Gray, ink_of, look
from mathpixweb.engine.ocr.sightings import FoundRule, FoundSymbol, Guess, Sighting

__all__ = ["MODEL", "FoundRule", "FoundSymbol", "Guess", "Sighting", "detect", "evidence"]

BEST_SIZE: Final = 23.0  # pixels; the font size at which the network sees best …
TOLERANCE: Final = 1.25  # … and the ratio to it up to which a look tells the size rightly
MOST_LOOKS: Final = 4  # to find the size
LEAST_SIZE: Final = 5.0  # pixels; nobody can tell smaller symbols from each other
SMALLER: Final = 2.5  # times; the guess that follows one at which nothing was to be seen
AS_GOOD: Final = 0.05  # by which a look may miss the best size without being taken again
LIKELY: Final = 0.75  # mean probability of what is seen, from which its size is not doubted …
OTHER_ZOOMS: Final = (1.5, 1 / 1.5)  # … and how much larger and smaller it may be looked at otherwise
OTHER_SIZES: Final = (20.0, 27.0)  # pixels at which a formula is looked at once more …
LAST_SIZE: Final = 31.0  # … and where these looks do not see the same, again
FEW_PIXELS: Final = 400_000  # of a picture scaled to the best size that is worth that time
MANY_PIXELS: Final = 2_000_000  # of a scaled picture in which no size is looked for any more
EM_OF_INK: Final = 1.5  # font size by the height of what the middle pixel of ink hangs together with
INKED: Final = 0.45  # darkness from which a pixel belongs to that
LEAST_INK: Final = (4, 8)  # pixels, height and area; what is smaller is a speck
SLENDER: Final = 7.0  # times as long as wide: a rule or a frame, which tells nothing
UPRIGHT: Final = 2.5  # times as high as wide: a bracket, which is as high as what it holds
HOLLOW: Final = 0.06  # of its box; what has less ink is a frame or a grid
FALLBACK_SIZE: Final = 24.0  # pixels


def detect(
    gray: Gray, known: float | None = None, worth: Callable[[Sighting], bool] = lambda seen: True
) -> Sighting:
    """The symbols and rules in a gray picture (rows by columns, 0 black, 255 white, dark ink on light).

    `known` is the font size of the text in pixels, if known. Otherwise it is guessed from the ink, and where
    the guess turns out wrong the network looks again. The ground may be uneven and noisy and need not be
    white; a light-on-dark picture must have been inverted. `worth` tells of the first look at a known size
    whether more should follow.
    """
    if gray.ndim != 2 or min(gray.shape) < 2:
        return Sighting((), (), 0.0)
    ink = ink_of(gray)
    size = known or _size_of_ink(ink)
    first = look(ink, BEST_SIZE / size)
    if known and not worth(first):
        return first
    seen, zoom = _sized(ink, size, first)
    if not known and seen.size and (BEST_SIZE / seen.size) ** 2 * ink.size <= FEW_PIXELS:
        seen, zoom = _surest(ink, seen, zoom)
    if not seen.size:
        return seen
    best = BEST_SIZE / seen.size
    if best * best * ink.size > FEW_PIXELS:
        return seen if 1 / TOLERANCE < best / zoom < TOLERANCE else look(ink, best)
    usual = seen if abs(best / zoom - 1) < AS_GOOD else look(ink, best)
    looks = [usual, *(look(ink, size / seen.size) for size in OTHER_SIZES)]
    if not _see_the_same(looks):
        looks.append(look(ink, LAST_SIZE / seen.size))
    told = [_told_by_ink(seen, ink) for seen in (fuse(looks), *looks)]
    whole, *looks = leftovers.taken_up(told, ink)
    return replace(whole, looks=tuple(looks))


def _told_by_ink(seen: Sighting, ink: Floats) -> Sighting:
    symbols = strokes.told(feet.told_apart(seen.symbols, ink), ink)
    return tall_fences.completed(replace(seen, symbols=tuple(symbols)), ink)


def _sized(ink: Floats, known: float, first: Sighting) -> tuple[Sighting, float]:
    """A look at which the font size came out as it was expected, and its zoom; `first` is that at `known`."""
    looks: list[tuple[Sighting, float]] = []
    while len(looks) < MOST_LOOKS:
        zoom = BEST_SIZE / known
        seen = look(ink, zoom) if looks else first
        if seen.size and 1 / TOLERANCE < seen.size / known < TOLERANCE:
            return seen, zoom
        looks.append((seen, zoom))
        smaller = max(LEAST_SIZE, seen.size or known / SMALLER)
        if smaller == known or (BEST_SIZE / smaller) ** 2 * ink.size > MANY_PIXELS:
            break
        known = smaller
    return max(looks, key=lambda tried: evidence(tried[0]))


def _surest(ink: Floats, seen: Sighting, zoom: float) -> tuple[Sighting, float]:
    """The look, or a better one: symbols of a wrong size may be seen as others of the expected size."""
    if _likelihood(seen) >= LIKELY:
        return seen, zoom
    others = [(look(ink, zoom * factor), zoom * factor) for factor in OTHER_ZOOMS]
    return max([(seen, zoom), *others], key=lambda tried: _plausibility(*tried))


def _plausibility(seen: Sighting, zoom: float) -> float:
    """How much was seen, how surely, and how nearly of the size at which the network was to see it."""
    if not seen.size:
        return 0.0
    ratio = seen.size * zoom / BEST_SIZE
    return evidence(seen) * _likelihood(seen) * min(ratio, 1 / ratio)


def _likelihood(seen: Sighting) -> float:
    """The mean probability of what was seen, which is low at a wrong size."""
    return sum(symbol.probability for symbol in seen.symbols) / max(1, len(seen.symbols))


def _see_the_same(looks: Sequence[Sighting]) -> bool:
    names = [sorted(symbol.best.latex for symbol in seen.symbols) for seen in looks]
    return all(other == names[0] for other in names)


def evidence(seen: Sighting) -> float:
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
    if (squat := telling & (height < UPRIGHT * width)).any():
        telling = squat
    height, area = height[telling], area[telling]
    order = np.argsort(height)
    middle = np.searchsorted(np.cumsum(area[order]), area.sum() / 2)
    return EM_OF_INK * float(height[order][middle])
