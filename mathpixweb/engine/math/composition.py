"""Glyphs to items: symbols that are drawn with several glyphs are put together first.

Pieces of one symbol are joined (`pieces`), \\neq is \\not over =, \\mapsto a tail before an arrow.
"""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.geometry import union
from mathpixweb.engine.math import dots, pieces
from mathpixweb.engine.math.items import Item, delimiter
from mathpixweb.engine.math.profile import Profile
from mathpixweb.engine.math.symbols import Kind, Symbol, symbol_of
from mathpixweb.engine.math.tree import Accent, Atom, Node, Word
from mathpixweb.engine.model import Glyph
from mathpixweb.engine.readers.families import lends_italic

_FENCES = (Kind.OPEN, Kind.CLOSE, Kind.VERT)
TALL = 1.12  # of the font size; a delimiter higher than this was made to grow
GROWN = 1.6  # of the size of all symbols; delimiters of a larger font were made to grow by it
# Unicode has two characters for either bar, and fonts use both for everything; the spaces tell.
_BARS = {r"\mid": Symbol("|", Kind.VERT), r"\parallel": Symbol(r"\|", Kind.VERT)}
# Times and the sans of slides lend their italics to mathematics; there a short run of letters is a product.
VARIABLE_FACES = {"it": "var", "bi": "boldvar"}
_NEGATED = {
    "0": r"\emptyset",
    "=": r"\neq",
    r"\in": r"\notin",
    r"\equiv": r"\not \equiv",
    "|": r"\nmid",
    r"\mid": r"\nmid",
}


def items_of(glyphs: Sequence[Glyph], profile: Profile) -> list[Item]:
    """Items in drawing order, one for each symbol."""
    items = [_item(glyph, profile) for glyph in sorted(glyphs, key=lambda glyph: glyph.index)]
    items = _drop_unknown(items)
    _stretch_fences(items, profile)
    if _are_whole(items):
        return _embolden(items, profile)
    for step in _STEPS:
        items = step(items, profile)
    return items


def _stretch_fences(items: list[Item], profile: Profile) -> None:
    """Office programs make a delimiter grow by a larger font, squeezed to the old width."""
    places = [k for k, item in enumerate(items) if item.role in _FENCES]
    if not places:
        return
    size = max((item.size or 0.0 for item in items if item.tells_size), default=0.0)
    for k in places:
        item = items[k]
        if size and (item.size or 0.0) > GROWN * size and isinstance(item.node, Atom):
            symbol = _BARS.get(item.latex, Symbol(item.latex, item.node.kind))
            items[k] = delimiter(symbol, item.box, size, (item.left, item.end), item.index, profile)


def _are_whole(items: Sequence[Item]) -> bool:
    """Whether no step but `_embolden` can find something in the items, as in most formulas."""
    for item in items:  # noqa: SIM110  each formula is asked, and a generator takes longer
        if item.role in _PARTIAL_ROLES or item.latex in _PARTIAL:
            return False
    return True


def symbol_node(glyph: Glyph) -> Node:
    """The glyph on its own."""
    symbol = symbol_of(glyph)
    if symbol.kind is Kind.ROMAN:
        return Word(symbol.latex, symbol.face)
    return Atom(symbol.latex, symbol.kind)


def _item(glyph: Glyph, profile: Profile) -> Item:
    symbol = symbol_of(glyph)
    symbol = _BARS.get(symbol.latex, symbol)
    end = glyph.x + glyph.advance
    kind = symbol.kind
    if kind in _FENCES and (glyph.ink.height > TALL * glyph.size or glyph.family == "ex"):
        return delimiter(symbol, glyph.ink, glyph.size, (glyph.x, end), glyph.index, profile)
    node = symbol_node(glyph)
    if symbol.latex == r"\amalg" and glyph.ink.height > 0.8 * glyph.size:
        symbol, kind = Symbol(r"\coprod", Kind.OP), Kind.OP
        node = Atom(symbol.latex, kind)
    hanging = kind in (Kind.OP, Kind.INT, Kind.PIECE)
    y = glyph.ink.cy - profile.axis * glyph.size if hanging else glyph.y
    name = glyph.name or glyph.char
    if kind is Kind.ROMAN and symbol.face in ("it", "bi") and lends_italic(glyph.font):
        symbol = Symbol(symbol.latex, kind, VARIABLE_FACES[symbol.face])
    return Item(
        node,
        str(kind),
        glyph.ink,
        glyph.size,
        y,
        end,
        glyph.index,
        face=symbol.face,
        name=name,
        start=glyph.x,
    )


def _drop_unknown(items: list[Item]) -> list[Item]:
    return [item for item in items if item.role != Kind.UNKNOWN]


def _embolden(items: list[Item], profile: Profile) -> list[Item]:
    """The same glyph drawn twice, a little apart, is a bold one."""
    kept: list[Item] = []
    places: dict[tuple[str, str, int], list[Item]] = {}
    for item in items:
        size = item.size or 10.0
        key = (item.name, item.role, round(size * 4))
        near = profile.duplicate * size
        twin = next((o for o in places.get(key, ()) if _is_near(o, item, near)), None)
        if twin is None or item.role in (Kind.PIECE, Kind.ACCENT) or item.box.width < 1:
            kept.append(item)
            places.setdefault(key, []).append(item)
        elif isinstance(twin.node, Atom) and not twin.latex.startswith(r"\boldsymbol"):
            twin.node = Accent(r"\boldsymbol", twin.node) if twin.role != "fence" else twin.node
    return kept


def _is_near(one: Item, other: Item, distance: float) -> bool:
    return abs(one.box.x0 - other.box.x0) < distance and abs(one.box.y0 - other.box.y0) < distance


def _negate(items: list[Item], _profile: Profile) -> list[Item]:
    for bar in [item for item in items if item.latex in ("not", "/")]:
        over = [item for item in items if item is not bar and _strikes(bar, item)]
        if over or bar.latex == "not":
            items = [item for item in items if item is not bar]
        if over:
            struck = min(over, key=lambda item: abs(item.box.cx - bar.box.cx))
            kind = Kind.ORD if struck.latex == "0" else Kind.REL
            struck.node = Atom(_NEGATED.get(struck.latex, rf"\not {struck.latex}"), kind)
            struck.role = str(kind)
    return items


def _strikes(bar: Item, item: Item) -> bool:
    """Whether the bar goes through the symbol; Times draws \\notin and \\emptyset with the ordinary slash."""
    size, overlap = bar.size or 10.0, item.box.x_overlap(bar.box)
    level = abs(item.box.cy - bar.box.cy) < 0.4 * size
    if bar.latex == "not":
        return level and overlap > 0
    across = abs(bar.box.cx - item.box.cx) < 0.15 * size
    return level and across and (item.role == Kind.REL or item.latex == "0") and overlap > 0.5 * bar.box.width


def _attach_tails(items: list[Item], _profile: Profile) -> list[Item]:
    """The tail of \\mapsto and the hooks of \\hookrightarrow and \\hookleftarrow are glyphs of their own."""
    for tail in [item for item in items if item.latex in ("tail", "hookr", "hookl")]:
        arrow = _arrow_of(tail, items)
        items = [item for item in items if item is not tail]
        if arrow is not None:
            _rename(arrow, _TAILED[tail.latex, arrow.latex])
            arrow.box, arrow.end = union([arrow.box, tail.box]), max(arrow.end, tail.end)
            arrow.start = min(arrow.left, tail.left)
    return items


_TAILED = {
    ("tail", r"\rightarrow"): r"\mapsto",
    ("tail", r"\longrightarrow"): r"\longmapsto",
    ("hookr", r"\rightarrow"): r"\hookrightarrow",
    ("hookl", r"\leftarrow"): r"\hookleftarrow",
}


def _arrow_of(tail: Item, items: list[Item]) -> Item | None:
    size = tail.size or 10.0
    arrows = [
        item
        for item in items
        if (tail.latex, item.latex) in _TAILED
        and abs((item.y or 0) - (tail.y or 0)) < 0.1 * size
        and item.box.x_overlap(tail.box) > -0.35 * size
    ]
    return min(arrows, key=lambda item: abs(item.box.cx - tail.box.cx), default=None)


# Two symbols set so close that they are one: left, right, result, and the kind of overlap they must have.
_JOINED = {
    ("-", "-"): "-",
    ("=", "="): "=",
    ("-", r"\rightarrow"): r"\longrightarrow",
    ("-", r"\longrightarrow"): r"\longrightarrow",
    (r"\longleftarrow", "-"): r"\longleftarrow",
    (r"\rightarrow", "-"): r"\longrightarrow",
    (r"\longrightarrow", "-"): r"\longrightarrow",
    (r"\int", r"\int"): r"\iint",
    (r"\iint", r"\int"): r"\iiint",
    (r"\leftarrow", "-"): r"\longleftarrow",
    ("=", r"\Rightarrow"): r"\Longrightarrow",
    (r"\Leftarrow", "="): r"\Longleftarrow",
    (r"\mapsto", r"\rightarrow"): r"\mapsto",
    (r"\hookleftarrow", r"\rightarrow"): r"\hookrightarrow",
    (r"\leftarrow", r"\hookrightarrow"): r"\hookleftarrow",
    (r"\hbar", "h"): r"\hbar",
    (r"\hslash", "h"): r"\hslash",
    (r"\leftarrow", r"\rightarrow"): r"\longleftrightarrow",
    (r"\Leftarrow", r"\Rightarrow"): r"\Longleftrightarrow",
    (r"\triangleright", r"\triangleleft"): r"\bowtie",
    ("|", "="): r"\models",
}
_LEFTS = frozenset(left for left, _ in _JOINED)
_JOINED_KIND = {
    r"\iint": Kind.INT,
    r"\iiint": Kind.INT,
    "-": Kind.BIN,
    r"\hbar": Kind.LETTER,
    r"\hslash": Kind.LETTER,
}
_STACKED = {(".", "="): r"\doteq", (r"\sim", "="): r"\cong", (r"\wedge", "="): r"\triangleq"}


def _join_arrows(items: list[Item], _profile: Profile) -> list[Item]:
    gone: set[int] = set()
    by_left = sorted(items, key=lambda item: item.box.x0)
    signs = [item.latex for item in by_left]
    for position, left in enumerate(by_left):
        if signs[position] not in _LEFTS:
            continue
        size = left.size or 10.0
        for other, right in enumerate(by_left[position + 1 : position + 5], position + 1):
            joined = _JOINED.get((signs[position], signs[other]))
            if joined is None:
                continue
            touching = -0.9 * size < right.box.x0 - left.box.x1 < 0.05 * size
            level = abs((right.y or 0) - (left.y or 0)) < 0.1 * size
            if touching and level and id(left) not in gone:
                gone.add(id(left))
                right.box, right.index = union([left.box, right.box]), min(left.index, right.index)
                right.start = left.start
                _rename(right, joined)
                signs[other] = joined
    for pair, stacked in _STACKED.items():
        if pair[0] in signs:
            gone |= _stack(by_left, pair, stacked)
    return [item for item in items if id(item) not in gone]


def _stack(items: list[Item], pair: tuple[str, str], result: str) -> set[int]:
    gone: set[int] = set()
    uppers = [item for item in items if item.latex == pair[0]]
    lowers = [item for item in items if item.latex == pair[1]]
    for upper in uppers:
        size = upper.size or 10.0
        for lower in [item for item in lowers if item.latex == pair[1]]:
            above = 0 < upper.box.cy - lower.box.cy < 0.5 * size
            if above and abs(upper.box.cx - lower.box.cx) < 0.1 * size:
                gone.add(id(upper))
                lower.box = union([upper.box, lower.box])
                _rename(lower, result)
    return gone


def _rename(item: Item, latex: str) -> None:
    kind = _JOINED_KIND.get(latex, Kind.REL)
    item.node = Atom(latex, kind)
    item.role = str(kind)


_STEPS = (
    pieces.stretch,
    _embolden,
    _negate,
    _join_arrows,
    _attach_tails,
    dots.stack,
    dots.space,
    pieces.assemble,
)
# What the steps look for: without these none but `_embolden` changes anything.
_PARTIAL_ROLES = frozenset((*map(str, (Kind.ACCENT, Kind.PIECE, Kind.VERT)), "fence"))
_PARTIAL = frozenset(
    (
        *("not", "/"),
        *_LEFTS,
        *(upper for upper, _ in _STACKED),
        *(tail for tail, _ in _TAILED),
        *dots.SINGLE,
    )
)
