"""Pages for texts that were drawn: each block goes where the drawing has its words.

The drawing says the same words in the same order, among running heads and with formulas of its own spelling.
A block is looked for by its first words, a little beyond the block before it; one that is not found stays
with its neighbours, between whose places it must lie.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.flow import paging
from mathpixweb.engine.flow.model import Leaf, Node, Place

KEY: Final = 24  # characters of a block that are looked for
SHORTEST_KEY: Final = 4
FAR: Final = 2_500  # characters: about a page, which a block cannot be away from the one before it
NEAR: Final = 400  # short keys are everywhere, so they are believed only so far


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn page: its letters and digits in order, each with its box; in points, y downwards."""

    width: float
    height: float
    characters: str
    boxes: Sequence[Place]


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int


def leaves(blocks: Sequence[Node], pages: Sequence[Drawn]) -> tuple[Leaf, ...]:
    """A leaf for each drawn page, its blocks in their places."""
    said = [block for block in paging.flat(blocks) if block["t"] != "PageBreak"]
    starts = [0]
    for page in pages:
        starts.append(starts[-1] + len(page.characters))
    found = _found(said, "".join(page.characters for page in pages))
    sheets: list[list[tuple[Node, Place | None]]] = [[] for _ in pages]
    current = 0
    for block, where in zip(said, found, strict=True):
        place = None
        if where is not None:
            current = min(max(current, bisect_right(starts, where.start) - 1), len(pages) - 1)
            place = _around(pages[current], where.start - starts[current], where.end - starts[current])
        sheets[current].append((block, place))
    return tuple(_leaf(page, sheet) for page, sheet in zip(pages, sheets, strict=True))


def letters(text: str) -> str:
    """What the same words have in common in any spelling and setting."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def _found(blocks: Sequence[Node], drawn: str) -> list[_Found | None]:
    places: list[_Found | None] = []
    cursor = 0
    for block in blocks:
        own = letters(paging.words(block))
        key = own[:KEY]
        reach = FAR if len(key) == KEY else NEAR
        at = drawn.find(key, cursor, cursor + reach + len(key)) if len(key) >= SHORTEST_KEY else -1
        if at < 0:
            places.append(None)
            continue
        cursor = at + len(own)
        places.append(_Found(at, cursor))
    return places


def _around(page: Drawn, start: int, end: int) -> Place | None:
    """The box of the characters from `start` to `end`, as far as they are on the page."""
    boxes = page.boxes[max(start, 0) : min(end, len(page.boxes))]
    if not boxes:
        return None
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.width for box in boxes)
    bottom = max(box.y + box.height for box in boxes)
    return Place(left, top, right - left, bottom - top)


def _leaf(page: Drawn, sheet: Sequence[tuple[Node, Place | None]]) -> Leaf:
    places = [place for _, place in sheet]
    filled = tuple(
        place or _between(page, places[:index], places[index + 1 :]) for index, place in enumerate(places)
    )
    return Leaf(tuple(block for block, _ in sheet), filled, page.width, page.height)


def _between(page: Drawn, before: Sequence[Place | None], after: Sequence[Place | None]) -> Place:
    """The part of the page that the neighbours leave."""
    above = next((place for place in reversed(before) if place), None)
    below = next((place for place in after if place), None)
    top = above.y + above.height if above else 0.0
    bottom = below.y if below else page.height
    if bottom <= top:  # beside each other
        top, bottom = 0.0, page.height
    return Place(0.0, top, page.width, bottom - top)
