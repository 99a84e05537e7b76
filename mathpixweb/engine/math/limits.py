"""What stands above and below operators, names like lim, relations and arrows."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.items import Item, Region, group
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Limits, Node, Stack, Word
from mathpixweb.engine.math.words import LIMIT_NAMES

_STACKING_TEXT = r"""
= \sim \rightarrow \longrightarrow \leftarrow \equiv \Rightarrow \leq \geq \approx \mapsto
\leftrightarrow \Leftrightarrow \Longrightarrow \Longleftrightarrow \longmapsto \hookrightarrow
\leftarrow \longleftarrow \rightharpoonup \twoheadrightarrow \simeq \cong \rightleftharpoons
"""
_STACKING = frozenset(_STACKING_TEXT.split())


NAME_REACH = 0.75  # em from a name that is no command to the middle of what stands under it
STACK_REACH = 0.6  # em of white between a relation and what is stacked on it
ARROW_REACH = 0.9  # the same for arrows, whose labels OpenType fonts set higher
LONGEST_LIMIT = 8.0  # em from an operator's middle to the ends of what stands under it
SCRIPT_TO_TEXT = 0.7  # size of limits in that of what they belong to
ENLARGED = 1.15  # times the size of the text is an operator's where its font has none for displays
LONGEST_LABEL = 24  # symbols over an arrow


def resolve(region: Region) -> None:
    """Give operators their limits and relations what is stacked on them."""
    for relation in [item for item in region.items if item.latex in _STACKING]:
        if relation.size and relation.size > region.profile.same_size * region.size:
            _stack(region, relation)
    least = region.profile.same_size * region.size
    operators = [i for i in region.items if _is_operator(i) and (i.role != "word" or (i.size or 0.0) > least)]
    for operator in sorted(operators, key=lambda item: item.box.x0):
        _limits(region, operator, operators)


def chains(items: Sequence[Item], size: float) -> list[list[Item]]:
    """Items from left to right, cut where the gap is wider than script-size text has."""
    found: list[list[Item]] = []
    reach = 0.0
    for item in sorted(items, key=lambda item: item.box.x0):
        if found and item.box.x0 - reach < 0.75 * (item.size or item.inner or size):
            found[-1].append(item)
            reach = max(reach, item.box.x1)
        else:
            found.append([item])
            reach = item.box.x1
    return found


def _is_operator(item: Item) -> bool:
    if item.role in (Kind.OP, Kind.INT):
        return True
    return isinstance(item.node, Word) and (item.node.text in LIMIT_NAMES or _may_be_name(item.node))


def _may_be_name(word: Word) -> bool:
    """Whether authors may have made an operator of the word; what stands under its middle then tells."""
    return word.face == "rm" and word.text.isalpha() and len(word.text) > 1


def _stack(region: Region, relation: Item) -> None:
    size, box = region.size, relation.box
    small = [
        item
        for item in region.items
        if item is not relation
        and (item.size or item.inner) < region.profile.limit_size * size
        and abs(item.box.cx - box.cx) < max(3 * size, box.width)
    ]
    reach = (ARROW_REACH if "arrow" in relation.latex else STACK_REACH) * size
    upper = [i for i in small if box.y1 - 0.05 * size < _foot(i) < box.y1 + reach]
    lower = [i for i in small if box.y0 - reach < i.box.y1 < box.y0 + 0.05 * size]
    above, below = _centred(region, relation, upper), _centred(region, relation, lower)
    if not above and not below:
        return
    node = Stack(relation.node, *(region.read(part, []) if part else None for part in (below, above)))
    region.take([relation, *above, *below])
    stacked = group(node, [relation, *above, *below], size=relation.size, y=relation.y)
    region.put(stacked)


def _foot(item: Item) -> float:
    """Where it stands, whatever hangs below that."""
    return item.box.y0 if item.y is None or not item.tells_size else max(item.y, item.box.y0)


def _centred(region: Region, relation: Item, small: list[Item]) -> list[Item]:
    """The chain centred on the relation with nothing else of the line under it."""
    for chain in _centred_parts(chains(small, region.size), relation, region.size):
        box = union(item.box for item in chain)
        crowded = any(
            item is not relation
            and item not in chain
            and (item.size or item.inner) > region.profile.same_size * region.size
            and box.x_overlap(item.box) > 0.12 * region.size
            for item in region.items
        )
        if not crowded:
            return chain
    return []


def _centred_parts(found: Sequence[list[Item]], relation: Item, size: float) -> list[list[Item]]:
    """Runs of neighbouring items with their middle over the relation, the longest first.

    A neighbour's exponent may stand as near as the parts of the label do.
    """
    parts = [
        chain[start:end]
        for chain in found
        if len(chain) <= LONGEST_LABEL
        for start in range(len(chain))
        for end in range(start + 1, len(chain) + 1)
    ]
    centred = [p for p in parts if abs(union(i.box for i in p).cx - relation.box.cx) < 0.16 * size]
    return sorted(centred, key=len, reverse=True)


def _limits(region: Region, operator: Item, operators: Sequence[Item]) -> None:
    size = operator.size or region.size
    small = [
        item
        for item in region.items
        if item is not operator
        and item.role not in ("fence", "limits")
        and (item.size or item.inner) < region.profile.limit_size * max(region.size, size)
    ]
    above = _limit(region, operator, small, operators, upwards=True)
    below = _limit(region, operator, [i for i in small if i not in above], operators, upwards=False)
    if not above and not below:
        return
    parts = [*below, *above]
    inner = [r for r in region.rules if any(r.box.x_overlap(i.box) > 0 for i in parts)]
    node = Limits(operator.node, _read(region, below, inner), _read(region, above, inner))
    region.take([operator, *parts], inner)
    whole = union(item.box for item in (operator, *parts))
    sized, y = (operator.size, operator.y) if operator.role == "word" else (None, operator.y)
    text = max(item.size or item.inner for item in parts) / SCRIPT_TO_TEXT
    if sized is None and size > ENLARGED * text > 0:
        size, y = text, operator.box.cy - region.profile.axis * text
    done = Item(node, "limits", operator.box, sized, y, whole.x1, operator.index, size)
    done.box = type(whole)(whole.x0, operator.box.y0, whole.x1, operator.box.y1)
    region.put(done)


def _read(region: Region, items: Sequence[Item], rules: Sequence[object]) -> Node | None:
    return region.read(items, []) if items else None


def _limit(
    region: Region, operator: Item, small: Sequence[Item], operators: Sequence[Item], *, upwards: bool
) -> list[Item]:
    """The chain of small symbols centred above or below the operator."""
    size, box = operator.size or region.size, operator.box
    edge = box.y1 if upwards else box.y0
    known = not isinstance(operator.node, Word) or operator.node.text in LIMIT_NAMES
    reach = (1.6 if known else NAME_REACH) * size
    near = [
        item
        for item in small
        if (item.box.y0 >= edge - 0.12 * size if upwards else item.box.y1 <= edge + 0.12 * size)
        and abs(item.box.cy - edge) < reach
        and abs(item.box.cx - box.cx) < LONGEST_LIMIT * size
    ]
    profile = region.profile
    for chain in chains(_own_share(near, operator, operators, size), region.size):
        whole = union(item.box for item in chain)
        centred = (
            abs(whole.cx - box.cx) < profile.limit_centre * size + profile.limit_centre_width * whole.width
        )
        beside = operator.role == Kind.INT and whole.x0 > box.cx
        if centred and whole.x0 < box.x1 and whole.x1 > box.x0 and not beside:
            return chain
    return []


def _own_share(items: Sequence[Item], operator: Item, operators: Sequence[Item], size: float) -> list[Item]:
    """Items of this operator and not of its neighbours: the widest gap between two centres parts them.

    What stands between two rows belongs to the nearer operator.
    """
    over = [o for o in operators if abs(o.box.cy - operator.box.cy) >= 0.8 * size]
    near = [o.box for o in over if abs(o.box.cx - operator.box.cx) < 3 * size]
    items = [i for i in items if all(_distance(i.box, operator.box) <= _distance(i.box, o) for o in near)]
    level = [o for o in operators if o is not operator and abs(o.box.cy - operator.box.cy) < 0.8 * size]
    before = max((o.box.cx for o in level if o.box.cx < operator.box.cx), default=None)
    after = min((o.box.cx for o in level if o.box.cx >= operator.box.cx), default=None)
    low = _cut(items, before, operator.box.cx) if before is not None else float("-inf")
    high = _cut(items, operator.box.cx, after) if after is not None else float("inf")
    return [item for item in items if low <= item.box.cx < high]


def _distance(one: Box, other: Box) -> float:
    """White between two boxes above each other."""
    return max(other.y0 - one.y1, one.y0 - other.y1)


def _cut(items: Sequence[Item], left: float, right: float) -> float:
    """Middle of the widest gap that the items leave between two places."""
    inside = [item.box for item in items if item.box.x1 > left and item.box.x0 < right]
    reach, widest, cut = left, 0.0, (left + right) / 2
    for x0, x1 in sorted([(box.x0, box.x1) for box in inside] + [(right, right)]):
        if x0 - reach > widest:
            widest, cut = x0 - reach, (x0 + reach) / 2
        reach = max(reach, x1)
    return cut
