"""A document's blocks dealt out to slides: a heading begins one, what does not fit goes onto the next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mathpixweb.engine.writers.programs.pandoc_tree import Node, nodes, plain

SLIDE_WIDTH, SLIDE_HEIGHT = 960, 540  # pixels
TITLE_HEIGHT = 72
LINE = 1.35  # of the size, from one line to the next
LETTER = 0.5  # of the size: the mean width
SPACE_BETWEEN = 0.5  # lines between blocks
DEEPEST_TITLE = 3  # headings below stay in the text
ALONE = ("Table", "Figure")
PART, CONTENT = 1, 2  # levels of headings: of a part's own slide, and of slides
ROWS = r"\\"
TALL = (r"\frac", r"\sum", r"\int", r"\prod", r"\begin", r"\lim")


@dataclass(frozen=True, slots=True)
class Room:
    """How many lines a slide holds, and how many letters a line."""

    lines: float
    letters: int

    @classmethod
    def for_type(cls, size: int, margin: int) -> Room:
        height = max(80, SLIDE_HEIGHT - 2 * margin - TITLE_HEIGHT)
        width = max(120, SLIDE_WIDTH - 2 * margin)
        return cls(max(3.0, height / (size * LINE)), max(12, int(width / (size * LETTER))))


def slides(blocks: list[Node], room: Room) -> list[Node]:
    """Pandoc's blocks again, with a heading of the second level before each slide's content.

    One of the first level stands for itself: below it there are only other headings.
    """
    deck = _Deck(room)
    for block in blocks:
        deck.add(block)
    deck.finish()
    return deck.blocks


@dataclass(slots=True)
class _Deck:
    room: Room
    blocks: list[Node] = field(default_factory=list)
    title: list[Node] = field(default_factory=list)
    held: list[Node] = field(default_factory=list)
    lines: float = 0.0
    untold: bool = False  # a heading without anything below it yet
    notes: list[list[Node]] = field(default_factory=list)

    def add(self, block: Node) -> None:
        if block["t"] == "Header" and block["c"][0] <= DEEPEST_TITLE:
            self._close()
            self._part()
            self.title, self.untold = block["c"][2], True
        elif block["t"] == "HorizontalRule":
            self._close()
        elif block["t"] == "Div":
            for inner in block["c"][1]:
                self.add(inner)
        else:
            self._take(self._without_notes(block))

    def finish(self) -> None:
        self._close()
        self._part()
        if self.notes:
            self.title = [_text("Notes")]
            notes, self.notes = self.notes, []
            for number, note in enumerate(notes, start=1):
                self._take(_numbered(number, note))
            self._close()

    def _take(self, block: Node) -> None:
        if block["t"] in ALONE:
            self._close()
            for part in _tables(block, self.room) if block["t"] == "Table" else _pictured(block):
                self._slide([part])
            return
        for part in _parts(block, self.room):
            if _is_picture(part):
                self._close()
                self._slide([part])
                continue
            height = _height(part, self.room)
            if self.held and self.lines + height > self.room.lines:
                self._close()
            self.held.append(part)
            self.lines += height + SPACE_BETWEEN

    def _close(self) -> None:
        if self.held:
            self._slide(self.held)
        self.held, self.lines = [], 0.0

    def _slide(self, content: list[Node]) -> None:
        self.blocks += [_heading(self.title, CONTENT), *content]
        self.untold = False

    def _part(self) -> None:
        """A slide for a heading that has nothing below it."""
        if self.untold:
            self.blocks.append(_heading(self.title, PART))
        self.untold = False

    def _without_notes(self, block: Any) -> Any:
        """The block with numbers where its footnotes were, which come at the end."""
        if isinstance(block, list):
            return [self._without_notes(each) for each in block]
        if not isinstance(block, dict):
            return block
        if block.get("t") == "Note":
            self.notes.append(block["c"])
            return {"t": "Superscript", "c": [_text(str(len(self.notes)))]}
        return {key: self._without_notes(value) for key, value in block.items()}


def _is_picture(block: Node) -> bool:
    return block["t"] == "Para" and [each["t"] for each in block["c"]] == ["Image"]


def _heading(title: list[Node], level: int) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], title]}


def _text(text: str) -> Node:
    return {"t": "Str", "c": text}


def _numbered(number: int, note: list[Node]) -> Node:
    content = note[0]["c"] if note and note[0]["t"] in ("Para", "Plain") else []
    return {"t": "Para", "c": [_text(f"{number}."), {"t": "Space"}, *content]}


def _height(block: Node, room: Room) -> float:
    """Lines that the block takes."""
    formulas = [node["c"] for node in nodes(block, "Math")]
    displays = sum(_display_height(latex) for kind, latex in formulas if kind["t"] == "DisplayMath")
    text = plain(block, lambda latex: "x" * min(len(latex) // 2, 40))
    if block["t"] == "CodeBlock":
        return float(max(1, text.count("\n") + 1))
    lines = sum(max(1, math.ceil(len(line) / room.letters)) for line in text.split("\n"))
    return float(lines) + displays


def _display_height(latex: str) -> float:
    return (latex.count(ROWS) + 1) * (2.2 if any(name in latex for name in TALL) else 1.2)


def _parts(block: Node, room: Room) -> Iterator[Node]:
    """The block in pieces of which each fits on a slide."""
    kind = block["t"]
    if kind in ("BulletList", "OrderedList"):
        yield from _items(block, room)
    elif kind in ("Para", "Plain") and any(each["t"] == "Image" for each in block["c"]):
        yield from _pictured_text(block)
    elif kind in ("Para", "Plain") and _height(block, room) > room.lines:
        yield from _halves(block, room)
    elif kind == "CodeBlock":
        lines, most = block["c"][1].split("\n"), int(room.lines)
        for start in range(0, len(lines), most):
            yield {"t": kind, "c": [block["c"][0], "\n".join(lines[start : start + most])]}
    else:
        yield block


def _items(block: Node, room: Room) -> Iterator[Node]:
    """A list for each item, numbered on; pandoc's writer joins lists that follow each other."""
    ordered = block["t"] == "OrderedList"
    items = block["c"][1] if ordered else block["c"]
    start = block["c"][0][0] if ordered else 1
    group: list[Any] = []
    lines, first = 0.0, start
    for number, item in enumerate(items, start=start):
        height = sum(_height(part, room) for part in item)
        if group and lines + height > room.lines:
            yield _list(block, group, first)
            group, lines, first = [], 0.0, number
        group.append(item)
        lines += height
    yield _list(block, group, first)


def _list(block: Node, items: list[Any], first: int) -> Node:
    if block["t"] == "BulletList":
        return {"t": "BulletList", "c": items}
    return {"t": "OrderedList", "c": [[first, *block["c"][0][1:]], items]}


def _halves(block: Node, room: Room) -> Iterator[Node]:
    inlines = block["c"]
    gaps = [i for i, each in enumerate(inlines) if each["t"] in ("Space", "SoftBreak")]
    if not gaps:
        yield block
        return
    middle = min(gaps, key=lambda at: abs(at - len(inlines) / 2))
    for half in (inlines[:middle], inlines[middle + 1 :]):
        if half:
            yield from _parts({"t": "Para", "c": half}, room)


def _pictured_text(block: Node) -> Iterator[Node]:
    """Text and pictures apart, since a picture takes a slide."""
    words: list[Node] = []
    for each in block["c"]:
        if each["t"] != "Image":
            words.append(each)
            continue
        if any(word["t"] not in ("Space", "SoftBreak") for word in words):
            yield {"t": "Para", "c": words}
        words = []
        attributes, alt, target = each["c"]
        named = plain(alt, str) not in ("", "image")
        yield {"t": "Para", "c": [{"t": "Image", "c": [attributes, alt if named else [], target]}]}
    if any(word["t"] not in ("Space", "SoftBreak") for word in words):
        yield {"t": "Para", "c": words}


def _pictured(figure: Node) -> Iterator[Node]:
    """Each picture of a figure with the figure's caption."""
    caption = [
        inline for block in figure["c"][1][1] if block["t"] in ("Plain", "Para") for inline in block["c"]
    ]
    images = list(nodes(figure["c"][2], "Image"))
    for image in images:
        attributes, _, target = image["c"]
        yield {"t": "Para", "c": [{"t": "Image", "c": [attributes, caption, target]}]}
    if not images:
        yield from figure["c"][2]


def _tables(table: Node, room: Room) -> Iterator[Node]:
    """The table in pieces as high as a slide, each with its head; one with cells over rows stays whole."""
    attributes, caption, columns, head, bodies, foot = table["c"]
    rows = [row for body in bodies for row in body[2] + body[3]]
    most = max(2, int(room.lines / 1.6) - len(head[1]) - 1)
    if len(rows) <= most or any(cell[2] > 1 for row in rows for cell in row[1]):
        yield table
        return
    for start in range(0, len(rows), most):
        body = [["", [], []], 0, [], rows[start : start + most]]
        last = foot if start + most >= len(rows) else [["", [], []], []]
        yield {"t": "Table", "c": [attributes, caption, columns, head, [body], last]}
