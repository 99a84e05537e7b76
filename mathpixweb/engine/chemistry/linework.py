"""A drawing at the size at which it is read: lines a few pixels thick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.chemistry.thinning import thin

THICKNESS: Final = 4.0  # pixels of a line in a drawing that is read
MOST_PIXELS: Final = 4_000_000  # of the drawing when it is read
ENLARGED: Final = 3.0  # at most; more shows nothing new
REDUCED: Final = 0.15
MARGIN: Final = 8  # white pixels around it, so that nothing touches the edge
FAINTEST, DARKEST = 70, 180  # levels of ink between which the threshold lies
SOLID: Final = 0.35  # of the picture is ink: it is no drawing of lines
BLOT: Final = 25.0  # times as far from the ground as the thinner fifth of the ink
SPECK: Final = 6  # pixels of dirt
DRAWN: Final = 0.1  # of a drawing, at most, has as much ink …
CLEAN: Final = 10  # … as this, unless it is a grainy scan
PALE: Final = 60  # levels of ink: coloured letters and bonds, yellow ones too, are as dark at least

Ink = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Linework:
    """`ink` is 0 on the ground and up to 255, `mask` where it counts, `thickness` the lines' usual width.

    A pixel of the picture is `zoom` of these; `MARGIN` were added on every side.
    """

    ink: Ink
    mask: Mask
    thickness: float
    zoom: float


def prepare(gray: Ink) -> Linework | None:
    """None if there are no lines, or more than lines. `gray` is dark on white."""
    ink = cv2.copyMakeBorder(255 - gray, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0)
    mask = ink > _threshold(ink)
    if not mask.any() or mask.mean() > SOLID or _is_blotted(mask):
        return None
    measured = thickness(mask)
    if not measured:
        return None
    ink = _without_colour(ink, measured)
    most = (MOST_PIXELS / gray.size) ** 0.5
    zoom = min(max(THICKNESS / measured, REDUCED), ENLARGED, most)
    if 0.85 < zoom < 1.2:
        zoom = 1.0
    else:
        kind = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
        ink = cv2.resize(ink, None, fx=zoom, fy=zoom, interpolation=kind)
    pad = round(MARGIN - 2 * zoom)
    ink = cv2.copyMakeBorder(ink, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    mask = _without_specks(ink > _threshold(ink))
    return Linework(np.asarray(ink, np.uint8), mask, max(1.0, thickness(mask)), zoom) if mask.any() else None


def _without_colour(ink: NDArray[Any], measured: float) -> NDArray[Any]:
    """All lines as dark as black ones: chemists print atoms, and the halves of bonds at them, in colours."""
    if np.count_nonzero(ink > CLEAN) > DRAWN * ink.size:
        return ink  # whose grains would become as dark as its lines
    side = 2 * max(1, round(measured / 2)) + 1
    darkest = cv2.dilate(ink, np.ones((side, side), np.uint8))
    darkest[darkest < PALE] = 255
    return np.asarray(cv2.divide(ink, darkest, scale=255.0))


def _threshold(ink: NDArray[Any]) -> float:
    found, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return min(max(float(found), FAINTEST), DARKEST)


def depth(mask: Mask) -> NDArray[np.float32]:
    """How far each pixel of the ink is from the ground."""
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def thickness(mask: Mask) -> float:
    """The usual width of lines: their area by the length of their middles."""
    middles = thin(mask)
    distance = depth(mask)[middles]
    if not len(distance):
        return 0.0
    usual = distance <= 1.3 * float(np.median(distance))  # wedges and blots are left out
    return float(2 * distance[usual].mean() - 0.7)


def _is_blotted(mask: Mask) -> bool:
    """Whether something in it is so thick that it is a shadow or a part of a photograph."""
    distance = depth(mask)
    return float(distance.max()) > BLOT * float(np.percentile(distance[mask], 20))


def _without_specks(mask: Mask) -> Mask:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] < SPECK
    return np.asarray(mask & ~small[labels], np.bool_)
