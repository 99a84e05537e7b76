"""What the parts of pandoc's tree say.

The tree is pandoc's JSON (https://hackage.haskell.org/package/pandoc-types): `{"t": kind, "c": content}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
PLAIN = {"Space": " ", "SoftBreak": " ", "LineBreak": "\n"}
QUOTES = {"SingleQuote": "‘’", "DoubleQuote": "“”"}


def nodes(part: object, kind: str) -> Iterator[Node]:
    """All nodes of a kind in a part of the tree, in order; none within another of its kind."""
    if isinstance(part, dict):
        if part.get("t") == kind:
            yield part
        else:
            yield from nodes(part.get("c"), kind)
    elif isinstance(part, list):
        for each in part:
            yield from nodes(each, kind)


def plain(part: object, formula: Callable[[str], str]) -> str:
    """The text of a part, each formula as `formula` writes it; blocks on lines of their own."""
    if isinstance(part, list):
        parted = "\n" if any(isinstance(each, dict) and each.get("t") in BLOCKS for each in part) else ""
        return parted.join(text for each in part if (text := plain(each, formula)))
    if not isinstance(part, dict):
        return ""
    kind: str = part["t"]
    content: Any = part.get("c")
    if kind in PLAIN:
        return str(PLAIN[kind])
    if kind == "Math":
        return formula(content[1])
    if kind == "Quoted":
        marks = QUOTES[content[0]["t"]]
        return marks[0] + plain(content[1], formula) + marks[1]
    return str(content) if kind == "Str" else _inner(kind, content, formula)


def _inner(kind: str, content: Any, formula: Callable[[str], str]) -> str:
    if kind in ("Code", "CodeBlock"):
        return str(content[1])
    if kind in ("Span", "Div", "Link", "Image", "Cite"):
        return plain(content[1], formula)
    if kind in ("Header", "OrderedList"):
        return plain(content[-1], formula)
    return "" if kind in ("Note", "RawInline", "RawBlock") else plain(content, formula)


BLOCKS = [
    "Para",
    "Plain",
    "Header",
    "CodeBlock",
    "BulletList",
    "OrderedList",
    "BlockQuote",
    "Div",
    "Table",
    "Figure",
    "LineBlock",
]
