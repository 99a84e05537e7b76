"""Algorithms between rules: a caption, then statements line by line, each as far in as it is nested."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout.draft import Draft, Row, Word
from mathpixweb.engine.layout.faces import Faces, faces_of
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.spans import spans_of
from mathpixweb.engine.layout.words import words_of
from mathpixweb.engine.model import Block, Line, Span, Text

INDENT: Final = "\u2003"  # a blank of one em, which is kept where other blanks are not
LEAST_INDENT: Final = 0.6  # em
_NUMBER: Final = re.compile(r"\d{1,3}[:.]?")


def block_of(lines: Sequence[Row], box: Box, draft: Draft) -> Block:
    """The block of an algorithm, whose first line is its caption."""
    faces = faces_of(draft.survey)
    caption, *rest = (replace(line, words=words_of(line, faces)) for line in lines)
    numbered = sum(map(_is_numbered, rest)) > 0.5 * len(rest)
    statements = [row.words[1:] if numbered and _is_numbered(row) else row.words for row in rest]
    counted = [
        words[0].x0 for row, words in zip(rest, statements, strict=True) if len(words) < len(row.words)
    ]
    left = min(counted or [words[0].x0 for words in statements if words], default=box.x0)
    read = (_line(row, words, left, faces, draft) for row, words in zip(rest, statements, strict=True))
    return Block(
        "pseudocode", box, (Line(spans_of(caption, draft.options, faces), caption.box, caption.size), *read)
    )


def _is_numbered(row: Row) -> bool:
    return len(row.words) > 1 and bool(_NUMBER.fullmatch(reading(row.words[0].glyphs)))


def _line(row: Row, words: Sequence[Word], left: float, faces: Faces, draft: Draft) -> Line:
    spans: list[Span] = []
    if len(words) < len(row.words):
        spans.append(Text(f"{reading(row.words[0].glyphs)} ", row.box))
    inwards = (words[0].x0 - left) / row.size if words else 0.0
    if inwards > LEAST_INDENT:
        spans.append(Text(INDENT * round(inwards), row.box))
    spans += spans_of(replace(row, words=tuple(words)), draft.options, faces)
    return Line(tuple(spans), row.box, row.size)
