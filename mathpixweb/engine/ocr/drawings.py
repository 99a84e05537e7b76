"""What the drawings in a picture show: molecules. Everything else that is drawn stays a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Molecule
from mathpixweb.engine.ocr.figures import Figure
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.text import TextLine

_read_molecule: Final = Deferred("mathpixweb.engine.chemistry.reading:read")  # most pictures show none
MARGIN: Final = 6  # pixels around a drawing
SURE: Final = 0.5  # confidence of a molecule; what is rather misread than right stays a picture
MOST: Final = 24  # drawings that are looked into
WHITE: Final = 255


@dataclass(frozen=True, slots=True)
class Drawing:
    """`subtype` is the contract's word for what is drawn, if it is known; `lettering` is the text in it."""

    box: Box
    subtype: str | None = None
    molecule: Molecule | None = None
    lettering: tuple[TextLine, ...] = ()


def identify(gray: Gray, figures: Sequence[Figure]) -> list[Drawing]:
    """Every figure as a drawing, those known that can be read. `gray` is dark on white."""
    return [_identified(gray, figure, k < MOST) for k, figure in enumerate(figures)]


def _identified(gray: Gray, figure: Figure, look: bool) -> Drawing:
    molecule: Molecule | None = None
    if look and not figure.photo:
        molecule = _read_molecule(cut(gray, figure.box))
    if molecule is None or molecule.confidence < SURE:
        return Drawing(figure.box)
    return Drawing(figure.box, "chemistry", molecule)


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
