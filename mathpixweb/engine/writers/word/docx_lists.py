"""Items with marks of their own, as lists that Word counts where the marks count: `(a)`, `(b)` …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from mathpixweb.engine.flow import numerals
from mathpixweb.engine.writers.programs.pandoc_tree import plain
from mathpixweb.engine.writers.structure.lists import MARK, MARKED
from mathpixweb.engine.writers.structure.nodes import Node

COUNTED: Final = re.compile(r"(\(?)(\d{1,4}|[a-z]{1,7}|[A-Z]{1,7})([.)])")
DELIMITERS: Final = {("", "."): "Period", ("", ")"): "OneParen", ("(", ")"): "TwoParens"}
BULLETS: Final = frozenset("•-–—*∙·◦▪■●○")


def listed(part: Any) -> Any:
    """A part of a document with its marked items so, at every depth."""
    if isinstance(part, list):
        inner = [listed(each) for each in part]
        return [*_joined(inner)] if any(_is_marked(each) for each in inner) else inner
    if isinstance(part, dict) and "c" in part:
        return {**part, "c": listed(part["c"])}
    return part


def _joined(blocks: list[Any]) -> Iterator[Any]:
    for marked, group in groupby(blocks, _is_marked):
        items = [*group]
        made = _list([_taken(item) for item in items]) if marked else None
        yield from items if made is None else [made]


def _is_marked(block: Any) -> bool:
    return isinstance(block, dict) and block.get("t") == "Div" and MARKED in block["c"][0][1]


def _taken(item: Node) -> tuple[str, list[Node]]:
    """The mark of an item, and the item without it."""
    blocks = item["c"][1]
    first = blocks[0]["c"] if blocks and blocks[0]["t"] == "Para" else []
    if not first or first[0]["t"] != "Span" or MARK not in first[0]["c"][0][1]:
        return "", blocks
    return plain(first[0], str).strip(), [{"t": "Para", "c": first[2:]}, *blocks[1:]]


def _list(items: list[tuple[str, list[Node]]]) -> Node | None:
    marks = [mark for mark, _ in items]
    contents = [blocks for _, blocks in items]
    if len({*marks}) == 1 and marks[0] in BULLETS:
        return {"t": "BulletList", "c": contents}
    found = COUNTED.fullmatch(marks[0])
    delimiter = DELIMITERS.get((found[1], found[3])) if found else None
    if found is None or delimiter is None:
        return None
    for style in _styles(found[2]):
        start = numerals.number(found[2], style)
        if start and numerals.labels(start, style, delimiter, len(marks)) == marks:
            return {"t": "OrderedList", "c": [[start, {"t": style}, {"t": delimiter}], contents]}
    return None


def _styles(said: str) -> tuple[str, ...]:
    if said.isdigit():
        return ("Decimal",)
    case = "Upper" if said.isupper() else "Lower"
    return (f"{case}Roman", f"{case}Alpha") if said.lower() == "i" else (f"{case}Alpha", f"{case}Roman")
