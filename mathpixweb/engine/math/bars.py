"""Vertical bars on a baseline: which of them open, which close, and which stand between.

A bar is drawn alike in |x|, P(A | B) and f|_U. TeX sets no space beside a bar of its own; the space that is
there tells of a relation, the bar itself (\\mid) or its neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mathpixweb.engine.math.items import Item, is_close, is_open, is_vert
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Atom, Stack, Word
from mathpixweb.engine.math.words import NAMES

MID_SPACE: Final = 0.2  # em; TeX sets 0.28 on both sides of \\mid
SOME_SPACE: Final = 0.145  # em; anything TeX sets on purpose is wider, the white beside fractions is not
SAME_HEIGHT: Final = 0.15  # of its height two bars may differ and be a pair
_RELATIONS: Final = {"|": r"\mid", r"\|": r"\parallel"}
_PARTNER: Final = {"(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lfloor": r"\rfloor"}
_PARTNER[r"\lceil"] = r"\rceil"


@dataclass(slots=True, eq=False)
class Place:
    """What stands on a baseline with its scripts: `end` is where the pen was after these.

    `before` and `after` are the spaces to the neighbours in em; `paired` brackets have found their partner.
    """

    item: Item
    end: float
    sub: bool = False
    sup: bool = False
    before: float = 0.0
    after: float = 0.0
    paired: bool = False

    @property
    def scripted(self) -> bool:
        return self.sub or self.sup


def matches(left: str, right: str) -> bool:
    """Intervals like [0, 1) may mix round and square brackets; a bar closes a bra and opens a ket."""
    if left in _RELATIONS or right in _RELATIONS:
        return left == right or (left, right) in ((r"\langle", "|"), ("|", r"\rangle"))
    return _PARTNER.get(left) == right or {left, right} in ({"(", "]"}, {"[", ")"})


def measure(places: Sequence[Place], size: float) -> None:
    """Fill in the spaces between neighbours."""
    for left, right in pairwise(places):
        left.after = right.before = (right.item.left - left.end) / size


def mark(places: Sequence[Place]) -> None:
    """Tell what each bar is by the kind of its node: OPEN, CLOSE, REL, or VERT where nothing is certain.

    A bar with a subscript that closes nothing is CLOSE too: it ends what is evaluated or restricted there.
    """
    if not any(is_vert(place.item) for place in places):
        return
    for position, place in enumerate(places):
        if is_vert(place.item) and _is_relation(places, position):
            _set(place, Kind.REL, _RELATIONS[place.item.latex])
    for left, level in _levels(places):
        _pair(left, level)


def _set(place: Place, kind: Kind, latex: str | None = None) -> None:
    place.item.node = Atom(latex or place.item.latex, kind)


def _is_relation(places: Sequence[Place], position: int) -> bool:
    place = places[position]
    if not 0 < position < len(places) - 1 or place.scripted or place.item.role == "fence":
        return False
    spaced = place.before > MID_SPACE and place.after > MID_SPACE
    return spaced and not _explains(places, position - 1) and not _explains(places, position + 1)


def _explains(places: Sequence[Place], position: int) -> bool:
    """Whether the space beside this neighbour is its own: that of a relation or a binary operator."""
    place = places[position]
    kind = _kind(place)
    if kind is Kind.BIN:  # with space on one side only it is a sign or stands for an argument
        return place.before > SOME_SPACE and place.after > SOME_SPACE
    return kind in (Kind.REL, Kind.PUNCT)


def _kind(place: Place) -> Kind:
    node = place.item.node
    if isinstance(node, Atom):
        return node.kind
    if isinstance(node, Stack):
        return Kind.REL
    named = isinstance(node, Word) and node.text in NAMES
    return Kind.OP if named or place.item.role == "limits" else Kind.ORD


def _levels(places: Sequence[Place]) -> Iterator[tuple[str, list[Place]]]:
    """What stands together within one pair of brackets, with the opening one; brackets stand outside."""
    stack: list[tuple[str, list[Place]]] = [("", [])]
    for place in places:
        item = place.item
        if is_close(item) and any(matches(left, item.latex) for left, _ in stack[1:]):
            while not matches(stack[-1][0], item.latex):
                _unite(stack)
            if _is_outer_product(stack, item):
                _unite(stack)
            else:
                stack[-2][1][-1].paired = place.paired = True
                yield stack.pop()
        stack[-1][1].append(place)
        if is_open(item):
            stack.append((item.latex, []))
    while len(stack) > 1:
        _unite(stack)
    yield stack[0]


def _unite(stack: list[tuple[str, list[Place]]]) -> None:
    """The bracket on top has no partner."""
    _, level = stack.pop()
    stack[-1][1].extend(level)


def _is_outer_product(stack: Sequence[tuple[str, list[Place]]], closing: Item) -> bool:
    """As in |a⟩⟨a| + |b⟩⟨b|: what looks like a pair of angles belongs to two."""
    if closing.latex != r"\rangle" or len(stack) < 2:
        return False
    before = [place.item.latex for place in stack[-2][1]]
    bars = sum(is_vert(place.item) for place in stack[-1][1])
    lone = before.count(r"\rangle") >= before.count(r"\langle")
    return bars > 1 and before[-2:] == [r"\rangle", r"\langle"] and lone


def _pair(left: str, level: Sequence[Place]) -> None:
    waiting: list[tuple[int, bool]] = []  # bars that may open, and whether they can do nothing else
    for position, place in enumerate(level):
        latex = "" if place.paired else place.item.latex
        if latex == r"\langle":
            waiting.append((position, True))
        elif latex == r"\rangle" and waiting and level[waiting[-1][0]].item.latex == "|":
            _set(level[waiting.pop()[0]], Kind.OPEN)
        elif is_vert(place.item):
            _place_bar(left, level, position, waiting)


def _place_bar(left: str, level: Sequence[Place], position: int, waiting: list[tuple[int, bool]]) -> None:
    place = level[position]
    opens, closes = _must_open(level, position, waiting), _must_close(level, position)
    if not opens:
        partner = next((p for p in reversed(waiting) if _alike(level[p[0]].item, place.item)), None)
        if partner and (partner[1] or closes or _may_enclose(left, level[partner[0] + 1 : position])):
            del waiting[waiting.index(partner) :]
            if is_vert(level[partner[0]].item):
                _set(level[partner[0]], Kind.OPEN)
            _set(place, Kind.CLOSE)
            return
        if place.sub and position > 0:
            _set(place, Kind.CLOSE)
    if not closes:
        waiting.append((position, opens))


def _must_open(level: Sequence[Place], position: int, waiting: Sequence[tuple[int, bool]]) -> bool:
    place = level[position]
    if place.scripted or position == len(level) - 1:
        return False
    if position == 0 or (waiting and waiting[-1] == (position - 1, True)):
        return True
    previous = level[position - 1]
    kind = _kind(previous)
    if kind is Kind.BIN:
        return previous.before > SOME_SPACE or position == 1
    spaced = place.before > SOME_SPACE > place.after
    return kind in (Kind.REL, Kind.OP, Kind.INT, Kind.PUNCT, Kind.OPEN) or spaced


def _must_close(level: Sequence[Place], position: int) -> bool:
    place = level[position]
    if place.scripted or not 0 < position < len(level) - 1:
        return position > 0
    following = level[position + 1]
    kind = _kind(following)
    if kind is Kind.BIN:
        return place.after > SOME_SPACE
    return kind in (Kind.REL, Kind.PUNCT) or place.after > SOME_SPACE > place.before


def _may_enclose(left: str, between: Sequence[Place]) -> bool:
    """Whether two bars of which neither is certain may be a pair, as in a|b|c, unlike in ⟨a|b|c⟩."""
    return left != r"\langle" and not any(_kind(place) in (Kind.REL, Kind.PUNCT) for place in between)


def _alike(one: Item, other: Item) -> bool:
    if one.latex == r"\langle":
        return other.latex == "|"
    near = SAME_HEIGHT * one.box.height
    return one.latex == other.latex and abs(one.box.height - other.box.height) < near
