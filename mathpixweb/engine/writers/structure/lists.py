"""Lists. An item with a mark of its own becomes a paragraph with that mark: other formats have no such."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mathpixweb.engine.writers.programs import pandoc_tree
from mathpixweb.engine.writers.structure import inlines, nodes
from mathpixweb.engine.writers.structure.inlines import Reading, classes
from mathpixweb.engine.writers.structure.nodes import Node

STYLES: Final = {
    "decimal": "Decimal",
    "lower-alpha": "LowerAlpha",
    "lower-latin": "LowerAlpha",
    "upper-alpha": "UpperAlpha",
    "upper-latin": "UpperAlpha",
    "lower-roman": "LowerRoman",
    "upper-roman": "UpperRoman",
}
TYPES: Final = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman", "1": "Decimal"}
USUAL: Final = frozenset("•–∗*·")  # of lists in lists, as long as nobody renews them
MARKED: Final = "marked-item"
MARK: Final = "mark-of-item"

Item = tuple[list[Node] | None, int | None, list[Node]]  # its own mark, its number, what it says


def of(element: Any, reading: Reading, depth: int) -> list[Node]:
    """An ordered list or one with bullets."""
    items = [_item(child, reading, depth) for child in element if child.tag == "li"]
    tight = all(_is_tight(blocks) for _, _, blocks in items)
    style = _style(element)
    found: list[Node] = []
    group: list[list[Node]] = []
    first = number = _whole(element.get("start")) or 1
    for mark, given, blocks in items:
        if mark is not None or (given is not None and given != number):
            found += _list(element, group, style, first)
            group, first = [], number
        if mark is not None:
            found.append(_marked(mark, blocks))
            continue
        if given is not None:
            number = given
            first = number if not group else first
        group.append([_plain(block) for block in blocks] if tight else blocks)
        number += 1
    return [*found, *_list(element, group, style, first)]


def _list(element: Any, items: list[list[Node]], style: str, first: int) -> list[Node]:
    if not items:
        return []
    if element.tag == "ul":
        return [{"t": "BulletList", "c": items}]
    return [{"t": "OrderedList", "c": [[first, {"t": style}, {"t": "Period"}], items]}]


def _item(element: Any, reading: Reading, depth: int) -> Item:
    mark: list[Node] | None = None
    for child in list(element):
        if "li_level" in classes(child):
            said = nodes.trimmed(inlines.content(child, reading))
            if child.get("data-custom-marker") or (said and pandoc_tree.plain(said, str) not in USUAL):
                mark = said
            element.text = (element.text or "") + (child.tail or "")
            element.remove(child)
            break
    return mark, _whole(element.get("value")), reading.blocks(element, reading, depth)


def _marked(mark: list[Node], blocks: list[Node]) -> Node:
    told = [nodes.span(mark, classes=[MARK]), nodes.SPACE] if mark else []
    if blocks and blocks[0]["t"] in ("Para", "Plain"):
        blocks = [nodes.paragraph([*told, *blocks[0]["c"]]), *blocks[1:]]
    elif told:
        blocks = [nodes.paragraph(told), *blocks]
    return nodes.division(blocks, classes=[MARKED])


def _is_tight(blocks: list[Node]) -> bool:
    """Whether an item is one paragraph, with lists or formulas below it at most."""
    return sum(_is_text(block) for block in blocks) <= 1


def _is_text(block: Node) -> bool:
    return block["t"] == "Para" and not (len(block["c"]) == 1 and block["c"][0]["t"] == "Math")


def _plain(block: Node) -> Node:
    return {"t": "Plain", "c": block["c"]} if _is_text(block) else block


def _style(element: Any) -> str:
    names = [name for name in (element.get("class") or "").split() if name in STYLES]
    return STYLES[names[0]] if names else TYPES.get(element.get("type") or "", "Decimal")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 10 else None


def definitions(element: Any, reading: Reading, depth: int) -> list[Node]:
    """Terms and what they mean."""
    return list(_definitions(element, reading, depth))


def _definitions(element: Any, reading: Reading, depth: int) -> Iterator[Node]:
    for child in element:
        if child.tag == "dt":
            yield nodes.paragraph([nodes.wrapped("Strong", nodes.trimmed(inlines.content(child, reading)))])
        elif child.tag == "dd":
            yield from reading.blocks(child, reading, depth)
