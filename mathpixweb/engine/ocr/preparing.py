"""A decoded picture made ready for reading: the region asked for, of a bearable size, even and level."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import ground, noise, panels, recropping
from mathpixweb.engine.ocr.components import rectangles_of
from mathpixweb.engine.ocr.frames import Frame
from mathpixweb.engine.ocr.ground import RGB, Gray
from mathpixweb.engine.ocr.scaling import scaled
from mathpixweb.engine.ocr.sketches import Sketch
from mathpixweb.engine.readers.image import Raster

MOST_PIXELS: Final = 12_000_000  # that are read; a page of 300 dpi has 8.7 million
STEEPEST: Final = 12.0  # degrees that a page may lie askew
LEAST_TURN: Final = 0.2  # degrees that are worth resampling the picture
PROBE: Final = 900  # pixels of the longer side on which the slant is measured
FEWEST_LINES: Final = 3  # of text; with fewer the slant is not known


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Dark ink on white, upright as far as is known yet; `frame` leads back to the sent picture.

    `blank`: there is nothing on it, or nothing but noise.
    """

    gray: Gray
    frame: Frame
    sketch: Sketch
    inverted: bool = False
    uneven: bool = False
    blank: bool = False

    def turned(self, quarters: int) -> Prepared:
        """Turned by quarters counter-clockwise."""
        quarters %= 4
        height, width = self.gray.shape
        back = {
            0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            1: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
            2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
            3: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        }[quarters]
        gray = np.ascontiguousarray(np.rot90(self.gray, quarters))
        return replace(self, gray=gray, frame=self.frame.after(np.array(back, float)))

    def levelled(self) -> Prepared:
        """Turned by the few degrees by which its lines fall or rise."""
        angle = slant(self.gray)
        if abs(angle) < LEAST_TURN:
            return self
        height, width = self.gray.shape
        forth = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), [0, 0, 1]])
        gray = cv2.warpAffine(self.gray, forth[:2], (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
        return replace(self, gray=np.asarray(gray, np.uint8), frame=self.frame.after(np.linalg.inv(forth)))


def prepare(
    raster: Raster, region: Box | None = None, blue_only: bool = False, *, recrop: bool = False
) -> Prepared:
    """`region` in pixels of the raster, y downwards; it must overlap the picture.

    `recrop` leaves out what the edges have cut off of other lines.
    """
    frame = Frame.of_whole(raster.width, raster.height)
    rgb: RGB = raster.rgb
    if region is not None:
        x0, y0 = max(0, int(region.x0)), max(0, int(region.y0))
        rgb = rgb[y0 : math.ceil(region.y1), x0 : math.ceil(region.x1)]
        frame = frame.shifted(x0, y0)
    rgb, frame = _bearable(rgb, frame)
    if blue_only:
        rgb = ground.blue_only(rgb)
    made = ground.even(np.ascontiguousarray(rgb))
    blank = made.blank or noise.is_noise(made.gray)
    tones = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    gray = made.gray if made.inverted or blank else panels.lightened(made.gray, rgb, tones)
    gray = recropping.recropped(gray) if recrop and not blank else gray
    return Prepared(gray, frame, Sketch.of(tones, frame), made.inverted, made.uneven, blank)


def _bearable(rgb: RGB, frame: Frame) -> tuple[RGB, Frame]:
    height, width = rgb.shape[:2]
    if height * width <= MOST_PIXELS:
        return rgb, frame
    zoom = math.sqrt(MOST_PIXELS / (height * width))
    return scaled(rgb, zoom), frame.scaled(zoom)


def slant(gray: Gray) -> float:
    """Degrees counter-clockwise by which the lines of text rise to the right, negated: what levels them.

    The right angle is that at which the rows of the picture differ most in darkness. 0 if there is no text.
    """
    zoom = min(1.0, PROBE / max(gray.shape))
    small = scaled(255 - gray, zoom)
    if min(small.shape) < 60 or _lines_of(small) < FEWEST_LINES:
        return 0.0
    best = max(np.arange(-STEEPEST, STEEPEST + 0.01, 1.0), key=lambda angle: _contrast(small, angle))
    for step in (0.5, 0.25, 0.1):
        best = max((best - step, best, best + step), key=lambda angle: _contrast(small, angle))
    gain = _contrast(small, best) / max(_contrast(small, 0.0), 1e-9)
    return float(best) if gain > 1.05 and abs(best) < STEEPEST else 0.0


def _lines_of(ink: NDArray[Any]) -> int:
    """About how many lines of text there are: spans of ink much wider than high once letters are joined."""
    joined = cv2.dilate((ink > 90).astype(np.uint8), np.ones((1, 15), np.uint8))
    _, _, widths, heights = rectangles_of(joined).T
    return int(((widths > 6 * heights) & (widths > 80)).sum())


def _contrast(ink: NDArray[Any], angle: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST)
    profile = turned[:, width // 10 : -width // 10 or None].sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(profile)).sum())
