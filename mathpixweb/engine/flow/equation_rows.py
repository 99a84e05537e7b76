"""Tables that only put a formula into the middle of a line and its number at the end: they are formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from mathpixweb.engine.flow.model import Node, paragraph
from mathpixweb.engine.writers.programs.pandoc_tree import plain

MOST_COLUMNS: Final = 3
NUMBER: Final = re.compile(r"[(\[]?([A-Za-z]{0,3}[.\-–]?\d[\w.\-–′']{0,10})[)\]]?")
TAG: Final = re.compile(r"\\tag\*?\{[^{}]*\}")


def formulas(blocks: Iterable[Node]) -> Iterator[Node]:
    """The blocks, each such table as its formulas."""
    for block in blocks:
        found = _of_table(block["c"]) if block["t"] == "Table" else None
        if found is None:
            yield block
        else:
            yield from found


def _of_table(content: Any) -> list[Node] | None:
    _, caption, columns, head, bodies, foot = content
    rows = [row[1] for row in (*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1])]
    if not 2 <= len(columns) <= MOST_COLUMNS or (caption and caption[1]) or not rows:
        return None
    found = [_of_row(row) for row in rows]
    numbered = sum(each is not None and r"\tag{" in each["c"][0]["c"][1] for each in found)
    return [each for each in found if each] if all(found) and numbered else None


def _of_row(cells: list[Any]) -> Node | None:
    """The formula of the row, when there is nothing else but its number."""
    formula: str | None = None
    number = ""
    for cell in cells:
        said = [inline for block in cell[4] for inline in block.get("c") or () if _says(inline)]
        if len(said) == 1 and said[0]["t"] == "Math" and formula is None:
            formula = said[0]["c"][1]
        elif said:
            found = NUMBER.fullmatch("".join(plain(cell[4], str).split()))
            if found is None or number:
                return None
            number = found[1]
    if formula is None:
        return None
    return paragraph([{"t": "Math", "c": [{"t": "DisplayMath"}, _numbered(formula, number)]}])


def _numbered(latex: str, number: str) -> str:
    """The formula with that number, instead of the one that it may have brought along."""
    if not number:
        return latex
    told = rf"\tag{{{number}}}"
    return TAG.sub(lambda _: told, latex, count=1) if TAG.search(latex) else latex.rstrip() + told


def _says(inline: Any) -> bool:
    return isinstance(inline, dict) and inline.get("t") not in ("Space", "SoftBreak", "LineBreak")
