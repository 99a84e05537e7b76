"""Pies: discs of several tones, parted along lines through the middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.drawings import Drawing, Lettering
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.preparing import Prepared
from mathpixweb.engine.ocr.text import TextLine

SMALLEST: Final = 60  # pixels of a disc in the sketch
ROUND: Final = 0.06  # by which its sides, and its area from a circle's, may differ
DARKER: Final = 18  # grey levels than the paper around it
RADII: Final = (0.35, 0.45, 0.55, 0.65, 0.75, 0.85)  # of the disc's, on which its tones are compared
STEPS: Final = 360  # places on each of them
TONE: Final = 10  # grey levels by which sectors differ
ALONG: Final = 0.65  # of the radii agree about a border, which is straight
FEWEST: Final = 2  # borders
EVEN: Final = 0.6  # of the places have the tone of their sector on all radii
LABEL: Final = 2.0  # letters' heights from the disc to what is written beside it
WORDS: Final = 14  # letters of such a label


def find(picture: Prepared, lines: Sequence[TextLine]) -> Iterator[Drawing]:
    """The pies with what is written in and around them."""
    height, width = picture.gray.shape
    gray, zoom = picture.sketch.cut(Box(0, 0, width, height), picture.frame)
    paper = int(np.median(gray[::4, ::4]))
    surface = cv2.morphologyEx(
        (gray < paper - DARKER).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)
    )
    for disc in boxes_of(surface):
        if _is_round(surface, disc) and _has_sectors(gray, disc, paper):
            box = disc.scaled(1 / zoom)
            labels = [line for line in lines if _is_label(line, box)]
            lettering = tuple(Lettering(line, "chart_info") for line in labels)
            yield Drawing(union([box, *(line.box for line in labels)]), "pie", lettering=lettering)


def _is_round(surface: NDArray[Any], disc: Box) -> bool:
    if min(disc.width, disc.height) < SMALLEST or abs(disc.width - disc.height) > ROUND * disc.width:
        return False
    part = surface[int(disc.y0) : int(disc.y1), int(disc.x0) : int(disc.x1)]
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    area = max(cv2.contourArea(outline) for outline in outlines)
    return abs(area / (np.pi / 4 * disc.width * disc.height) - 1) < ROUND


def _has_sectors(gray: Gray, disc: Box, paper: int) -> bool:
    """Whether the tone changes at the same angles on most radii, and hardly between them."""
    angles = np.linspace(0, 2 * np.pi, STEPS, endpoint=False)
    radii = np.array(RADII)[:, None] * (disc.width / 2)
    xs, ys = disc.cx + radii * np.cos(angles), disc.cy + radii * np.sin(angles)
    tones = gray[ys.astype(int), xs.astype(int)].astype(np.int16)
    tones = np.median(np.stack([np.roll(tones, k, axis=1) for k in range(-2, 3)]), axis=0)
    usual = np.median(tones, axis=0)
    even = float((np.abs(tones - usual) < TONE).mean())
    changes = np.abs(np.roll(tones, 4, axis=1) - tones) > TONE
    borders = changes.mean(axis=0) > ALONG
    starts = int((borders & ~np.roll(borders, 1)).sum())
    return starts >= FEWEST and even > EVEN and float(borders.mean()) < 0.5


def _is_label(line: TextLine, disc: Box) -> bool:
    reach = disc.grown(LABEL * line.box.height)
    near = line.box.x_overlap(reach) > 0 and line.box.y_overlap(reach) > 0
    return near and line.length <= WORDS
