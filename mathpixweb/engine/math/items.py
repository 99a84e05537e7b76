"""The parser's working material: nodes with a place on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.profile import Profile
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.math.tree import Atom, Node
from mathpixweb.engine.model import Rule

# Kinds whose font size says nothing of the size of the text around them.
_SIZELESS = frozenset(
    {"fence", "op", "int", "piece", "rad", "hbrace", "accent", "part", "open", "close", "vert"}
)


OPERATOR_TO_SCRIPT = 1.55  # where scripts are all else that is told; some fonts enlarge their operators


@dataclass(slots=True, eq=False)
class Item:
    """A node and where it stands.

    `start` and `end` are where the pen was before and after. `role` is the node's part in the layout: the
    `Kind` of a symbol, or "fence" (a delimiter taller than the text), "word", "limits" (an operator that has
    its limits), "group" (any composite). `size` and `y` (baseline) are None where the symbol does not tell
    them. `inner` is the largest size inside a composite.
    """

    node: Node
    role: str
    box: Box
    size: float | None
    y: float | None
    end: float
    index: int
    inner: float = 0.0
    face: str = ""
    name: str = ""
    start: float | None = None

    @property
    def left(self) -> float:
        """Where the pen was before, or the edge of the ink."""
        return self.box.x0 if self.start is None else self.start

    @property
    def right(self) -> float:
        """Where the pen was after, or the edge of the ink if that leans over."""
        return max(self.end, self.box.x1)

    @property
    def latex(self) -> str:
        """LaTeX of a single symbol, empty for everything else."""
        return self.node.latex if isinstance(self.node, Atom) else ""

    @property
    def tells_size(self) -> bool:
        return self.size is not None and self.role not in _SIZELESS


Read = Callable[[Sequence[Item], Sequence[Rule]], Node]


@dataclass(slots=True)
class Region:
    """Items and rules still to be put together; the steps of the parser take out and put in.

    `read` parses a part of the region on its own. `size` is the size of the text outside of fractions,
    `uprights` are vertical rules, which part columns.
    """

    items: list[Item]
    rules: list[Rule]
    profile: Profile
    read: Read
    size: float = 10.0
    uprights: tuple[Rule, ...] = ()

    def put(self, item: Item) -> None:
        self.items.append(item)

    def take(self, items: Iterable[Item], rules: Iterable[Rule] = ()) -> None:
        """Remove what has become part of something else."""
        gone = {id(item) for item in items}
        self.items = [item for item in self.items if id(item) not in gone]
        gone = {id(rule) for rule in rules}
        if gone:
            self.rules = [rule for rule in self.rules if id(rule) not in gone]


def main_size(items: Iterable[Item]) -> float:
    """The size of the text in a region: the largest size among symbols whose size means something."""
    items = list(items)
    telling = [item.size for item in items if item.size is not None and item.role not in _SIZELESS]
    if telling:
        return max(telling)
    return max((item.size or item.inner for item in items), default=10.0) or 10.0


def row_size(items: Sequence[Item], profile: Profile) -> float:
    """Size of what stands on the main row; fractions tell it by what is inside, operators as a last resort.

    Operators and tall fences come in a few sizes for all text sizes, so one in a script looks like one on the
    main row.
    """
    size, told = 0.0, False
    for item in items:
        role = item.role
        if role in ("fence", "limits"):
            continue
        own_size = item.inner
        if item.size is not None and role not in _SIZELESS:
            own_size, told = item.size, True
        if own_size > size:
            size = own_size
    if not told:  # fractions in ordinary brackets
        size = max([size, *(item.size or 0.0 for item in items if item.role in ("open", "close"))])
    size = size or main_size(items)
    for operator in items:
        if operator.role not in ("op", "int", "limits", "fence"):
            continue
        own_size = operator.size or operator.inner
        if own_size > 1.05 * size:
            level = [i for i in items if i.tells_size and (i.size or 0.0) > 0.95 * size and i.y is not None]
            near = [
                i for i in level if abs((i.y or 0.0) + profile.axis * size - operator.box.cy) < 0.2 * size
            ]
            size = size if near else min(own_size, OPERATOR_TO_SCRIPT * size)
    return size


def main_baseline(items: Sequence[Item], size: float, profile: Profile) -> float | None:
    """The baseline on which most of the width of main-size symbols stands, None if there are none.

    In scripts of scripts all symbols have one size; there the leftmost symbol's baseline is the likelier one.
    """
    widths: dict[float, float] = {}
    for item in sorted(items, key=lambda item: item.box.x0):
        if item.y is None or item.size is None or not item.tells_size or item.role == "group":
            continue
        if item.size >= profile.same_size * size:
            near = item.y
            for y in widths:
                if abs(y - item.y) < 0.08 * size:
                    near = y
                    break
            weight = 1.0 if widths else profile.first_weight
            widths[near] = widths.get(near, 0.0) + weight * max(0.1, item.box.width)
    return max(widths, key=lambda y: widths[y]) if widths else None


def group(
    node: Node,
    parts: Sequence[Item],
    *,
    size: float | None,
    y: float | None,
    box: Box | None = None,
    role: str = "group",
) -> Item:
    """A composite of `parts`; `box` is added to theirs."""
    whole = union([part.box for part in parts] + ([box] if box else []))
    sizes = [part.size if part.size is not None and part.tells_size else part.inner for part in parts]
    inner = max(sizes, default=0.0) or max((part.size or 0.0 for part in parts), default=0.0)
    end = max([whole.x1, *(part.end for part in parts)]) if box is None else whole.x1
    start = min([whole.x0, *(part.left for part in parts)]) if box is None else whole.x0
    index = min(part.index for part in parts)
    return Item(node, role, whole, size, y, end, index, inner, start=start)


def delimiter(
    symbol: Symbol, box: Box, size: float, pen: tuple[float, float], index: int, profile: Profile
) -> Item:
    """A fence taller than the text: its own baseline means nothing, its centre lies on the axis."""
    baseline = box.cy - profile.axis * size
    return Item(Atom(symbol.latex, symbol.kind), "fence", box, size, baseline, pen[1], index, start=pen[0])


def is_open(item: Item) -> bool:
    return isinstance(item.node, Atom) and item.node.kind is Kind.OPEN


def is_close(item: Item) -> bool:
    return isinstance(item.node, Atom) and item.node.kind is Kind.CLOSE


def is_vert(item: Item) -> bool:
    return isinstance(item.node, Atom) and item.node.kind is Kind.VERT
