"""LaTeX's source taken apart: commands with their arguments, rows, cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

MARK: Final = re.compile(r"\\begin\{|\\end\{|\\.|[&{}]", re.DOTALL)
DEPTHS: Final = {r"\begin{": 2, "{": 1, "}": -1}  # the brace after a name closes again


@dataclass(frozen=True, slots=True)
class Command:
    """A command with one argument in braces: `text[start:end]` is all of it."""

    argument: str
    start: int
    end: int


def find_command(text: str, name: str, position: int = 0) -> Command | None:
    """The next `\\name[…]{…}` with balanced braces."""
    for found in re.compile(rf"\\{name}\*?\s*(?:\[[^\]]*\])?\s*\{{").finditer(text, position):
        end = closing_brace(text, found.end())
        if end:
            return Command(text[found.end() : end - 1], found.start(), end)
    return None


def replace_commands(text: str, name: str, rewrite: Callable[[str], str]) -> str:
    """`text` with each `\\name{argument}` replaced by `rewrite(argument)`."""
    pieces: list[str] = []
    position = 0
    while command := find_command(text, name, position):
        pieces += [text[position : command.start], rewrite(command.argument)]
        position = command.end
    return "".join([*pieces, text[position:]])


def closing_brace(text: str, position: int) -> int:
    """Where the group that is open at `position` has ended, or 0 when it never does."""
    depth = 1
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, position):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return 0


def split_rows(latex: str) -> Iterator[str]:
    """The rows between the `\\\\` that stand in no group and no inner environment."""
    return _split(latex, "\\\\")


def split_cells(row: str) -> Iterator[str]:
    """The cells between the `&` that stand in no group and no inner environment."""
    return _split(row, "&")


def _split(latex: str, separator: str) -> Iterator[str]:
    depth = start = 0
    for mark in MARK.finditer(latex):
        if mark[0] == separator and depth == 0:
            yield latex[start : mark.start()]
            start = mark.end()
        depth += DEPTHS.get(mark[0], 0)
    yield latex[start:]
