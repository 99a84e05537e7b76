"""Quotations: paragraphs that keep the same distance from both edges of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Block

FEWEST_LINES: Final = 2
LEAST_MARGIN: Final = 1.0  # em
SAME_MARGIN: Final = 2.0  # points by which the two may differ


def mark(draft: Draft) -> Draft:
    """Gives quotations their type; this comes last, since captions and the like may look the same before."""
    text = [block for block in draft.blocks if block.type == "text" and block.lines]
    blocks = (replace(b, type="quote") if _is_quoted(b, text) else b for b in draft.blocks)
    return replace(draft, blocks=tuple(blocks))


def _is_quoted(block: Block, text: Sequence[Block]) -> bool:
    if block.type != "text" or len(block.lines) < FEWEST_LINES:
        return False
    around = [other.box for other in text if other.column == block.column]
    left = block.box.x0 - min(box.x0 for box in around)
    right = max(box.x1 for box in around) - block.box.x1
    if left < LEAST_MARGIN * block.lines[0].size or abs(left - right) > SAME_MARGIN:
        return False
    begun = all(line.box.x0 < block.box.x0 + SAME_MARGIN for line in block.lines[1:])
    return begun and all(line.box.x1 > block.box.x1 - 2 * line.size for line in block.lines[:-1])
