"""lines.json of a leaf; what has no place on paper has no `region`."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from mathpixweb.engine.flow.inlines import FigureUrl
from mathpixweb.engine.flow.model import Leaf, Place
from mathpixweb.engine.flow.pieces import Piece, pieces
from mathpixweb.engine.model import Options
from mathpixweb.engine.writers.mmd.lines import SCALE

PAGE_BREAK: Final = "\n\n\\pagebreak\n\n"


def size(leaf: Leaf) -> tuple[int, int]:
    """Width and height of the page in pixels; 0 where there is no paper."""
    return round(leaf.width * SCALE), round(leaf.height * SCALE)


def write(
    leaf: Leaf, options: Options, image_id: str, first: bool, figure: FigureUrl
) -> list[dict[str, Any]]:
    """The `lines` of the page; `first` says that it opens the document."""
    lines = [
        _line(piece, place, number, image_id)
        for number, (piece, place) in enumerate(
            ((piece, place) for block, place in leaf.placed() for piece in pieces(block, options, figure)), 1
        )
    ]
    if lines:
        gap = "" if first else PAGE_BREAK if options.include_page_breaks else "\n\n"
        lines[0]["text_display"] = gap + lines[0]["text_display"].lstrip("\n")
    return lines


def _line(piece: Piece, place: Place | None, number: int, image_id: str) -> dict[str, Any]:
    line: dict[str, Any] = {
        "id": blake2b(f"{image_id} {number}".encode(), digest_size=16).hexdigest(),
        "type": piece.type,
        "line": number,
        "column": 0,
        "is_printed": True,
        "is_handwritten": False,
        **_region(place),
        "text": piece.text,
        "text_display": piece.display,
        "conversion_output": True,
        "confidence": 1.0,
        "confidence_rate": 1.0,
    }
    if piece.subtype:
        line["subtype"] = piece.subtype
    return line


def _region(place: Place | None) -> Mapping[str, Any]:
    if place is None:
        return {}
    x, y = round(place.x * SCALE), round(place.y * SCALE)
    width, height = max(1, round(place.width * SCALE)), max(1, round(place.height * SCALE))
    return {
        "region": {"top_left_x": x, "top_left_y": y, "width": width, "height": height},
        "cnt": [[x, y + height], [x, y], [x + width, y], [x + width, y + height]],
    }
