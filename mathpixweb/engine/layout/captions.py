"""Captions: the paragraph next to a figure or table that names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Block, Text

_CAPTION = {
    "diagram": re.compile(
        r"(?i)(figure|fig\.?|abbildung|abb\.?|figura|figuur|рис(?:унок|\.)|scheme|plate|chart|[图圖図]|그림)\s*"
        r"[A-Z]?[\d.]+"
    ),
    "table": re.compile(
        r"(?i)(table|tabelle|tab\.?|tableau|tabla|cuadro|tabella|tabela|tabel|табл(?:ица|\.)|表|표)\s*"
        r"([A-Z]?[\d.]+|[IVX]+)"
    ),
}
FARTHEST = 40.0  # points between the figure and its caption


def attach(draft: Draft) -> Draft:
    """Makes each caption a child of the figure or table it stands next to."""
    blocks = list(draft.blocks)
    for figure in [block for block in blocks if block.type in _CAPTION]:
        near = [block for block in blocks if _is_caption(block, figure)]
        if near:
            caption = min(near, key=lambda block: _distance(block, figure))
            blocks.remove(caption)
            label = replace(caption, type="figure_label", output=False)
            blocks[blocks.index(figure)] = replace(figure, children=(*figure.children, label))
    return replace(draft, blocks=tuple(blocks))


def _is_caption(block: Block, figure: Block) -> bool:
    if block.type != "text" or _distance(block, figure) > FARTHEST or block.box.x_overlap(figure.box) <= 0:
        return False
    return bool(_CAPTION[figure.type].match(beginning(block.lines[0].spans)))


def names_table(text: str) -> bool:
    """Whether the line begins as the caption of a table does."""
    return _CAPTION["table"].match(text) is not None


def _distance(block: Block, figure: Block) -> float:
    return max(0.0, -block.box.y_overlap(figure.box))


def beginning(spans: Sequence[object]) -> str:
    """The text with which the spans begin."""
    return spans[0].text.strip() if spans and isinstance(spans[0], Text) else ""
