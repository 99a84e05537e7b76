"""Pieces of text in a table: at one height they are a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr.text import TextLine, TextWord

SAME_LINE: Final = 0.5  # of the lower piece's height that pieces of a line share


def in_lines(pieces: Sequence[TextLine]) -> list[list[TextLine]]:
    """From top to bottom, each from left to right."""
    rows: list[list[TextLine]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.cy):
        home = next((row for row in reversed(rows) if _is_level(row, piece)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    rows.sort(key=middle)
    return [sorted(row, key=lambda piece: piece.box.x0) for row in rows]


def middle(row: Sequence[TextLine]) -> float:
    """The height of the line's middle."""
    return sum(piece.box.cy * piece.length for piece in row) / sum(max(1, piece.length) for piece in row)


def _is_level(row: Sequence[TextLine], piece: TextLine) -> bool:
    first = max(row, key=lambda other: other.length).box
    level = first.y_overlap(piece.box) > SAME_LINE * min(first.height, piece.box.height)
    return level and all(other.box.x_overlap(piece.box) < 0.4 * piece.box.height for other in row)


def cut(piece: TextLine, places: Sequence[float]) -> list[TextLine]:
    """The piece's words by the intervals between the places in which they stand, as pieces of their own."""
    groups: dict[int, list[TextWord]] = {}
    for word in piece.words:
        groups.setdefault(sum(word.box.cx > place for place in places), []).append(word)
    if len(groups) < 2:
        return [piece]
    return [part(piece, words) for _, words in sorted(groups.items())]


def part(piece: TextLine, words: Sequence[TextWord]) -> TextLine:
    total = sum(len(word.text) for word in words) or 1
    confidence = sum(word.confidence * len(word.text) for word in words) / total
    return replace(piece, words=tuple(words), box=union(word.box for word in words), confidence=confidence)


def box_of(pieces: Sequence[TextLine]) -> Box:
    return union(piece.box for piece in pieces)
