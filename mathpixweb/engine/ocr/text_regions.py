"""Where lines of text are in a picture, as the network sees them: slanted boxes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine import heap
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.networks import run_once
from mathpixweb.engine.ocr import networks
from mathpixweb.engine.ocr.components import rectangles_of
from mathpixweb.engine.ocr.ground import INK, Gray

SEEN_BEST: Final = 10.0  # pixels: the usual height of letters at which few lines are missed
ENLARGED, REDUCED = 2.0, 0.12  # the most that a picture is scaled
MOST_PIXELS: Final = 1_600_000  # of the scaled picture
MULTIPLE: Final = 32
STRIP_PIXELS: Final = (
    400_000  # of a strip in which a large picture goes through the network, for memory's sake …
)
OVERLAP: Final = 32  # … with so many rows above and below that belong to its neighbours
CERTAIN: Final = 0.3  # probability from which a pixel is text
WORTH: Final = 0.5  # mean probability of a region
GROWN: Final = 1.6  # times area by perimeter: the network marks only the core of a line
SMALLEST: Final = 3.0  # pixels of a region's height at the network's scale
MOST: Final = 1000
MOST_IN_TABLES: Final = 10_000  # where tables may be very large, which is looked at …
PIXELS_OF_TABLES: Final = 3_200_000  # … at this size


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Four corners from the upper left clockwise as the text runs, in pixels; y downwards."""

    corners: NDArray[np.float32]
    certainty: float

    @property
    def box(self) -> Box:
        (x0, y0), (x1, y1) = self.corners.min(axis=0), self.corners.max(axis=0)
        return Box(float(x0), float(y0), float(x1), float(y1))

    def moved(self, x: float, y: float) -> Region:
        return Region(self.corners + np.array([x, y], np.float32), self.certainty)

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def height(self) -> float:
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))


def find(gray: Gray, most_pixels: int = MOST_PIXELS, most: int = MOST) -> list[Region]:
    """The largest regions, from top to bottom; upright ones lie along their text only if it runs that way."""
    height, width = gray.shape
    zoom = min(_zoom(gray), math.sqrt(most_pixels / (height * width)))
    target = _rounded(width * zoom), _rounded(height * zoom)
    scaled = cv2.resize(gray, target, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC)
    plane = scaled.astype(np.float32) / 127.5 - 1.0
    back = np.array([width / target[0], height / target[1]], np.float32)
    regions = [
        Region(region.corners * back, region.certainty) for region in _traced(_certainties(plane), most)
    ]
    return sorted(regions, key=lambda region: float(region.corners[:, 1].mean()))


def _certainties(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """How surely every pixel is of text."""
    height, width = plane.shape
    core = max(MULTIPLE, STRIP_PIXELS // width // MULTIPLE * MULTIPLE)
    if height <= core + 2 * OVERLAP:
        core = height
    network = networks.session(networks.FINDER)
    name = network.get_inputs()[0].name
    strips: list[NDArray[np.float32]] = []
    for top in range(0, height, core):
        heap.ease()
        start, end = max(0, top - OVERLAP), min(height, top + core + OVERLAP)
        part = np.broadcast_to(plane[start:end], (1, 3, end - start, width)).copy()
        (map_,) = run_once(network, {name: part})
        strips.append(map_[0, 0, top - start : min(height, top + core) - start])
    return np.concatenate(strips)


def _rounded(length: float) -> int:
    return max(MULTIPLE, round(length / MULTIPLE) * MULTIPLE)


def _zoom(gray: Gray) -> float:
    """By how much letters are to be scaled for the network."""
    return min(ENLARGED, max(REDUCED, SEEN_BEST / letter_height(gray)))


def letter_height(gray: Gray) -> float:
    """The usual height of connected ink, which is that of letters; a guess where there is little ink."""
    _, _, widths, heights = rectangles_of(gray < INK).T
    letters = heights[(heights >= 6) & (widths >= 2) & (heights < 8 * widths + 40) & (widths < 6 * heights)]
    return float(np.percentile(letters, 60)) if len(letters) >= 3 else max(12.0, min(gray.shape) / 3)


def _traced(certainties: NDArray[np.float32], most: int) -> list[Region]:
    mask = cv2.dilate((certainties > CERTAIN).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Region] = []
    for outline in sorted(outlines, key=len, reverse=True)[:most]:
        (x, y), (width, height), angle = cv2.minAreaRect(outline)
        if min(width, height) < SMALLEST:
            continue
        certainty = _mean_inside(certainties, outline)
        if certainty < WORTH:
            continue
        grow = width * height * GROWN / (2 * (width + height))
        box = cv2.boxPoints(((x, y), (width + 2 * grow, height + 2 * grow), angle))
        found.append(Region(_ordered(np.asarray(box, np.float32)), certainty))
    return found


def _mean_inside(certainties: NDArray[np.float32], outline: NDArray[Any]) -> float:
    x, y, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [outline.reshape(-1, 2) - (x, y)], 1)
    return float(cv2.mean(certainties[y : y + height, x : x + width], inside)[0])


def _ordered(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """From the upper left clockwise."""
    by_x = corners[np.argsort(corners[:, 0])]
    left, right = by_x[:2], by_x[2:]
    left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)
