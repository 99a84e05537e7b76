"""Pictures of a Word document: shares of the text's width, which pandoc would take of the picture's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mathpixweb.engine.writers.chosen import number
from mathpixweb.engine.writers.structure.nodes import Node
from mathpixweb.engine.writers.word.docx_looks import MARGINS

TWIPS: Final = 1440  # an inch
PAPER: Final = (12240, 15840)  # twips: that of pandoc's documents
NARROWEST: Final = 0.1  # inches


def measured(blocks: list[Node], options: Mapping[str, Any]) -> list[Node]:
    """The blocks with the width of each picture that was told as a share. Raises RenderFailed."""
    measured_blocks: list[Node] = _measured(blocks, _text_width(options))
    return measured_blocks


def _text_width(options: Mapping[str, Any]) -> float:
    margins = MARGINS | dict(options.get("margins") or {})
    taken = sum(number(margins, name, MARGINS[name]) for name in ("left", "right", "gutter"))
    paper = PAPER[1] if options.get("orientation") == "landscape" else PAPER[0]
    return max(NARROWEST, (paper - taken) / TWIPS)


def _measured(part: Any, width: float) -> Any:
    if isinstance(part, list):
        return [_measured(each, width) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("t") == "Image":
        (identifier, classes, pairs), alternative, target = part["c"]
        told = [[name, _inches(value, width) if name == "width" else value] for name, value in pairs]
        return {"t": "Image", "c": [[identifier, classes, told], alternative, target]}
    return {name: _measured(value, width) for name, value in part.items()}


def _inches(length: str, width: float) -> str:
    return f"{float(length[:-1]) / 100 * width:.3f}in" if length.endswith("%") else length
