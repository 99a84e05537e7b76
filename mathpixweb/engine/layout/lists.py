"""Lists: paragraphs that begin with a bullet or a label and hang their text beside it.

A list becomes a block of type "list", of subtype "itemize" or "enumerate". Its children are items (type
"list_item", the bullet or label as subtype), what belongs to the item above them, and lists within the list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.model import Block, Span, Text

SAME_PLACE = 1.0  # points
UNDER = 2.0  # points
INNER = 5.0  # points to the right, where a list within the list begins
FEWEST_NUMBERED = 2  # a single number or letter begins many a paragraph
_BULLET = re.compile(r"[\ufffd•◦▪▸►▶■□●○‣⁃∙·–—−*∗-]")
_ANNOUNCING = ("?", ":")  # ends of lines before the first item
_SIGN = re.compile(r"[\ufffd•◦▪▸►▶■□●○‣⁃∙]")  # a bullet and nothing else
_DASH = re.compile(r"[·–−*∗-]")  # a bullet if another follows it
_LABEL = re.compile(r"\(?(\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]")
_REFERENCE = re.compile(r"\[[\w+.-]{1,12}\]")
_Places = Mapping[int, tuple[float, float]]  # where labels end and texts begin, by the boxes of their lines
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def label_of(row: Row) -> str | None:
    """The bullet or label with which the row begins, if text follows it."""
    if len(row.words) < 2 or row.role != "text":
        return None
    first = row.words[0].text
    for pattern in (_BULLET, _LABEL, _REFERENCE):
        if pattern.fullmatch(first):
            return first
    return None


def opens_item(row: Row, above: Row | None) -> bool:
    """Whether the row begins an item of a list, a reference or the like."""
    label = label_of(row)
    if label is None:
        return False
    if above is None or _BULLET.fullmatch(label) or _REFERENCE.fullmatch(label):
        return True
    if abs(row.box.x0 - above.box.x0) > 2 or label_of(above) is not None:
        return True
    return above.text.endswith(_ANNOUNCING) and 1 in _values(label)


def gather(draft: Draft) -> Draft:
    """Items that follow each other as the children of a list, without their bullets and labels."""
    places = {
        id(row.box): (row.words[0].x1, row.words[1].x0) for row in draft.rows if label_of(row) is not None
    }
    blocks: list[Block] = []
    items: list[Block] = []
    between: list[Block] = []
    for block in draft.blocks:
        item = _item(block)
        if item is not None and (not items or _goes_on(items, item, places)):
            items += [*between, item]
            between = []
        elif item is None and items and _hangs(block, items):
            between.append(block)
        else:
            own, rest = _with_end(items, between)
            blocks += [*_closed(own, places), *rest]
            between, items = [], [item] if item is not None else []
            blocks += [block] if item is None else []
    own, rest = _with_end(items, between)
    return replace(draft, blocks=(*blocks, *_closed(own, places), *rest))


def _with_end(items: list[Block], after: Sequence[Block]) -> tuple[list[Block], Sequence[Block]]:
    """The items with what comes after them up to the last paragraph under the text of one, and the rest."""
    under = [k for k, block in enumerate(after) if any(_is_under_text_of(block, item) for item in items)]
    end = 1 + under[-1] if under else 0
    return [*items, *after[:end]], after[end:]


def _item(block: Block) -> Block | None:
    """The paragraph without the bullet or label with which it begins; None if it does not."""
    if block.type != "text" or not block.lines:
        return None
    label, spans = _without_label(block.lines[0].spans)
    if not (_is_bullet(label) or _LABEL.fullmatch(label)):
        return None
    lines = (replace(block.lines[0], spans=spans), *block.lines[1:])
    return replace(block, type="list_item", subtype=label, lines=lines)


def _without_label(spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """The first word and the rest; a bullet may be set in another face than what follows it."""
    first, rest = spans[0], tuple(spans[1:])
    if not isinstance(first, Text):
        return "", tuple(spans)
    label, blank, text = first.text.partition(" ")
    if blank:
        return label, (replace(first, text=text), *rest)
    if rest and isinstance(rest[0], Text) and rest[0].text.startswith(" "):
        return label, (replace(rest[0], text=rest[0].text[1:]), *rest[1:])
    return "", tuple(spans)


def _on_level(one: Block, other: Block, places: _Places) -> bool:
    """Whether two items begin under each other, or end their labels and begin their texts so."""
    if abs(one.box.x0 - other.box.x0) < INNER:
        return True
    ends = [places.get(id(block.lines[0].box)) for block in (one, other) if block.lines]
    if len(ends) < 2 or ends[0] is None or ends[1] is None:
        return False
    return all(abs(x - y) < SAME_PLACE for x, y in zip(*ends, strict=True))


def _goes_on(items: Sequence[Block], item: Block, places: _Places) -> bool:
    """Whether the item is the next of its list, or the first of a list within the last item."""
    listed = [block for block in items if block.type == "list_item"]
    if item.column != items[-1].column:
        return _follows(listed[-1], item)
    last = _last_on_level(listed, item, places)
    if last is not None:
        return _follows(last, item)
    return item.box.x0 > listed[-1].box.x0 + INNER and _is_first(item)


def _last_on_level(listed: Sequence[Block], item: Block, places: _Places) -> Block | None:
    """The last item on the level of this one, if none on a level above has come since."""
    for other in reversed(listed):
        if _on_level(other, item, places):
            return other
        if other.box.x0 < item.box.x0 - INNER and other.column == item.column:
            return None
    return None


def _follows(last: Block | None, item: Block) -> bool:
    if last is None:
        return False
    one, other = last.subtype or "", item.subtype or ""
    if _is_bullet(one) or _is_bullet(other):
        return one == other
    same_style = (one[:1] == "(", one[-1:]) == (other[:1] == "(", other[-1:])
    return same_style and any(value + 1 in _values(other) for value in _values(one))


def _is_first(item: Block) -> bool:
    label = item.subtype or ""
    return _is_bullet(label) or 1 in _values(label)


def _is_bullet(label: str) -> bool:
    return bool(_SIGN.fullmatch(label) or _DASH.fullmatch(label))


def _values(label: str) -> set[int]:
    """What the label may count: roman numerals may be letters, too."""
    core = label.strip("().")
    if core.isdecimal():
        return {int(core)}
    values = {1 + _ROMAN.index(core)} if core in _ROMAN else set()
    return values | ({ord(core) - ord("a") + 101} if len(core) == 1 else set()) | _first_letter(core)


def _first_letter(core: str) -> set[int]:
    return {1} if core in ("a", "A") else set()


def _hangs(block: Block, items: Sequence[Block]) -> bool:
    """Whether the block may belong to the last item: a display, or text that begins where the item's does."""
    last = next((item for item in reversed(items) if item.type == "list_item"), None)
    if last is None or block.column != last.column:
        return False
    if block.type == "math" or (block.type == "text" and block.box.x0 > last.box.x0 + INNER):
        return True
    return block.type == "text" and any(_is_under_text_of(block, item) for item in items)


def _is_under_text_of(block: Block, item: Block) -> bool:
    """Whether the block begins where the lines of an item do after its first, right of its label."""
    if item.type != "list_item" or len(item.lines) < 2:
        return False
    start = item.lines[1].box.x0
    return start > item.box.x0 + INNER and abs(block.box.x0 - start) < UNDER


def _closed(items: Sequence[Block], places: _Places) -> list[Block]:
    """The items as a list; labels that count nothing are given back to their paragraphs."""
    if not items:
        return []
    labelled = [item for item in items if item.type == "list_item"]
    if not _SIGN.fullmatch(labelled[0].subtype or "") and len(labelled) < FEWEST_NUMBERED:
        return [_as_text(item) for item in items]
    return [_nested(items, places)]


def _as_text(item: Block) -> Block:
    if item.type != "list_item":
        return item
    line = item.lines[0]
    first = line.spans[0]
    if not isinstance(first, Text):
        return item
    spans = (replace(first, text=f"{item.subtype} {first.text}"), *line.spans[1:])
    lines = (replace(line, spans=spans), *item.lines[1:])
    return replace(item, type="text", subtype=None, lines=lines)


def _nested(items: Sequence[Block], places: _Places) -> Block:
    """One list; items further to the right than the first make lists of their own."""
    children: list[Block] = []
    inner: list[Block] = []
    for item in items:
        below = item.column == items[0].column and item.box.x0 > items[0].box.x0 + INNER
        deeper = below and not _on_level(items[0], item, places)
        if inner and item.type == "text" and item.box.x0 < inner[0].box.x0 - SAME_PLACE:
            deeper = False  # it goes on with an item of this list
        if deeper and (inner or item.type == "list_item"):
            inner.append(item)
            continue
        children += [_nested(inner, places)] if inner else []
        inner = []
        children.append(item)
    children += [_nested(inner, places)] if inner else []
    kind = "itemize" if _is_bullet(items[0].subtype or "") else "enumerate"
    box = union(child.box for child in children)
    return Block("list", box, subtype=kind, column=items[0].column, children=tuple(children))
