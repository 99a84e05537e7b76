"""Paragraphs that a figure, a table or a footnote interrupts, as at the end of a column, made whole.

What stands in between comes after the paragraph, which is where its author has put it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.layout.paragraphs import HYPHENS, lines_joined, whole_words
from mathpixweb.engine.model import Block, Line, Text

INTERRUPTING = frozenset(("diagram", "table", "footnote", "pseudocode", "page_info"))
FULL = 1.5  # em that the line before may end short of the others
_ENDED = re.compile(r"[.?!:;。？！：；][)\]”’\"'»」』）]*$")


def bridge(draft: Draft) -> Draft:
    """The blocks, with paragraphs before what has interrupted them."""
    blocks: list[Block] = []
    vocabulary = frozenset(whole_words(draft.rows))
    for block in draft.blocks:
        start = len(blocks)
        while start and blocks[start - 1].type in INTERRUPTING:
            start -= 1
        if 0 < start < len(blocks) and _goes_on(blocks[start - 1], block):
            blocks[start - 1] = _joined(blocks[start - 1], block, vocabulary)
        else:
            blocks.append(block)
    return replace(draft, blocks=tuple(blocks))


def _goes_on(block: Block, following: Block) -> bool:
    if block.type != "text" or following.type != "text" or not block.lines or not following.lines:
        return False
    last, first = block.lines[-1], following.lines[0]
    if abs(last.size - first.size) > 0.5 or not _is_full(block.lines):
        return False
    said, opening = _text_at(last, -1), _text_at(first, 0)
    if not said or not opening[:1].isalpha() or _ENDED.search(said):
        return False
    return opening[0].islower() or (said.endswith(HYPHENS) and said[-2:-1].isalpha())


def _is_full(lines: Sequence[Line]) -> bool:
    """Whether the last line ends where the others do."""
    return lines[-1].box.x1 > max(line.box.x1 for line in lines[-4:]) - FULL * lines[-1].size


def _text_at(line: Line, end: int) -> str:
    """The words at an end of the line; nothing where a formula stands."""
    span = line.spans[end] if line.spans else None
    return span.text.strip() if isinstance(span, Text) else ""


def _joined(block: Block, following: Block, vocabulary: Set[str]) -> Block:
    lines = lines_joined([*block.lines, *following.lines], len(block.lines) - 1, vocabulary)
    return replace(block, lines=tuple(lines), box=union((block.box, following.box)))
