"""Ink on an even ground: uneven light taken out, chalk on a board turned into ink on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
RGB = NDArray[np.uint8]

SMALL_SIDE: Final = 320  # pixels in which the ground is looked for
REACH: Final = 0.08  # of that side: wider than strokes of letters, narrower than shadows
INK: Final = 150  # grey levels; darker is ink
DISTINCT: Final = 40  # levels of grey between ground and ink
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
    gray = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    inverted = _is_inverted(gray)
    if inverted:
        gray = 255 - gray
    ground = _ground_of(gray)
    flat = np.clip(gray.astype(np.float32) * 255.0 / np.maximum(ground, 1.0), 0, 255).astype(np.uint8)
    spread = float(np.percentile(ground, 95) - np.percentile(ground, 5))
    darkest = float(np.percentile(flat, 0.3))
    blank = 255 - darkest < FAINT and float(flat.min()) > 255 - 3 * FAINT
    if 255 - darkest < 170 and not blank:  # pale ink, as of a pencil
        flat = np.clip(255 - (255 - flat.astype(np.float32)) * (200 / max(255 - darkest, 20)), 0, 255).astype(
            np.uint8
        )
    return Ground(flat, inverted, spread > UNEVEN, blank)


def blue_only(rgb: RGB) -> RGB:
    """Everything that has not the hue of blue ink made white."""
    hue, saturation, _ = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV))
    blue = (hue >= BLUE_HUES[0]) & (hue <= BLUE_HUES[1]) & (saturation >= COLOURED)
    filtered = rgb.copy()
    filtered[~blue] = 255
    return filtered


def _is_inverted(gray: Gray) -> bool:
    """Whether something light is written on a dark ground."""
    middle = float(np.median(gray))
    if middle > 140:
        return False
    lighter = int((gray > middle + DISTINCT).sum())
    darker = int((gray < middle - DISTINCT).sum())
    return lighter > darker


def _ground_of(gray: Gray) -> NDArray[np.float32]:
    """The light of the paper at every pixel, as if there were no ink."""
    height, width = gray.shape
    zoom = min(1.0, SMALL_SIDE / max(height, width))
    small = cv2.resize(
        gray, (max(1, round(width * zoom)), max(1, round(height * zoom))), interpolation=cv2.INTER_AREA
    )
    reach = max(3, round(REACH * max(small.shape)) | 1)
    lightest = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8), borderType=cv2.BORDER_REPLICATE
    )
    smooth = cv2.blur(lightest, (reach, reach), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
