"""Pieces of LaTeX put next to each other, spaced as Mathpix does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DELIMITER = re.compile(r"\\(?:left|right|langle|lfloor|lceil)(?![A-Za-z])|\\[{}|]")
_STICKY = frozenset("([{+-=<>/|*!'`~@")  # ends after which no space is set


@dataclass(frozen=True, slots=True)
class Part:
    """LaTeX of one child of a row: `fenced` if it ends in a delimiter, `named` if it is a function's name."""

    text: str
    fenced: bool = False
    named: bool = False


def join(parts: Sequence[Part]) -> str:
    """The parts with spaces where operands meet and where LaTeX needs them, and none elsewhere."""
    text = ""
    previous = Part("")
    for part in parts:
        text += (" " if text and _needs_space(text, previous, part) else "") + part.text
        previous = part
    return text


def _needs_space(text: str, left: Part, right: Part) -> bool:
    last, first = text[-1], right.text[0]
    if _ends_in_command(left.text):  # a letter or star would become part of the command
        delimiter = _DELIMITER.match(right.text) is not None
        if first.isalnum() or first == "*" or (first == "\\" and not delimiter):
            return True
        if left.named and (first in "(|" or delimiter):
            return True
    if last == ".":
        return not (first.isdigit() or first == ".")
    if last == ",":
        return not (first.isdigit() and text[-2:-1].isdigit())
    if last in _STICKY and not (last == "|" and left.fenced):
        return False
    if _DELIMITER.match(right.text):
        return False
    return first.isalnum() or first == "\\"


def _ends_in_command(text: str) -> bool:
    stripped = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return len(stripped) < len(text) and stripped.endswith("\\")
