"""Pictures of formulas for the recognizers: PDFs in the fonts every reader has, rasterised by PDFium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2

from tests.engine.pages import assembled

ITALIC, ROMAN, SYMBOL = "I", "R", "S"
_FONTS = {ITALIC: "Times-Italic", ROMAN: "Times-Roman", SYMBOL: "Symbol"}
MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class Text:
    """Letters of a font at a place in points; y grows upwards."""

    font: str
    text: str
    x: float
    y: float
    size: float = 10.0


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    thickness: float = 0.4


def picture(
    marks: Sequence[Text | Bar], width: float, height: float, scale: float = 2.8
) -> np.ndarray[Any, Any]:
    """The marks on a page of this size in points, in gray, at `scale` pixels in a point."""
    content = "\n".join(_drawn(mark) for mark in marks).encode("latin-1")
    fonts = " ".join(f"/{key} {number} 0 R" for number, key in enumerate(_FONTS, 5))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: (
            f"<</Type/Page/Parent 2 0 R/MediaBox[{-MARGIN} {-MARGIN} {width + MARGIN} {height + MARGIN}]"
            f"/Resources<</Font<<{fonts}>>>>/Contents 4 0 R>>"
        ).encode(),
        4: b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    }
    for number, base in enumerate(_FONTS.values(), 5):
        objects[number] = f"<</Type/Font/Subtype/Type1/BaseFont/{base}>>".encode()
    document = pypdfium2.PdfDocument(assembled(objects))
    try:
        return np.array(document[0].render(scale=scale, grayscale=True).to_pil().convert("L"))
    finally:
        document.close()


def _drawn(mark: Text | Bar) -> str:
    if isinstance(mark, Bar):
        return f"{mark.x} {mark.y} {mark.width} {mark.thickness} re f"
    escaped = "".join(f"\\{ord(char):03o}" for char in mark.text)
    return f"BT /{mark.font} {mark.size} Tf 1 0 0 1 {mark.x} {mark.y} Tm ({escaped}) Tj ET"
