"""Ink on an even ground: uneven light taken out, chalk on a board turned into ink on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.scaling import scaled

Gray = NDArray[np.uint8]
RGB = NDArray[np.uint8]

SMALL_SIDE: Final = 320  # pixels in which the ground is looked for
REACH: Final = 0.08  # of that side: wider than strokes of letters, narrower than shadows
INK: Final = 150  # grey levels; darker is ink
LIGHT: Final = 140  # grey levels; half of a picture being lighter, its ground is
DISTINCT: Final = 40  # levels of grey between ground and ink
AROUND: Final = 0.25  # of the small side: what is written there is less than half of so large a square
UNEVEN: Final = 14.0  # levels of grey by which the ground of a photo varies
FAINT: Final = 18  # levels of grey; a picture with less contrast is blank
BLUE_HUES: Final = (85, 140)  # of OpenCV's 180 degrees
COLOURED: Final = 25  # least saturation of a pen's ink


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """`gray` is dark ink on nearly white; `uneven` tells a photo from a scan."""

    gray: Gray
    inverted: bool
    uneven: bool
    blank: bool


def even(rgb: RGB) -> Ground:
    """In bytes all the way: a page in floats takes a hundred megabytes."""
    gray = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    inverted = _is_inverted(gray)
    if inverted:
        gray = np.asarray(cv2.bitwise_not(gray), np.uint8)
    ground = _ground_of(gray)
    flat = np.asarray(cv2.divide(gray, np.maximum(ground, 1), scale=255.0), np.uint8)
    paper, levels = _counted(ground), _counted(flat)
    spread = _level(paper, 0.95) - _level(paper, 0.05)
    darkest = _level(levels, 0.003)
    blank = 255 - darkest < FAINT and _level(levels, 0.0) > 255 - 3 * FAINT
    if 255 - darkest < 170 and not blank:  # pale ink, as of a pencil
        darker = 255 - (255 - np.arange(256)) * (200 / max(255 - darkest, 20))
        flat = np.asarray(cv2.LUT(flat, np.clip(darker, 0, 255).astype(np.uint8)), np.uint8)
    return Ground(flat, inverted, spread > UNEVEN, blank)


def blue_only(rgb: RGB) -> RGB:
    """Everything that has not the hue of blue ink made white."""
    hue, saturation, _ = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV))
    blue = (hue >= BLUE_HUES[0]) & (hue <= BLUE_HUES[1]) & (saturation >= COLOURED)
    filtered = rgb.copy()
    filtered[~blue] = 255
    return filtered


def _is_inverted(gray: Gray) -> bool:
    """Whether something light is written on a dark ground, and it is not light that falls on a part of it."""
    if np.count_nonzero(gray <= LIGHT) < gray.size / 2:
        return False
    counts = _counted(gray)
    middle = _level(counts, 0.5)
    lighter, darker = counts[middle + DISTINCT + 1 :].sum(), counts[: max(0, middle - DISTINCT)].sum()
    return bool(lighter > darker) and _is_lighter_than_around(gray)


def _is_lighter_than_around(gray: Gray) -> bool:
    """Whether more of the picture is lighter than what is around it than is darker."""
    small = scaled(gray, min(1.0, SMALL_SIDE / max(gray.shape)))
    around = cv2.medianBlur(small, max(3, round(AROUND * max(small.shape)) | 1))
    lighter, darker = (cv2.subtract(*pair) > DISTINCT for pair in ((small, around), (around, small)))
    return bool(lighter.sum() > darker.sum())


def _counted(gray: Gray) -> NDArray[np.float64]:
    """How many pixels have each level of grey."""
    return cv2.calcHist([gray], [0], None, [256], [0, 256]).ravel().astype(np.float64)


def _level(counts: NDArray[np.float64], share: float) -> int:
    """The level of grey that so much of the picture does not exceed."""
    return int(np.searchsorted(np.cumsum(counts), max(1.0, share * counts.sum())))


def _ground_of(gray: Gray) -> Gray:
    """The light of the paper at every pixel, as if there were no ink."""
    height, width = gray.shape
    zoom = min(1.0, SMALL_SIDE / max(height, width))
    small = scaled(gray, zoom)
    reach = max(3, round(REACH * max(small.shape)) | 1)
    lightest = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8), borderType=cv2.BORDER_REPLICATE
    )
    smooth = cv2.blur(lightest, (reach, reach), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
