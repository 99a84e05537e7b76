"""Drawings of triangles with what their sides, corners and angles are labelled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import mathematics, symbols
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.text import TextLine, TextWord
from mathpixweb.engine.ocr.triangles import SHARE, Corners, cut

WHITE: Final = 255
STROKE: Final = 7  # pixels that are wiped away along the sides, so that labels are left
PLAIN: Final = re.compile(r"[A-Za-z]|\d+(?:\.\d+)?|\?|\d*[a-z](?:[+-]\d+)?")  # read as text it is as good
SURE: Final = 0.8  # confidence of a label; what is left of the lines is read with less
AROUND: Final = 6  # pixels of white around the drawing


@dataclass(frozen=True, slots=True)
class Geometry:
    """Triangles of one drawing by their corners, in pixels, and its labels."""

    box: Box
    triangles: tuple[Corners, ...]
    labels: tuple[FoundFormula, ...] = ()

    @property
    def around(self) -> Box:
        """The drawing with its labels."""
        return union([self.box, *(label.box for label in self.labels)])


def read(gray: Gray, box: Box, triangles: Sequence[Corners], lines: Sequence[TextLine]) -> Geometry:
    """`lines` are the text of the picture; what stands in the box labels the drawing."""
    words = [
        word for line in lines for word in line.words if box.grown(1).contains_point(word.box.cx, word.box.cy)
    ]
    found = _symbols(gray, box, triangles)
    told = [*_surer(words, found), *(each for each in found if not any(_is_one(each, one) for one in words))]
    return Geometry(box, tuple(triangles), tuple(sorted(told, key=lambda each: (each.box.y0, each.box.x0))))


def _surer(words: Sequence[TextWord], found: Sequence[FoundFormula]) -> Iterator[FoundFormula]:
    """Each word as a formula, as it was read as text or as symbols, whichever is surer."""
    for word in words:
        rivals = [each for each in found if _is_one(each, word)]
        best = max(rivals, key=lambda each: each.confidence, default=None)
        if PLAIN.fullmatch(word.text) and (best is None or word.confidence >= best.confidence):
            yield FoundFormula(word.text, word.box, word.box.height, word.confidence, len(word.text))
        elif best is not None:
            yield from rivals


def _is_one(label: FoundFormula, word: TextWord) -> bool:
    return word.box.grown(2).contains_point(label.box.cx, label.box.cy)


def _symbols(gray: Gray, box: Box, triangles: Sequence[Corners]) -> list[FoundFormula]:
    """What stands beside the lines, one formula for each group of symbols."""
    x, y, part = cut(gray, box.grown(AROUND))
    bare = part.copy()
    for corners in triangles:
        outline = np.rint(np.asarray(corners) - (x, y)).astype(np.int32)
        cv2.polylines(bare, [outline], True, WHITE, STROKE)
    found = mathematics.apart(symbols.detect(_without_lines(bare, box)))
    sure = (
        label for label in found if label.confidence > SURE and label.box.height < SHARE * max(part.shape)
    )
    return [label.moved(x, y) for label in sure]


def _without_lines(bare: Gray, box: Box) -> Gray:
    """Without what is too long to be a letter: altitudes, arcs, frames."""
    _, marks, stats, _ = cv2.connectedComponentsWithStats((bare < INK).astype(np.uint8), connectivity=8)
    long = [
        number
        for number, (_, _, width, height, _) in enumerate(stats[1:], 1)
        if max(width, height) > SHARE * max(box.width, box.height)
    ]
    clean = bare.copy()
    clean[np.isin(marks, long)] = WHITE
    return clean
