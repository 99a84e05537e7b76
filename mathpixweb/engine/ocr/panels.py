"""Light text on dark panels of a page, made dark on light: of each of them the negative is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr import ground, letter_lines
from mathpixweb.engine.ocr.ground import RGB, Gray
from mathpixweb.engine.ocr.scaling import scaled

LONG_SIDE: Final = 900  # pixels in which panels are looked for
DARK: Final = 140  # grey levels
LEAST: Final = 10.0  # pixels there of a panel's shorter side …
LONGER: Final = 2.0  # … and how many times as long the other one is …
LARGE: Final = 60.0  # … unless the shorter one is so long
RECTANGULAR: Final = 0.85  # of the rectangle around it that it fills
MOST: Final = 0.5  # of the picture; a larger one is the picture's ground
EVEN: Final = 24  # levels of grey by which a panel's ground varies …
PLAIN: Final = 0.6  # … in so much of it; a photograph varies more
FEWEST: Final = 4  # letters on it
RIM: Final = 2  # pixels of LONG_SIDE from the panel to the paper
WHITE: Final = 255

_Outline = NDArray[Any]


def lightened(gray: Gray, rgb: RGB, tones: Gray) -> Gray:
    """The evened picture with its panels in negative, evened on their own.

    `rgb` is what it was made of, `tones` is that in grey.
    """
    zoom = min(1.0, LONG_SIDE / max(gray.shape))
    lighter = gray
    for outline in _panels(scaled(tones, zoom)):
        x, y, wide, tall = cv2.boundingRect((outline / zoom).astype(np.int32))
        inside = np.zeros((tall, wide), np.uint8)
        cv2.fillPoly(inside, [(outline / zoom).astype(np.int32) - (x, y)], 1)
        part = slice(y, min(y + tall, gray.shape[0])), slice(x, min(x + wide, gray.shape[1]))
        inside = inside[: part[0].stop - y, : part[1].stop - x]
        if (negative := _negative(rgb[part], inside, RIM / zoom)) is not None:
            lighter = gray.copy() if lighter is gray else lighter
            _put(lighter, negative, part, inside, RIM / zoom)
    return lighter


def _panels(small: Gray) -> Iterator[_Outline]:
    """The outlines of dark rectangles of one tone."""
    outlines, _ = cv2.findContours(
        (small < DARK).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    for outline in outlines:
        shorter, longer = sorted(cv2.minAreaRect(outline)[1])
        area = cv2.contourArea(outline)
        if shorter < LEAST or (shorter < LARGE and longer < LONGER * shorter):
            continue
        x, y, wide, tall = cv2.boundingRect(outline)
        part = small[y : y + tall, x : x + wide]
        if RECTANGULAR * shorter * longer < area < MOST * small.size and _is_plain(part):
            yield outline


def _is_plain(part: NDArray[np.uint8]) -> bool:
    tone = float(np.median(part))
    return tone < DARK and float((np.abs(part - tone) < EVEN).mean()) > PLAIN


def _negative(rgb: RGB, inside: NDArray[np.uint8], rim: float) -> Gray | None:
    """The panel as dark ink on white; None if nothing is written on it."""
    core = cv2.erode(inside, np.ones((2 * round(rim) + 1,) * 2, np.uint8), borderValue=0) > 0
    panel = rgb.copy()
    panel[~core] = np.median(rgb[core], axis=0)
    made = ground.even(panel)
    letters = letter_lines.letters_of(made.gray) if made.inverted else None
    return made.gray if letters is not None and len(letters.boxes) >= FEWEST else None


def _put(
    gray: Gray, negative: Gray, part: tuple[slice, slice], inside: NDArray[np.uint8], rim: float
) -> None:
    """The panel replaced, and what is left of its dark edge taken away."""
    around = np.zeros(gray.shape, np.uint8)
    around[part] = inside
    wide = round(rim)
    near = (
        slice(max(0, part[0].start - wide), part[0].stop + wide),
        slice(max(0, part[1].start - wide), part[1].stop + wide),
    )
    edge = cv2.dilate(around[near], np.ones((2 * wide + 1,) * 2, np.uint8)) > 0
    gray[near][edge] = WHITE
    gray[part][inside > 0] = negative[inside > 0]
