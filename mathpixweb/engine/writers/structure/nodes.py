"""Nodes of pandoc's tree (https://hackage.haskell.org/package/pandoc-types): `{"t": kind, "c": content}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Node = dict[str, Any]

SPACE: Final[Node] = {"t": "Space"}
LINE_BREAK: Final[Node] = {"t": "LineBreak"}
RULE: Final[Node] = {"t": "HorizontalRule"}
PAGE_BREAK: Final = "page-break"  # the class of an empty division
SECTION: Final = "by-command"  # the class of headings that are LaTeX's sections
BLANKS: Final = frozenset({"Space", "SoftBreak", "LineBreak"})
_WORDS = re.compile(r"[ \t\n\r\f\v]+|[^ \t\n\r\f\v]+")  # a space that does not break is part of a word


def attributes(
    identifier: str = "", classes: Sequence[str] = (), pairs: Mapping[str, str] | None = None
) -> Any:
    return [identifier, list(classes), [[name, value] for name, value in (pairs or {}).items()]]


def words(text: str) -> list[Node]:
    """Text as words and the spaces between them."""
    return [
        SPACE if piece.isspace() and "\xa0" not in piece else string(piece) for piece in _WORDS.findall(text)
    ]


def string(text: str) -> Node:
    return {"t": "Str", "c": text}


def wrapped(kind: str, content: list[Node]) -> Node:
    """`Emph`, `Strong` and their kind."""
    return {"t": kind, "c": content}


def code(text: str) -> Node:
    return {"t": "Code", "c": [attributes(), text]}


def math(latex: str, *, display: bool = False) -> Node:
    return {"t": "Math", "c": [{"t": "DisplayMath" if display else "InlineMath"}, latex]}


def link(content: list[Node], address: str, title: str = "") -> Node:
    return {"t": "Link", "c": [attributes(), content, [address, title]]}


def image(address: str, alternative: str, pairs: Mapping[str, str] | None = None) -> Node:
    return {"t": "Image", "c": [attributes(pairs=pairs), words(alternative), [address, ""]]}


def span(content: list[Node], identifier: str = "", classes: Sequence[str] = ()) -> Node:
    return {"t": "Span", "c": [attributes(identifier, classes), content]}


def note(blocks: list[Node]) -> Node:
    return {"t": "Note", "c": blocks}


def paragraph(content: list[Node]) -> Node:
    return {"t": "Para", "c": content}


def header(level: int, content: list[Node], identifier: str = "", classes: Sequence[str] = ()) -> Node:
    return {"t": "Header", "c": [level, attributes(identifier, classes), content]}


def division(
    blocks: list[Node],
    identifier: str = "",
    classes: Sequence[str] = (),
    pairs: Mapping[str, str] | None = None,
) -> Node:
    return {"t": "Div", "c": [attributes(identifier, classes, pairs), blocks]}


def page_break() -> Node:
    return division([], classes=[PAGE_BREAK])


def trimmed(inlines: Iterable[Node]) -> list[Node]:
    """Without blanks at the ends, and never two in a row."""
    kept: list[Node] = []
    for inline in inlines:
        blank = inline["t"] in BLANKS
        if blank and (not kept or kept[-1]["t"] == "LineBreak" or (kept[-1] == SPACE and inline == SPACE)):
            continue
        if inline["t"] == "LineBreak" and kept and kept[-1] == SPACE:
            kept.pop()
        kept.append(inline)
    while kept and kept[-1]["t"] in BLANKS:
        kept.pop()
    return kept
