"""What is drawn in a picture besides text: drawings, charts, photographs, as boxes in its pixels.

Ink that is higher than letters and neither a rule nor text is drawn; so is what stands close around it. Text
on a dark panel or over a photograph keeps being text: whoever has read it takes such boxes back with `kept`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import letter_lines
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.letter_lines import Letters
from mathpixweb.engine.ocr.scaling import scaled

LETTER: Final = 9.0  # pixels of the usual letter at the size at which figures are sought
LONGEST_SIDE: Final = 1400  # pixels at that size
DARK: Final = 190  # grey levels; thin lines have become pale at that size
RULE, THIN = 5.0, 0.5  # letters' heights; straight level or upright ink so long is a rule, if it is so thin
FRAME, THICK = 15.0, 1.0  # also the double and bold rules of frames, which are longer
TALL, BROAD = 2.2, 0.9  # letters' heights: what is higher and broader is drawn
SMALLEST: Final = 4.0  # letters' heights on the shorter side of a figure …
LONGER: Final = 5.0  # … and on the longer one
NEAR: Final = 1.0  # letters' heights between parts of one figure …
BESIDE: Final = 0.6  # … and between it and a label of it …
LABEL: Final = 6.0  # … which is not longer than this; so much a neighbour may measure
SPACE: Final = 0.9  # letters' heights between the words of a line
MOST_AXES: Final = 2.0  # times the area of what is drawn is that of its axes
PHOTO: Final = 0.3  # of a photograph's pixels are neither ink nor ground
TONES: Final = (70, 205)  # grey levels of those
WORDY: Final = 0.10  # of a figure's area under lines of text, at least so many: a panel with text on it
WORDS: Final = 4.0  # times its height a line of several words is long; labels in drawings are shorter
FEWEST_LINES: Final = 3
FULL: Final = 0.22  # of its area, under however few lines
SURROUNDING: Final = 0.7  # of the picture: around lines of text these are the edges of their paper
MOST: Final = 40  # more are a texture


@dataclass(frozen=True, slots=True)
class Figure:
    """`photo`: it has tones, where drawings have lines."""

    box: Box
    photo: bool = False

    def holds(self, box: Box) -> bool:
        return self.box.contains_point(box.cx, box.cy)


def find(gray: Gray) -> list[Figure]:
    """Figures from top to bottom."""
    return beside(letter_lines.letters_of(gray), gray)


def beside(letters: Letters | None, gray: Gray) -> list[Figure]:
    """The figures where these are the letters."""
    usual = letters.height if letters else max(gray.shape) / 40
    zoom = min(1.0, LETTER / usual, LONGEST_SIDE / max(gray.shape))
    small = scaled(gray, zoom)
    unit = usual * zoom
    ink = small < DARK
    drawn = _drawn(ink, unit)
    boxes = _merged([box for box in drawn if box.width and box.height], NEAR * unit)
    around = boxes_of(ink)
    boxes = [_with_neighbours(box, around, unit) for box in boxes]
    boxes = [box for box in _merged(boxes, 0.5 * NEAR * unit) if _is_large(box, unit)]
    if boxes:
        labels = _labels(around, ink.shape, unit)
        boxes = _merged([_with_labels_beside(_with_axes(box, around), labels, unit) for box in boxes], 0.0)
    if len(boxes) > MOST:
        return []
    figures = [
        Figure(Box(box.x0 / zoom, box.y0 / zoom, box.x1 / zoom, box.y1 / zoom), _is_photo(small, box))
        for box in boxes
    ]
    return sorted(figures, key=lambda figure: figure.box.y0)


def kept(gray: Gray, figures: Sequence[Figure], lines: Sequence[Box]) -> list[Figure]:
    """The figures that are no panels or photographs with text on them, without captions at their edges."""

    def is_panel(figure: Figure) -> bool:
        inside = [line for line in lines if figure.holds(line) and _is_wordy(line)]
        area = sum(line.width * line.height for line in inside)
        own = max(1.0, figure.box.width * figure.box.height)
        surrounds = own > SURROUNDING * gray.size
        return area > FULL * own or (len(inside) >= FEWEST_LINES and (surrounds or area > WORDY * own))

    words = [line for line in lines if _is_wordy(line)]
    return [_without_captions(gray, figure, words) for figure in figures if not is_panel(figure)]


def _is_wordy(line: Box) -> bool:
    return line.width > WORDS * line.height


def _without_captions(gray: Gray, figure: Figure, lines: Sequence[Box]) -> Figure:
    """The figure up to the last of its ink that is no text."""
    box = figure.box
    x, y = max(0, int(box.x0)), max(0, int(box.y0))
    ink = gray[y : math.ceil(box.y1), x : math.ceil(box.x1)] < INK
    if not any(figure.holds(line) for line in lines):
        return figure
    for line in lines:
        if figure.holds(line):
            rows = slice(max(0, int(line.y0) - y), max(0, math.ceil(line.y1) - y))
            ink[rows, max(0, int(line.x0) - x) : max(0, math.ceil(line.x1) - x)] = False
    rows_, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows_):
        return figure
    left, right = x + float(columns[0]), x + float(columns[-1]) + 1
    rest = Box(left, y + float(rows_[0]), right, y + float(rows_[-1]) + 1)
    return Figure(_with_labels(rest, lines), figure.photo)


def _with_labels(box: Box, lines: Sequence[Box]) -> Box:
    """The box with the text beside and in it; what stands right over or under it is a caption."""
    return union([box, *(line for line in lines if box.y0 < line.cy < box.y1 and box.x_overlap(line) > 0)])


def _is_large(box: Box, unit: float) -> bool:
    sides = sorted((box.width, box.height))
    return sides[0] > SMALLEST * unit and sides[1] > LONGER * unit


def _drawn(ink: NDArray[np.bool_], unit: float) -> list[Box]:
    """Components that are neither letters nor rules."""
    rest = ink & ~(_rules(ink, RULE * unit, THIN * unit) | _rules(ink, FRAME * unit, THICK * unit))
    return [box for box in boxes_of(rest) if box.height > TALL * unit and box.width > BROAD * unit]


def _rules(ink: NDArray[np.bool_], length: float, thickness: float) -> NDArray[np.bool_]:
    """The level and upright strokes that are at least so long and not as thick as that."""
    mask, long, thick = ink.astype(np.uint8), max(8, round(length)), max(3, round(thickness))
    level, upright, solid = (
        cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) > 0
        for shape in ((1, long), (long, 1), (thick, thick))
    )
    return np.asarray((level | upright) & ~solid)


def _with_axes(box: Box, components: Sequence[Box]) -> Box:
    """The box with the rules that hang together with what is drawn, if they are not much longer."""
    most = MOST_AXES * box.width * box.height
    hanging = (union([box, other]) for other in components if _is_near(box, other, 0))
    return union([box, *(whole for whole in hanging if whole.width * whole.height < most)])


def _labels(components: Sequence[Box], shape: tuple[int, ...], unit: float) -> list[Box]:
    """The short words: those of running text have neighbours, with which they are long."""
    letters = np.zeros(shape, np.uint8)
    for box in components:
        if max(box.width, box.height) < TALL * unit:
            letters[int(box.y0) : math.ceil(box.y1), int(box.x0) : math.ceil(box.x1)] = 1
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, 2 + round(SPACE * unit)), np.uint8))
    return [box for box in boxes_of(joined > 0) if box.width < LABEL * unit]


def _with_neighbours(box: Box, components: Sequence[Box], unit: float) -> Box:
    """The box with what hardly stands out of it: letters, arrow heads, single bonds."""
    reach = box.grown(NEAR * unit)
    near = [
        other
        for other in components
        if reach.contains_point(other.cx, other.cy) and max(other.width, other.height) < LABEL * unit
    ]
    return union([box, *near])


def _with_labels_beside(box: Box, labels: Sequence[Box], unit: float) -> Box:
    return union([box, *(label for label in labels if _is_near(box, label, BESIDE * unit))])


def _merged(boxes: Sequence[Box], gap: float) -> list[Box]:
    """The boxes, those near each other made one."""
    merged: list[Box] = []
    for box in boxes:
        grown = box
        while near := [other for other in merged if _is_near(grown, other, gap)]:
            merged = [other for other in merged if other not in near]
            grown = union([grown, *near])
        merged.append(grown)
    return merged


def _is_near(one: Box, other: Box, gap: float) -> bool:
    return one.x_overlap(other) > -gap and one.y_overlap(other) > -gap


def _is_photo(small: Gray, box: Box) -> bool:
    part: NDArray[Any] = small[int(box.y0) : math.ceil(box.y1), int(box.x0) : math.ceil(box.x1)]
    toned = (part > TONES[0]) & (part < TONES[1])
    return bool(part.size) and float(toned.mean()) > PHOTO
