"""What readers of documents that flow give: pandoc's blocks, and the pictures that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Node = dict[str, Any]  # of pandoc's tree: {"t": kind, "c": content}

PAGE_BREAK: Final[Node] = {
    "t": "PageBreak"
}  # a kind of our own: the document begins a page or a chapter here
OPENS, CLOSES = "\ue010", "\ue011"  # around the label of an item, before its text


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies on its page, in points from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its blocks, and where each lies if that is known; in points, 0 where there is no paper."""

    blocks: tuple[Node, ...]
    places: tuple[Place | None, ...] = ()
    width: float = 0.0
    height: float = 0.0

    def placed(self) -> Iterator[tuple[Node, Place | None]]:
        places = self.places or (None,) * len(self.blocks)
        return zip(self.blocks, places, strict=True)


@dataclass(frozen=True, slots=True)
class Flow:
    """A text in one piece. `pictures` are files by the names that its images have."""

    blocks: tuple[Node, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slides:
    """A text whose pages are given."""

    leaves: tuple[Leaf, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def text(words: str) -> list[Node]:
    """Words as inlines."""
    return [{"t": "Str", "c": words}]


def paragraph(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def header(level: int, inlines: list[Node]) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], inlines]}


def image(name: str, alternative: str = "") -> Node:
    return {"t": "Image", "c": [["", [], []], text(alternative) if alternative else [], [name, ""]]}


def cell(blocks: list[Node], rows: int = 1, columns: int = 1) -> list[Any]:
    return [["", [], []], {"t": "AlignDefault"}, rows, columns, blocks]


def table(rows: list[list[list[Any]]], width: int) -> Node:
    """A table of `cell`s; what a cell from above or from the left covers is left out."""
    empty = ["", [], []]
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]] * width
    body = [empty, 0, [], [[empty, row] for row in rows]]
    return {"t": "Table", "c": [empty, [None, []], columns, [empty, []], [body], [empty, []]]}
