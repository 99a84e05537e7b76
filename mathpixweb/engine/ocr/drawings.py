"""What the drawings in a picture show: molecules, triangles. All else that is drawn stays a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.model import Molecule
from mathpixweb.engine.ocr import plain_words, triangles
from mathpixweb.engine.ocr.figures import Figure
from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.text import TextLine, TextWord
from mathpixweb.engine.ocr.triangles import Corners

_read_molecule: Final = Deferred("mathpixweb.engine.chemistry.reading:read")  # most pictures show none
MARGIN: Final = 6  # pixels around a drawing
EDGE: Final = 2  # pixels by which a drawing's ink may stand out of its box
SURE: Final = 0.5  # confidence of a molecule; what is rather misread than right stays a picture
MOST: Final = 24  # drawings that are looked into
SPARSE: Final = 0.06  # of the space that ink takes is ink
CLEARLY: Final = 0.05  # of confidence by which one reading is better
SEVERAL: Final = "."  # stands between molecules
RING: Final = "C1CC1"  # the one molecule that is a triangle
BESIDE: Final = 0.15  # of a triangle's longer side, at most, are between it and its labels …
LONGEST_LABEL: Final = 6  # … of so many letters
FEWEST_WORDS: Final = 3  # and numbers, with which a figure is a chart and no molecule
WHITE: Final = 255
_OF_AXES: Final = re.compile(r"[^\W\d_A-Z]{4}|\d\d|\d[.,]\d|\d%")


@dataclass(frozen=True, slots=True)
class Lettering:
    """Text in a drawing, by the contract's word for what it is there."""

    line: TextLine
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Drawing:
    """`subtype` is the contract's word for what is drawn, if it is known; `lettering` is the text in it."""

    box: Box
    subtype: str | None = None
    molecule: Molecule | None = None
    lettering: tuple[Lettering, ...] = ()
    triangles: tuple[Corners, ...] = ()


def identify(gray: Gray, figures: Sequence[Figure], lines: Sequence[TextLine] = ()) -> list[Drawing]:
    """Every figure as a drawing, those known that can be read. `gray` is dark on white, `lines` its text."""
    telling = [word.box for line in lines for word in line.words if _is_of_no_molecule(word)]
    return [
        _identified(gray, figure, is_chart=sum(map(figure.holds, telling)) >= FEWEST_WORDS)
        if k < MOST and not figure.photo
        else Drawing(figure.box)
        for k, figure in enumerate(figures)
    ]


def _is_of_no_molecule(word: TextWord) -> bool:
    """Whether it is a number or a word as at the axes of charts, and no label of atoms."""
    return plain_words.is_plain(word) and _OF_AXES.search(word.text) is not None


def is_sparse(gray: Gray) -> bool:
    """Whether the ink is thin lines far apart, as of large bonds, and no formula's."""
    ink = gray < INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return bool(len(rows)) and ink.sum() < SPARSE * np.ptp(rows) * np.ptp(columns)


def whole(gray: Gray) -> Drawing | None:
    """The molecule that all ink of the picture draws: chains may run out of what is found as drawn."""
    molecule = _read_molecule(gray)
    if molecule is None or molecule.confidence < SURE or SEVERAL in molecule.smiles:
        return None
    rows, columns = np.flatnonzero((gray < INK).any(axis=1)), np.flatnonzero((gray < INK).any(axis=0))
    box = Box(float(columns[0]), float(rows[0]), float(columns[-1]) + 1, float(rows[-1]) + 1)
    return Drawing(box, "chemistry", molecule)


def confidence(drawing: Drawing) -> float:
    """That of the molecule, 0 without one."""
    return drawing.molecule.confidence if drawing.molecule else 0.0


def overrules(whole: Drawing, parts: Sequence[Drawing]) -> bool:
    """Whether what all ink says is told rather than what its parts say, which may lack pale letters."""
    best = max(parts, key=confidence)
    return len(parts) > 1 or confidence(whole) > confidence(best) - CLEARLY or surer(whole, best) is whole


def surer(one: Drawing, other: Drawing) -> Drawing:
    """The surer reading of a molecule; the one with less of its space told, if both differ in that alone."""
    first, second = one.molecule, other.molecule
    if first and second and first.flat_smiles == second.flat_smiles:
        return one if len(first.smiles) <= len(second.smiles) else other
    return one if confidence(one) >= confidence(other) else other


def _identified(gray: Gray, figure: Figure, *, is_chart: bool) -> Drawing:
    found = triangles.find(gray, figure.box)
    if found and triangles.fills(found[0], figure.box) and not triangles.is_regular(found[0]):
        return Drawing(figure.box, "triangle", triangles=found)
    molecule = None if is_chart else _read_molecule(cut(gray, figure.box))
    if molecule is not None and molecule.confidence >= SURE and (not found or molecule.smiles == RING):
        return Drawing(figure.box, "chemistry", molecule)
    return Drawing(figure.box, "triangle" if found else None, triangles=found)


def with_labels(drawing: Drawing, lines: Sequence[TextLine]) -> Drawing:
    """A triangle with the few letters that stand around it."""
    if not drawing.triangles:
        return drawing
    reach = drawing.box.grown(BESIDE * max(drawing.box.width, drawing.box.height))
    near = [
        line.box
        for line in lines
        if line.length <= LONGEST_LABEL and reach.contains_point(line.box.cx, line.box.cy)
    ]
    return replace(drawing, box=union([drawing.box, *near]))


def cut(gray: Gray, box: Box) -> Gray:
    x, y = max(0, int(box.x0) - MARGIN), max(0, int(box.y0) - MARGIN)
    return np.ascontiguousarray(gray[y : int(box.y1) + MARGIN + 1, x : int(box.x1) + MARGIN + 1])


def without(gray: Gray, boxes: Sequence[Box]) -> Gray:
    """The picture with nothing in these places."""
    if not boxes:
        return gray
    bare = gray.copy()
    for box in boxes:
        bare[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = WHITE
    return bare
