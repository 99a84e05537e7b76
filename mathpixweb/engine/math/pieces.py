"""Symbols that are drawn in pieces: extensible fences and radicals, wide accents."""

from __future__ import annotations

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math.items import Item, delimiter, is_vert
from mathpixweb.engine.math.profile import Profile
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.math.tree import Atom

TOUCH = (0.5, 0.12)  # of the size, by which pieces may overlap, and be apart
STEM = 0.2  # of the size is the narrower of two pieces at most
FLAT = 0.08  # of the size; a piece of an arrow no higher than this is not its head
MOST_OVERLAP = 0.7  # of the height of a piece of a tall bar


def stretch(items: list[Item], _profile: Profile) -> list[Item]:
    """OpenType fonts make a wide arrow or line of many accents, each touching the one before.

    What lengthens an arrow may be the same piece for all of them, under any of their names: the head tells.
    """
    if not any(item.role == Kind.ACCENT for item in items):
        return items
    kept: list[Item] = []
    for item in items:
        wide = kept[-1] if kept and item.role == Kind.ACCENT else None
        if wide is not None and _lengthens(wide, item):
            if wide.latex != item.latex:
                wide.node = max((wide, item), key=lambda part: part.box.height).node
            wide.box, wide.end, wide.name = union([wide.box, item.box]), item.end, "wide"
        else:
            kept.append(item)
    return kept


def _lengthens(wide: Item, item: Item) -> bool:
    """Whether the accent goes on where the other ends: the same accent, or pieces of one arrow."""
    size = item.size or 10.0
    if wide.size != item.size or not -0.45 * size < item.box.x0 - wide.box.x1 < 0.02 * size:
        return False
    flat = min(wide.box.height, item.box.height) < FLAT * size
    return wide.latex == item.latex or (flat and wide.latex in _ARROWS and item.latex in _ARROWS)


def assemble(items: list[Item], profile: Profile) -> list[Item]:
    """Pieces above each other become one fence or one radical."""
    named_whole = _touching(items)
    parts = [item for item in items if item.role == Kind.PIECE or id(item) in named_whole]
    if not parts:
        return items
    pieces = sorted(parts, key=lambda item: -item.box.y1)
    stacks: list[list[Item]] = []
    for piece in pieces:
        stack = next((s for s in stacks if _continues(s, piece, profile)), None)
        if stack is None:
            stacks.append([piece])
        else:
            stack.append(piece)
    others = [item for item in items if item.role != Kind.PIECE and id(item) not in named_whole]
    return others + [_whole(stack, profile) for stack in stacks]


def _touching(items: list[Item]) -> set[int]:
    """Pieces that OpenType fonts call by the name of the whole: each touches or overlaps the next."""
    signs = [item for item in items if _may_be_piece(item)]
    signs.sort(key=lambda item: item.box.x0)
    found: set[int] = set()
    for position, first in enumerate(signs):
        for second in signs[position + 1 :]:
            if second.box.x0 >= first.box.x1:
                break
            if _touch(first, second):
                found |= {id(first), id(second)}
    return found


def _may_be_piece(item: Item) -> bool:
    fence = item.role in (Kind.OPEN, Kind.CLOSE, Kind.RAD, Kind.PIECE) or is_vert(item)
    return fence or item.latex in _BAR_OF_RELATION


def _touch(first: Item, second: Item) -> bool:
    """Whether one stands on the other, on the same stem."""
    size = first.size or 10.0
    upper, lower = (first, second) if first.box.y1 > second.box.y1 else (second, first)
    bar = is_vert(upper) or upper.latex in _BAR_OF_RELATION
    overlap = max(TOUCH[0] * size, MOST_OVERLAP * min(upper.box.height, lower.box.height) * bar)
    if not -overlap < upper.box.y0 - lower.box.y1 < TOUCH[1] * size:
        return False
    narrower = min(upper.box.width, lower.box.width)
    stem = bar or upper.latex == lower.latex == r"\sqrt"
    return (stem or narrower < STEM * size) and upper.box.x_overlap(lower.box) > 0.7 * min(
        narrower, 0.04 * size
    )


def _continues(stack: list[Item], piece: Item, profile: Profile) -> bool:
    size = piece.size or 10.0
    low = min(part.box.y0 for part in stack)
    same_column = abs(stack[0].box.cx - piece.box.cx) < profile.piece_column * size
    if piece.latex == r"\sqrt" == stack[0].latex:  # the hook stands to the left of the stem
        return any(_touch(part, piece) for part in stack)
    return same_column and low - piece.box.y1 < profile.piece_gap * size


def _whole(stack: list[Item], profile: Profile) -> Item:
    names = [_BAR_OF_RELATION.get(piece.latex, piece.latex) for piece in stack]
    names = [name for name in names if name != "brace"] or [r"\{"]
    latex = next((name for name in names if name not in ("|", r"\|")), names[0])
    if latex in _HALVES:
        latex = _HALVES[latex][_feet(stack)]
    box = union(piece.box for piece in stack)
    size = stack[0].size or 10.0
    start, end = min(piece.left for piece in stack), max(piece.end for piece in stack)
    index = min(piece.index for piece in stack)
    if latex == r"\sqrt":
        return Item(Atom(latex, Kind.RAD), str(Kind.RAD), box, size, None, end, index)
    return delimiter(Symbol(latex, _kind_of_fence(latex)), box, size, (start, end), index, profile)


def _feet(stack: list[Item]) -> tuple[bool, bool]:
    """Whether the top and the bottom of a square bracket stand out from its stem; both, if nothing tells."""
    stem = 1.3 * min(piece.box.width for piece in stack)
    feet = stack[0].box.width > stem, stack[-1].box.width > stem
    return feet if any(feet) else (True, True)


def _kind_of_fence(latex: str) -> Kind:
    return Kind.OPEN if latex in _OPENING else Kind.CLOSE if latex in _CLOSING else Kind.VERT


_OPENING = ("(", "[", r"\{", r"\langle", r"\lfloor", r"\lceil")
_CLOSING = (")", "]", r"\}", r"\rangle", r"\rfloor", r"\rceil")
_BAR_OF_RELATION = {r"\mid": "|", r"\parallel": r"\|"}  # by which fonts call what lengthens a bar
# Square brackets without their upper or lower foot are other signs: the top's foot, the bottom's foot.
_HALVES = {
    "[": {(True, True): "[", (True, False): r"\lceil", (False, True): r"\lfloor"},
    "]": {(True, True): "]", (True, False): r"\rceil", (False, True): r"\rfloor"},
}
_ARROWS = (r"\vec", r"\overleftarrow")
