"""Pages for texts that have none: they begin where the document says so, at headings, or when one is full."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mathpixweb.engine.flow.model import Leaf, Node
from mathpixweb.engine.writers.programs import pandoc_tree

FULL: Final = 4000  # characters: about a printed page and a half
HALF: Final = 1500  # from here on a heading of the first two levels begins a new page
BREAKING_LEVEL: Final = 2
MOST_OPENING: Final = 3  # headings that go to the page of what they open


def leaves(blocks: Iterable[Node]) -> tuple[Leaf, ...]:
    """At least one page, none of them empty unless the document is."""
    pages: list[list[Node]] = [[]]
    length = 0
    for block in flat(blocks):
        size = len(words(block))
        breaks = block["t"] == "PageBreak" or (_opens(block) and length > HALF) or length + size > FULL
        if breaks and pages[-1] and not _only_opens(pages[-1]):
            pages.append([])
            length = 0
        if block["t"] != "PageBreak":
            pages[-1].append(block)
            length += size
    return tuple(Leaf(tuple(page)) for page in pages if page) or (Leaf(()),)


def flat(blocks: Iterable[Node], depth: int = 0) -> Iterable[Node]:
    """The blocks, those within divisions on their own."""
    for block in blocks:
        if block["t"] == "Div" and depth < 40:
            yield from flat(block["c"][1], depth + 1)
        else:
            yield block


def words(block: Node) -> str:
    """What the block says, without markup; pandoc's tree of tables, lists and formulas included."""
    if block["t"] in ("Title", "Authors"):
        return pandoc_tree.plain(block["c"], str)
    return "" if block["t"] == "PageBreak" else pandoc_tree.plain(block, str)


def _opens(block: Node) -> bool:
    return block["t"] == "Header" and int(block["c"][0]) <= BREAKING_LEVEL


def _only_opens(page: list[Node]) -> bool:
    """A title or a heading on its own does not make a page."""
    return len(page) <= MOST_OPENING and all(block["t"] in ("Title", "Authors", "Header") for block in page)
