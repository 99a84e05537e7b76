"""The main row: what stands on the baseline, and what is raised or lowered next to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mathpixweb.engine.math import bars
from mathpixweb.engine.math.bars import Place
from mathpixweb.engine.math.items import Item, Region, is_open, main_baseline, row_size
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import EMPTY, QQUAD, QUAD, Atom, Node, Scripts, Word, row
from mathpixweb.engine.math.words import NAMES

ONE_QUAD = 0.8  # em; spaces of relations come to 0.28, two of them and a comma's to less than this
UNIT_SPACE = 0.12  # em; a number and its unit are set with a thin space of 0.17
ANY_SPACE = 0.06  # em; spaces of operators may be squeezed to this, kerning is less
TWO_QUADS = 1.65
APART = 0.12  # em from a sign to a script that is not its own
_NEVER_BASES = (Kind.BIN, Kind.REL, Kind.PUNCT)
LOW_PRIME = 0.42  # em from the baseline to the middle of a prime; those of letters on the line are higher


@dataclass(slots=True)
class _Slot:
    """A symbol on the baseline (None: a script before everything) with its scripts."""

    base: Item | None
    sup: list[Item] = field(default_factory=list)
    sub: list[Item] = field(default_factory=list)


def read_row(region: Region) -> Node:
    """The region as one row, its scripts attached to their bases."""
    if not region.items:
        return EMPTY
    size = row_size(region.items, region.profile)
    baseline = _baseline(region, size)
    region.items.sort(key=lambda item: (item.box.x0, item.index))
    levels = [_level(region, item, size, baseline) for item in region.items]
    if 0 not in levels:
        # scripts of nothing would be read as a row of the same symbols, again and again
        levels = [0] * len(levels)
    slots: list[_Slot] = []
    for position, (item, level) in enumerate(zip(region.items, levels, strict=True)):
        if level == 0:
            slots.append(_Slot(item))
            continue
        if not slots or _stands_before(slots[-1], region.items, levels, position, size):
            slots.append(_Slot(None))
        (slots[-1].sup if level > 0 else slots[-1].sub).append(item)
    for slot in slots:
        _settle(slot, baseline)
        _lower_primes(slot, baseline + LOW_PRIME * size)
    places = {id(slot): _place(slot.base, slot) for slot in slots if slot.base is not None}
    bars.measure(list(places.values()), size)
    bars.mark(list(places.values()))
    _tell_spaced(list(places.values()))
    nodes: list[Node] = []
    previous: Place | None = None
    for slot in slots:
        place = places.get(id(slot))
        nodes += [*_space(previous, place), _node(region, slot)]
        previous = place
    return row(nodes)


def _stands_before(
    slot: _Slot, items: Sequence[Item], levels: Sequence[int], position: int, size: float
) -> bool:
    """Whether the item there is a script of what follows: a sign is before it, and farther from it."""
    if slot.base is None or slot.sup or slot.sub:
        return False
    if not (slot.base.role in _NEVER_BASES or is_open(slot.base)):
        return False
    following = next((k for k in range(position, len(levels)) if levels[k] == 0), None)
    if following is None:
        return False
    after = items[following].left - items[following - 1].right
    return is_open(slot.base) or after < APART * size < items[position].left - slot.base.right


def _place(base: Item, slot: _Slot) -> Place:
    end = max([item.right for item in (base, *slot.sup, *slot.sub)]) if slot.sup or slot.sub else base.right
    return Place(base, end, bool(slot.sub), bool(slot.sup))


def _tell_spaced(places: Sequence[Place]) -> None:
    """Tell operators and signs that are drawn alike apart, and units: words in thin space after numbers."""
    for number, place in pairwise(places):
        word = place.item.node
        if number.item.role != Kind.DIGIT or not UNIT_SPACE < place.before < 2 * UNIT_SPACE:
            continue
        if isinstance(word, Word) and word.face == "rm" and word.text.isalpha() and word.text not in NAMES:
            place.item.node = Word(word.text, "unit")
    for place in places:
        latex, spaced = place.item.latex, min(place.before, place.after) > bars.SOME_SPACE
        if latex == r"\backslash" and min(place.before, place.after) > ANY_SPACE:
            place.item.node = Atom(r"\setminus", Kind.BIN)
        elif latex == r"\amalg" and place.sub:
            place.item.node = Atom(r"\coprod", Kind.OP)
        elif latex == r"\perp" and not spaced:
            place.item.node = Atom(r"\bot", Kind.ORD)


def _space(previous: Place | None, place: Place | None) -> list[Node]:
    """The wide space with which authors part statements in one row; the white around = belongs to columns."""
    if previous is None or place is None or place.before < ONE_QUAD:
        return []
    relation = any(p.item.role == Kind.REL and "arrow" not in p.item.latex for p in (previous, place))
    if relation and previous.item.role != Kind.PUNCT:
        return []
    return [QUAD if place.before < TWO_QUADS else QQUAD]


def _baseline(region: Region, size: float) -> float:
    baseline = main_baseline(region.items, size, region.profile)
    if baseline is not None:
        return baseline
    placed = [item for item in region.items if item.y is not None]
    composite = [item for item in placed if item.size is None]
    large = [item for item in placed if (item.size or 0.0) >= region.profile.same_size * size]
    widest = max(composite or large or placed, key=lambda item: item.box.width, default=None)
    return widest.y if widest is not None and widest.y is not None else region.items[0].box.y0


def _level(region: Region, item: Item, size: float, baseline: float) -> int:
    """0 on the baseline, 1 above it, -1 below it."""
    profile = region.profile
    axis = baseline + profile.axis * size
    side = 1 if item.box.cy > axis else -1
    if (item.role in ("fence", "op", "int", "limits") and not _is_named(item)) or _is_enlarged(item, size):
        crosses = item.box.y0 - 0.1 * size <= axis <= item.box.y1 + 0.1 * size
        small = item.size is not None and item.size < profile.odd_size * size
        centred = not (item.role == "fence" or small) or abs(item.box.cy - axis) < 0.35 * item.box.height
        return 0 if crosses and centred else side
    if item.size is None:
        return 0 if _composite_on_axis(region, item, size, axis, baseline) else side
    y = item.y if item.y is not None else item.box.y0
    if item.size >= profile.same_size * size and abs(y - baseline) < profile.baseline * size:
        return 0
    if item.size > profile.odd_size * size and abs(y - baseline) < profile.odd_baseline * size:
        return 0
    return 1 if y > baseline + profile.superscript * size else -1


def _is_enlarged(item: Item, size: float) -> bool:
    """Whether a delimiter was made to fit by choosing a larger font."""
    return item.role in ("open", "close", "vert") and (item.size or 0.0) > 1.12 * size


def _is_named(item: Item) -> bool:
    return item.role == "limits" and item.size is not None


def _composite_on_axis(region: Region, item: Item, size: float, axis: float, baseline: float) -> bool:
    profile = region.profile
    if item.inner and item.inner < profile.script_size * size:
        return False
    small = item.inner and item.inner < 0.8 * size
    slack = profile.small_fraction_axis if small else profile.composite_axis
    on_axis = item.box.y0 - 0.05 * size <= axis <= item.box.y1 + 0.05 * size
    return on_axis and abs((item.y if item.y is not None else baseline) - baseline) < slack * size


def _settle(slot: _Slot, baseline: float) -> None:
    """Symbols of the second script level go to the nearer of the two scripts."""
    if not (slot.sup and slot.sub):
        return
    scripts = slot.sup + slot.sub
    # a prime may be seen as large as what it stands beside
    largest = max((item.size or 0.0 for item in scripts if item.role != Kind.PRIME), default=0.0)
    leading = [item for item in scripts if (item.size or 0.0) >= 0.88 * largest and item.y is not None]
    upper = [item.y for item in leading if item.y is not None and item.y > baseline]
    lower = [item.y for item in leading if item.y is not None and item.y <= baseline]
    if upper and lower:
        middle = (sum(upper) / len(upper) + sum(lower) / len(lower)) / 2 + 0.25 * largest
        slot.sup = [i for i in scripts if ((i.y or 0) > baseline if i in leading else i.box.cy > middle)]
        slot.sub = [i for i in scripts if i not in slot.sup]
    elif upper:
        slot.sup, slot.sub = scripts, []
    elif lower:
        slot.sup, slot.sub = [], scripts


def _lower_primes(slot: _Slot, height: float) -> None:
    """A prime lower than `height` that comes after the subscript is one of the subscript's."""
    if not slot.sup:
        return
    end = max((item.box.x1 for item in slot.sub), default=float("inf"))
    low = [i for i in slot.sup if i.role == Kind.PRIME and i.box.cy < height and i.box.cx > end]
    slot.sup = [item for item in slot.sup if item not in low]
    slot.sub += low


def _node(region: Region, slot: _Slot) -> Node:
    base = slot.base.node if slot.base is not None else EMPTY
    if not (slot.sup or slot.sub):
        return base
    primes, sup = _peel_primes(slot.sup)
    if not (primes or sup or slot.sub):
        return base
    return Scripts(base, _read(region, slot.sub), _read(region, sup), primes)


def _peel_primes(sup: Sequence[Item]) -> tuple[int, list[Item]]:
    """Primes come before everything else in a superscript."""
    primes = [item for item in sup if item.role == Kind.PRIME]
    rest = [item for item in sup if item.role != Kind.PRIME]
    if rest and primes and max(p.box.x0 for p in primes) > min(r.box.x0 for r in rest) + 1:
        return 0, list(sup)
    return sum(max(1, p.latex.count("'")) for p in primes), rest


def _read(region: Region, items: Sequence[Item]) -> Node | None:
    if not items:
        return None
    left, right = min(i.box.x0 for i in items) - 0.5, max(i.box.x1 for i in items) + 0.5
    rules = [r for r in region.rules if left <= r.box.x0 and r.box.x1 <= right]
    return region.read(items, rules)
