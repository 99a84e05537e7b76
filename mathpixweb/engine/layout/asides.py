"""Where notes of the margin and sidebars are read, and what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.model import Block, Formula, Text

GAP = 0.1  # of the text's height, the most white in a sidebar
SIDEBAR = 0.4  # of the text's height; what is higher is read when the text is


def put_in(blocks: Sequence[Block], notes: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of the text with each note after the one beside which it begins; sidebars after all."""
    if not notes:
        return tuple(blocks)
    column = 1 + max((block.column for block in blocks), default=0)
    notes = [_noted(replace(note, column=column)) for note in notes]
    text = [block for block in blocks if block.type != "page_info"]
    if _is_sidebar(notes, text):
        at = _place_of_sidebar(blocks, text)
        return (*blocks[:at], *notes, *blocks[at:])
    places: dict[int, list[Block]] = defaultdict(list)
    shown = set(map(id, text))
    for note in notes:
        above = [k for k, b in enumerate(blocks) if id(b) in shown and b.box.y1 >= note.box.y1 - 2]
        places[max(above, default=-1)].append(note)
    found = list(places[-1])
    for k, block in enumerate(blocks):
        found += [block, *places[k]]
    return tuple(found)


def _is_sidebar(notes: Sequence[Block], text: Sequence[Block]) -> bool:
    """Whether the notes are one text beside much of the page, with headings or without gaps."""
    if not text:
        return False
    high = union(block.box for block in text).height
    if any(note.type == "section_header" for note in notes):
        return True
    gaps = [above.box.y0 - below.box.y1 for above, below in pairwise(notes)]
    return union(note.box for note in notes).height > SIDEBAR * high and max(gaps, default=0) < GAP * high


def _place_of_sidebar(blocks: Sequence[Block], text: Sequence[Block]) -> int:
    """After the text; where that goes on on the next page, before its first heading."""
    last = text[-1].lines[-1].spans[-1:] if text[-1].lines else ()
    ended = not any(isinstance(span, Text) and span.text.rstrip()[-1:].isalnum() for span in last)
    heading = next((k for k, b in enumerate(blocks) if b.type == "section_header" and k), None)
    return len(blocks) if ended or heading is None else heading


def _noted(note: Block) -> Block:
    """The note; one that begins with a raised mark is the note to that mark in the text."""
    first = note.lines[0].spans[0] if note.type == "text" and note.lines and note.lines[0].spans else None
    raised = isinstance(first, Formula) and first.latex.startswith("{ }^{")
    return replace(note, type="footnote") if raised else note
