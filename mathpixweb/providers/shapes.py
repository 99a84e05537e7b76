"""Triangles and their labels in the words of v3/text's `geometry_data`."""

from __future__ import annotations

import re
from typing import Any, Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.frames import Frame
from mathpixweb.engine.ocr.labelled import Geometry
from mathpixweb.engine.ocr.triangles import Corners

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def told(geometry: Geometry, frame: Frame) -> dict[str, Any]:
    """A drawing in the pixels of the picture as it was sent."""
    return {
        "position": _position(geometry.around, frame),
        "shape_list": [_triangle(corners, frame) for corners in geometry.triangles],
        "label_list": [_label(label, frame) for label in geometry.labels],
    }


def _triangle(corners: Corners, frame: Frame) -> dict[str, Any]:
    """`edge_list` of a corner names those to which a side leads."""
    vertices = [
        {"x": x, "y": y, "edge_list": [other for other in range(len(corners)) if other != number]}
        for number, (x, y) in enumerate(frame.place(corners))
    ]
    return {"type": "triangle", "vertex_list": vertices}


def _label(label: FoundFormula, frame: Frame) -> dict[str, Any]:
    number = _NUMBER.fullmatch(label.latex)
    return {
        "position": _position(label.box, frame),
        "text": label.latex if number else f"\\( {label.latex} \\)",
        "latex": label.latex,
        "confidence": round(label.confidence**label.symbols, 6),
        "confidence_rate": round(label.confidence, 6),
    }


def _position(box: Box, frame: Frame) -> dict[str, int]:
    outline = frame.outline(box)
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    left, top = min(xs), min(ys)
    return {"top_left_x": left, "top_left_y": top, "width": max(xs) - left, "height": max(ys) - top}
