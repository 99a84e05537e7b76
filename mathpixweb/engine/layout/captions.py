"""Captions: the paragraph next to a figure or table that names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import union
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
            title = _title_under(caption, figure, blocks)
            if title is not None:
                blocks.remove(title)
                caption = _joined(caption, title)
            label = replace(caption, type="figure_label", output=False)
            blocks[blocks.index(figure)] = replace(figure, children=(*figure.children, label))
    return replace(draft, blocks=tuple(blocks))


def _title_under(caption: Block, figure: Block, blocks: Sequence[Block]) -> Block | None:
    """The lines that say what is in the table, where the caption itself is but its number."""
    if not _CAPTION[figure.type].fullmatch(beginning(caption.lines[0].spans)) or len(caption.lines) > 1:
        return None
    em = caption.lines[0].size
    under = [
        block
        for block in blocks
        if block.type == "text"
        and -0.5 * em < caption.box.y0 - block.box.y1 < em
        and abs(block.box.cx - caption.box.cx) < em
        and _distance(block, figure) < FARTHEST
    ]
    return under[0] if len(under) == 1 else None


def _joined(caption: Block, title: Block) -> Block:
    lines = (*caption.lines, *title.lines)
    return replace(caption, lines=lines, box=union((caption.box, title.box)))


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
