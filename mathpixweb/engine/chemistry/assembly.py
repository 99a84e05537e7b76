"""Bonds and labels put together: where bonds end are atoms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mathpixweb.engine.chemistry import labels as label_reading
from mathpixweb.engine.chemistry.fragments import Atom, Fragment
from mathpixweb.engine.chemistry.labels import Label, Reading
from mathpixweb.engine.chemistry.lines import Bond
from mathpixweb.engine.chemistry.strokes import Circle
from mathpixweb.engine.chemistry.tracing import Point
from mathpixweb.engine.disjoint_sets import DisjointSets
from mathpixweb.engine.geometry import Box

TOGETHER: Final = 0.24  # of a bond's length: ends so near are one atom
HASH_AIM: Final = math.radians(25)  # by which a row of hashes may miss the atom it begins at
HASH_REACH: Final = 0.45  # by which distances in front of it count
STUB: Final = 0.3  # of a bond's length: a line between two meetings that is no bond
REACH: Final = 0.5  # of a bond's length from its end to the label it points at
TOUCHING: Final = 0.16  # of a bond's length from an end to the label beside it
CROSSING: Final = math.radians(14)  # by which two lines that cross may be bent
FAR: Final = 1.35  # of a bond's length: two halves of a line that crosses another are not longer


@dataclass(frozen=True, slots=True)
class Placed:
    """An atom of a molecule at its place in the drawing; `lettered` if a label of its own names it."""

    atom: Atom
    place: Point
    lettered: bool = False


@dataclass(frozen=True, slots=True)
class Joint:
    """A bond between two atoms; `kind` as of strokes, from the first atom, or `aromatic`."""

    first: int
    second: int
    order: float
    kind: str = "plain"


@dataclass(slots=True)
class Skeleton:
    """`doubts` are what does not fit, each a probability that it is right nevertheless."""

    atoms: list[Placed] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    doubts: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _End:
    """An end of a bond; `bond` is its position, `first` tells which end."""

    bond: int
    first: bool
    place: Point
    met: bool


def assemble(
    bonds: Sequence[Bond], labels: Sequence[Label], circles: Sequence[Circle], bond: float
) -> Skeleton:
    """`bond` is the usual length of bonds."""
    bonds = _without_stubs(bonds, bond)
    ends = [end for k in range(len(bonds)) for end in _ends_of(k, bonds[k])]
    groups = _joined(ends, bonds, bond)
    homes = {id(end): _label_of(end, bonds[end.bond], labels, bond) for end in ends}
    skeleton = Skeleton()
    at: dict[tuple[int, bool], int] = {}
    waiting: dict[int, list[_End]] = {}
    for group in groups:
        home = _home(group, homes)
        if home is not None:
            waiting.setdefault(home, []).extend(group)
            continue
        skeleton.atoms.append(Placed(Atom("C"), _mean(end.place for end in group)))
        at.update({(end.bond, end.first): len(skeleton.atoms) - 1 for end in group})
    for home, group in waiting.items():
        _place_label(skeleton, labels[home], group, bonds, at)
    for k, one in enumerate(bonds):
        first, second = at[k, True], at[k, False]
        if first != second:
            _join(skeleton, Joint(first, second, one.order, one.stroke.kind))
    _make_aromatic(skeleton, circles, bond)
    return skeleton


def _ends_of(k: int, bond: Bond) -> list[_End]:
    stroke = bond.stroke
    return [_End(k, True, stroke.a, stroke.met_a), _End(k, False, stroke.b, stroke.met_b)]


def _without_stubs(bonds: Sequence[Bond], bond: float) -> list[Bond]:
    """What is too short for a bond and hangs between others only joins them, which nearness does, too."""
    return [
        one
        for one in bonds
        if one.stroke.length > STUB * bond
        or one.stroke.kind != "plain"
        or (one.stroke.length > 0.5 * STUB * bond and not (one.stroke.met_a and one.stroke.met_b))
    ]


def _joined(ends: Sequence[_End], bonds: Sequence[Bond], bond: float) -> list[list[_End]]:
    """Ends that are one atom; the two ends of one bond never are."""
    atoms = DisjointSets(range(len(ends)))
    pairs = sorted(
        (gap, i, j)
        for i, one in enumerate(ends)
        for j, other in enumerate(ends[:i])
        if (gap := _apart(one, other, bonds)) < TOGETHER * bond
    )
    members = {k: {ends[k].bond} for k in range(len(ends))}
    for _, i, j in pairs:
        one, other = atoms.root(i), atoms.root(j)
        if one != other and not members[one] & members[other]:
            atoms.join(other, one)
            members[other] |= members.pop(one)
    groups = [[ends[k] for k in group] for group in atoms.groups()]
    return [part for group in groups for part in _uncrossed(group, bonds, bond)]


def _apart(one: _End, other: _End, bonds: Sequence[Bond]) -> float:
    """The distance of two ends; less where a row of hashes, whose first ones are faint, points at one."""
    if one.bond == other.bond:
        return math.inf
    gap = math.dist(one.place, other.place)
    for end, goal in ((one, other), (other, one)):
        if bonds[end.bond].stroke.kind == "hash":
            ahead = math.atan2(goal.place[1] - end.place[1], goal.place[0] - end.place[0])
            if abs(math.remainder(ahead - _heading(end, bonds), 2 * math.pi)) > math.pi - HASH_AIM:
                return HASH_REACH * gap
    return gap


def _uncrossed(group: list[_End], bonds: Sequence[Bond], bond: float) -> list[list[_End]]:
    """Four ends that are the crossing of two lines, as two pairs; but as a whole where an atom may be."""
    if len(group) != 4:
        return [group]
    order = sorted(group, key=lambda end: _heading(end, bonds))
    pairs = [[order[0], order[2]], [order[1], order[3]]]
    for pair in pairs:
        turn = _heading(pair[0], bonds) - _heading(pair[1], bonds)
        if abs(abs(math.remainder(turn, 2 * math.pi)) - math.pi) > CROSSING:
            return [group]
        if sum(bonds[end.bond].stroke.length for end in pair) > FAR * bond:
            return [group]
    return pairs


def _heading(end: _End, bonds: Sequence[Bond]) -> float:
    """The direction in which the bond leaves this end."""
    stroke = bonds[end.bond].stroke
    here, there = (stroke.a, stroke.b) if end.first else (stroke.b, stroke.a)
    return math.atan2(there[1] - here[1], there[0] - here[0])


def _label_of(end: _End, one: Bond, labels: Sequence[Label], bond: float) -> int | None:
    """The label at which the bond ends."""
    stroke = one.stroke
    here, there = (stroke.a, stroke.b) if end.first else (stroke.b, stroke.a)
    length = max(stroke.length, 1e-6)
    ahead = (here[0] - there[0]) / length, (here[1] - there[1]) / length
    best: tuple[float, int] | None = None
    for k, label in enumerate(labels):
        for char in label.marks:
            gap = _gap(here, char.box)
            if gap > REACH * bond or (gap > TOUCHING * bond and not _points_at(here, ahead, char.box, bond)):
                continue
            best = min(best or (gap, k), (gap, k))
    return best[1] if best else None


def _gap(point: Point, box: Box) -> float:
    return math.hypot(
        max(box.x0 - point[0], 0, point[0] - box.x1), max(box.y0 - point[1], 0, point[1] - box.y1)
    )


def _points_at(here: Point, ahead: Point, box: Box, bond: float) -> bool:
    """Whether the line, going on, comes upon the box."""
    grown = box.grown(0.12 * bond)
    steps = 12
    return any(
        grown.contains_point(here[0] + ahead[0] * step, here[1] + ahead[1] * step)
        for step in (REACH * bond * (k + 1) / steps * 1.3 for k in range(steps))
    )


def _home(group: Sequence[_End], homes: dict[int, int | None]) -> int | None:
    """The label that an atom is: that of its only bond, or the one at which all of its bonds end."""
    named = [homes[id(end)] for end in group]
    known = [name for name in named if name is not None]
    if not known or (len(known) < len(group) and len(group) > 1):
        return None
    return max(set(known), key=known.count)


def _mean(points: Iterable[Point]) -> Point:
    some = list(points)
    return sum(x for x, _ in some) / len(some), sum(y for _, y in some) / len(some)


def _place_label(
    skeleton: Skeleton,
    label: Label,
    ends: Sequence[_End],
    bonds: Sequence[Bond],
    at: dict[tuple[int, bool], int],
) -> None:
    """Adds what the label says; its bonds go to the atoms whose letters are nearest."""
    places = [_nearest(end, label) for end in ends]
    backwards = _comes_from_right(label, places)
    bonded = sum(bonds[end.bond].order for end in ends) if len(set(places)) == 1 else 1
    reading = _reading(label, backwards, bonded)
    start = len(skeleton.atoms)
    starts = _letter_starts(reading)
    for atom in reading.fragment.atoms:
        box = label.chars[starts.get(atom.place, 0)].mark.box
        skeleton.atoms.append(Placed(atom, (box.cx, box.cy), len(_heavy(reading)) == 1))
    skeleton.joints += [Joint(start + a, start + b, order) for a, b, order in reading.fragment.bonds]
    skeleton.doubts.append(reading.probability)
    for end, place in zip(ends, places, strict=True):
        k = _atom_at(reading.fragment, starts, place) if len(set(places)) > 1 else 0
        at[end.bond, end.first] = start + k
    _spread(skeleton, start, reading.fragment)


def _heavy(reading: Reading) -> list[Atom]:
    return [atom for atom in reading.fragment.atoms if atom.symbol != "H"]


def _letter_starts(reading: Reading) -> dict[int, int]:
    """Position in the text → position among the label's characters, which are one letter each."""
    return {k: k for k in range(len(reading.text))}


def _nearest(end: _End, label: Label) -> int:
    """The position of the nearest letter that can be an atom: no index and no sign, rather no hydrogen."""

    def cost(k: int) -> float:
        char = label.chars[k]
        name = char.mark.guesses[0].char
        extra = 0.0 if name.isalpha() and not char.low else 1e6
        light = 0.9 * char.mark.box.height if name == "H" and len(label.chars) > 1 else 0.0
        return _gap(end.place, char.mark.box) + extra + light

    return min(range(len(label.chars)), key=cost)


def _comes_from_right(label: Label, places: Sequence[int]) -> bool:
    """Whether the label is to be read from its end."""
    names = [char.mark.guesses[0].char for char in label.chars]
    heavy = [k for k, name in enumerate(names) if name.isupper() and name != "H"]
    if len(heavy) < 2:
        first = names[0] if names else ""
        return bool(heavy) and heavy[0] > 0 and (first == "H" or not first.isupper() or heavy[0] > 0)
    middle = sum(places) / len(places)
    return middle > (heavy[0] + heavy[-1]) / 2 and min(places) > heavy[0]


def _reading(label: Label, backwards: bool, bonded: float) -> Reading:
    for order in (backwards, not backwards):
        found = label_reading.readings(label, order, bonded)
        if found:
            return (
                found[0] if order == backwards else replace(found[0], probability=0.5 * found[0].probability)
            )
    text = "".join(char.mark.guesses[0].char for char in label.chars)
    return Reading(text, Fragment([Atom("*")], []), 0.02)


def _atom_at(fragment: Fragment, starts: dict[int, int], place: int) -> int:
    return min(range(len(fragment.atoms)), key=lambda k: abs(fragment.atoms[k].place - place))


def _spread(skeleton: Skeleton, start: int, fragment: Fragment) -> None:
    """Atoms that came from one letter moved apart a little, so that none lies upon another."""
    seen: set[Point] = set()
    for k in range(start, start + len(fragment.atoms)):
        x, y = skeleton.atoms[k].place
        while (x, y) in seen:
            x, y = x + 1.7, y + 1.1
        seen.add((x, y))
        skeleton.atoms[k] = replace(skeleton.atoms[k], place=(x, y))


def _join(skeleton: Skeleton, joint: Joint) -> None:
    """Adds the bond, unless the atoms are bonded already."""
    for k, other in enumerate(skeleton.joints):
        if {other.first, other.second} == {joint.first, joint.second}:
            if joint.order > other.order:
                skeleton.joints[k] = joint
            return
    skeleton.joints.append(joint)


def _make_aromatic(skeleton: Skeleton, circles: Sequence[Circle], bond: float) -> None:
    """The bonds around a circle are aromatic."""
    for circle in circles:
        if circle.radius > 1.3 * bond:
            continue
        around = {
            k
            for k, placed in enumerate(skeleton.atoms)
            if math.dist(placed.place, circle.centre) < max(1.9 * circle.radius, 1.25 * bond)
        }
        skeleton.joints = [
            replace(joint, order=1.5) if joint.first in around and joint.second in around else joint
            for joint in skeleton.joints
        ]
