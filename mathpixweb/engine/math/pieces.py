"""Symbols that are drawn in pieces: extensible fences and radicals, wide accents."""

from __future__ import annotations

from itertools import pairwise

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math.items import Item, delimiter, is_vert
from mathpixweb.engine.math.profile import Profile
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.math.tree import Atom

MOST_OVERLAP = 0.7  # of the height of a piece of a tall bar
EXTENSION = ".x"  # ends the names of pieces that only lengthen others


def stretch(items: list[Item], _profile: Profile) -> list[Item]:
    """OpenType fonts make a wide arrow or line of many accents, each touching the one before.

    What lengthens an arrow may be the same piece for all of them: the last piece is its head.
    """
    if not any(item.role == Kind.ACCENT for item in items):
        return items
    kept: list[Item] = []
    for item in items:
        wide = kept[-1] if kept and item.role == Kind.ACCENT else None
        size = item.size or 10.0
        touching = wide is not None and -0.2 * size < item.box.x0 - wide.box.x1 < 0.02 * size
        alike = wide is not None and wide.size == item.size and wide.latex == item.latex
        headed = wide is not None and wide.size == item.size and wide.name.endswith(EXTENSION)
        if wide is not None and touching and (alike or headed):
            ended = not (headed and item.name.endswith(EXTENSION))
            wide.box, wide.end, wide.node = union([wide.box, item.box]), item.end, item.node
            wide.name = "wide" if ended else f"wide{EXTENSION}"
        else:
            kept.append(item)
    return kept


def assemble(items: list[Item], profile: Profile) -> list[Item]:
    """Pieces above each other become one fence or one radical."""
    bars = _stacked_bars(items)
    bars |= _stretched(items)
    parts = [item for item in items if item.role == Kind.PIECE or id(item) in bars]
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
    others = [item for item in items if item.role != Kind.PIECE and id(item) not in bars]
    return others + [_whole(stack, profile) for stack in stacks]


def _stacked_bars(items: list[Item]) -> set[int]:
    """Vertical bars that continue or overlap each other: OpenType fonts make tall ones of small ones."""
    found: set[int] = set()
    bars = [item for item in items if is_vert(item)]
    if len(bars) < 2:
        return found
    bars.sort(key=lambda bar: (round(bar.box.cx), -bar.box.y1))
    for upper, lower in pairwise(bars):
        size = upper.size or 10.0
        same_column = abs(upper.box.cx - lower.box.cx) < 0.02 * size
        overlap = max(0.5 * size, MOST_OVERLAP * min(upper.box.height, lower.box.height))
        if same_column and -overlap < upper.box.y0 - lower.box.y1 < 0.12 * size:
            found |= {id(upper), id(lower)}
    return found


def _stretched(items: list[Item]) -> set[int]:
    """Pieces that OpenType fonts call by the name of the whole, between others of a tall delimiter."""
    pieces = [item for item in items if item.role == Kind.PIECE]
    found: set[int] = set()
    for item in items if pieces else ():
        if item.role not in (Kind.OPEN, Kind.CLOSE):
            continue
        reach = 0.2 * (item.size or 10.0)
        for piece in pieces:
            near = piece.box.y0 - reach < item.box.y1 and item.box.y0 < piece.box.y1 + reach
            if near and abs(piece.box.cx - item.box.cx) < 0.3 * (item.size or 10.0):
                found.add(id(item))
    return found


def _continues(stack: list[Item], piece: Item, profile: Profile) -> bool:
    size = piece.size or 10.0
    low = min(part.box.y0 for part in stack)
    same_column = abs(stack[0].box.cx - piece.box.cx) < profile.piece_column * size
    if piece.latex == r"\sqrt" == stack[0].latex:  # the hook stands to the left of the stem
        same_column = any(part.box.x_overlap(piece.box) > 0 for part in stack)
    return same_column and low - piece.box.y1 < profile.piece_gap * size


def _whole(stack: list[Item], profile: Profile) -> Item:
    names = [piece.latex for piece in stack if piece.latex != "brace"] or [r"\{"]
    latex = next((name for name in names if name not in ("|", r"\|")), names[0])
    box = union(piece.box for piece in stack)
    size = stack[0].size or 10.0
    start, end = min(piece.left for piece in stack), max(piece.end for piece in stack)
    index = min(piece.index for piece in stack)
    if latex == r"\sqrt":
        return Item(Atom(latex, Kind.RAD), str(Kind.RAD), box, size, None, end, index)
    return delimiter(Symbol(latex, _kind_of_fence(latex)), box, size, (start, end), index, profile)


def _kind_of_fence(latex: str) -> Kind:
    return Kind.OPEN if latex in _OPENING else Kind.CLOSE if latex in _CLOSING else Kind.VERT


_OPENING = ("(", "[", r"\{", r"\langle", r"\lfloor", r"\lceil")
_CLOSING = (")", "]", r"\}", r"\rangle", r"\rfloor", r"\rceil")
