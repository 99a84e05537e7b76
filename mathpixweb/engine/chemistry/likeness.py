"""Whether a drawing is one of a molecule, and how sure its reading is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from mathpixweb.engine.chemistry.assembly import Joint, Placed, Skeleton
from mathpixweb.engine.chemistry.strokes import Stroke
from mathpixweb.engine.chemistry.structure import Structure

FEWEST_ATOMS: Final = 3
FEWEST_BONDS: Final = 2
FEW: Final = 4  # bonds: what has fewer is a molecule only if everything in it says so
CHEMICAL: Final = (math.radians(104), math.radians(136))  # between the bonds of an atom in a small molecule
ACUTE: Final = math.radians(80)  # a corner of a ring, but of no chain
LEGIBLE: Final = 0.3  # probability of each label's reading in one
UNIFORM: Final = (0.62, 1.45)  # of the usual length: what bonds are long
MOSTLY: Final = 0.55  # of the bonds are so long, and of the lines' length is in the largest molecule
UNEVEN: Final = 0.25  # of the usual length by which bonds between atoms without labels differ at most …
EVEN: Final = 0.7  # … but for some
SLANTED: Final = math.radians(8)  # from level or upright
LEAST_SLANTED: Final = 0.15  # of the bonds: fewer are in tables, circuits and axes
NONSENSE: Final = 0.05  # probability of a label's reading: it says nothing
MOST_NONSENSE: Final = 0.5  # of the labels

# Fitted on drawings that RDKit made of the NCI's structures, half of them spoiled (`training.molecules`).
BIAS: Final = 3.4
WEIGHTS: Final = (0.5, -3.0, -2.4, -2.5, -0.05)


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells good readings from bad ones; each grows with doubt but the first, a logarithm."""

    labels: float
    misfits: int
    astray: float
    fragments: int
    atoms: int

    def confidence(self) -> float:
        """The probability that the structure is the one that is drawn."""
        values = (self.labels, self.misfits, self.astray, self.fragments - 1, self.atoms)
        odds = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
        return 1 / (1 + math.exp(-odds))


def signs(skeleton: Skeleton, strokes: Sequence[Stroke], bond: float, made: Structure) -> Signs:
    labels = sum(math.log(max(doubt, 1e-3)) for doubt in skeleton.doubts)
    parts = [part for part in fragments(skeleton) if len(part) > 1]
    return Signs(labels, made.misfits, astray(skeleton, strokes, bond), len(parts), made.atoms)


def is_molecule(skeleton: Skeleton, strokes: Sequence[Stroke], bond: float) -> bool:
    """Whether there is a molecule, and not much else that is drawn."""
    members = largest(skeleton)
    joints = [joint for joint in skeleton.joints if joint.first in members]
    if len(members) < FEWEST_ATOMS or len(joints) < FEWEST_BONDS:
        return False
    drawn = [joint for joint in joints if _length(joint, skeleton) > 0.3 * bond]
    lengths = [_length(joint, skeleton) for joint in drawn]
    if lengths and len(joints) < len(members):
        bond = max(bond, median(lengths))  # labels at all of a chain's bonds shorten their lines
    usual = sum(UNIFORM[0] * bond < length < UNIFORM[1] * bond for length in lengths)
    slanted = sum(_is_slanted(joint, skeleton) for joint in drawn)
    nonsense = sum(doubt < NONSENSE for doubt in skeleton.doubts)
    return (
        usual > MOSTLY * len(drawn)
        and slanted > LEAST_SLANTED * len(drawn)
        and _says_something(members, joints, skeleton)
        and _is_even([_length(joint, skeleton) for joint in drawn if _is_bare(joint, skeleton)])
        and astray(skeleton, strokes, bond) < 1 - MOSTLY
        and nonsense <= MOST_NONSENSE * len(skeleton.doubts)
        and _is_of_carbon(members, skeleton)
        and (len(joints) >= len(members) or _bends_as_chains(members, joints, skeleton))
        and (len(joints) >= FEW or _is_small_one(skeleton, strokes, bond))
    )


def _is_of_carbon(members: frozenset[int], skeleton: Skeleton) -> bool:
    """Whether there are not more letters that leave something open than carbons, as in trees and polygons."""
    symbols = [skeleton.atoms[k].atom.symbol for k in members]
    return symbols.count("*") <= symbols.count("C")


def _bends_as_chains(members: frozenset[int], joints: Sequence[Joint], skeleton: Skeleton) -> bool:
    """Whether most corners are as wide as those of chains, which the teeth of a resistor's zigzag are not."""
    corners = [
        _angles(k, around, skeleton)[0]
        for k in members
        if len(around := [joint for joint in joints if k in (joint.first, joint.second)]) == 2
    ]
    return 2 * sum(angle < ACUTE for angle in corners) <= len(corners)


def _is_small_one(skeleton: Skeleton, strokes: Sequence[Stroke], bond: float) -> bool:
    """Whether few lines are a molecule: all of them bonds, at its angles, with a label that atoms have."""
    if len(fragments(skeleton)) > 1 or astray(skeleton, strokes, bond) or not skeleton.doubts:
        return False
    bonds = {
        k: [joint for joint in skeleton.joints if k in (joint.first, joint.second)] for k in _all(skeleton)
    }
    angles = [angle for k in bonds for angle in _angles(k, bonds[k], skeleton)]
    return (
        min(skeleton.doubts) > LEGIBLE
        and bool(angles)
        and all(CHEMICAL[0] < angle < CHEMICAL[1] for angle in angles)
        and any(_is_telling(skeleton.atoms[k], bonds[k]) for k in bonds)
    )


def _all(skeleton: Skeleton) -> range:
    return range(len(skeleton.atoms))


def _angles(k: int, joints: Sequence[Joint], skeleton: Skeleton) -> list[float]:
    """Between the bonds of the atom, from each to the next one around it."""
    here = skeleton.atoms[k].place
    others = (joint.second if joint.first == k else joint.first for joint in joints)
    places = (skeleton.atoms[other].place for other in others)
    ways = sorted(math.atan2(y - here[1], x - here[0]) for x, y in places)
    turns = [
        (after - before) % (2 * math.pi) for before, after in zip(ways, [*ways[1:], *ways[:1]], strict=True)
    ]
    return [min(turns)] if len(turns) == 2 else turns if len(turns) > 2 else []


def _is_telling(placed: Placed, joints: Sequence[Joint]) -> bool:
    """Whether no letter at a line means this: OH, Cl, an O on two lines, an N between bonds."""
    atom = placed.atom
    if atom.symbol in ("C", "H", "*"):
        return False
    return bool(atom.hydrogens) or len(atom.symbol) > 1 or len(joints) > 1 or joints[0].order > 1


def _says_something(members: frozenset[int], joints: Sequence[Joint], skeleton: Skeleton) -> bool:
    """Whether there is a label, a ring or a multiple bond: a bare zigzag is rather a curve than an alkane."""
    lettered = any(skeleton.atoms[k].atom.symbol != "C" for k in members)
    return lettered or len(joints) >= len(members) or any(joint.order != 1 for joint in joints)


def _is_bare(joint: Joint, skeleton: Skeleton) -> bool:
    """Whether no label shortens the bond."""
    return not (skeleton.atoms[joint.first].lettered or skeleton.atoms[joint.second].lettered)


def _is_even(lengths: Sequence[float]) -> bool:
    """Whether nearly all bonds are of one length, as chemists draw them, and curves are not."""
    usual = median(lengths) if lengths else 0.0
    return sum(abs(length - usual) < UNEVEN * usual for length in lengths) >= EVEN * len(lengths)


def largest(skeleton: Skeleton) -> frozenset[int]:
    """The atoms of the largest molecule."""
    return max(fragments(skeleton), key=len, default=frozenset())


def fragments(skeleton: Skeleton) -> list[frozenset[int]]:
    """Atoms that hang together."""
    neighbours: dict[int, list[int]] = {k: [] for k in range(len(skeleton.atoms))}
    for joint in skeleton.joints:
        neighbours[joint.first].append(joint.second)
        neighbours[joint.second].append(joint.first)
    left, found = set(neighbours), []
    while left:
        reached, waiting = set[int](), [left.pop()]
        while waiting:
            k = waiting.pop()
            reached.add(k)
            waiting += [other for other in neighbours[k] if other not in reached]
        left -= reached
        found.append(frozenset(reached))
    return found


def astray(skeleton: Skeleton, strokes: Sequence[Stroke], bond: float) -> float:
    """The share of the lines' length that is none of the largest molecule's bonds."""
    members = largest(skeleton)
    joints = [joint for joint in skeleton.joints if joint.first in members]
    total = sum(stroke.length for stroke in strokes)
    lost = sum(stroke.length for stroke in strokes if not _belongs(stroke, joints, skeleton, bond))
    return lost / total if total else 1.0


def _belongs(stroke: Stroke, joints: Sequence[Joint], skeleton: Skeleton, bond: float) -> bool:
    x, y = (stroke.a[0] + stroke.b[0]) / 2, (stroke.a[1] + stroke.b[1]) / 2
    for joint in joints:
        a, b = skeleton.atoms[joint.first].place, skeleton.atoms[joint.second].place
        dx, dy = b[0] - a[0], b[1] - a[1]
        square = dx * dx + dy * dy or 1.0
        at = min(1.0, max(0.0, ((x - a[0]) * dx + (y - a[1]) * dy) / square))
        if math.dist((x, y), (a[0] + at * dx, a[1] + at * dy)) < 0.3 * bond:
            return True
    return False


def _length(joint: Joint, skeleton: Skeleton) -> float:
    return math.dist(skeleton.atoms[joint.first].place, skeleton.atoms[joint.second].place)


def _is_slanted(joint: Joint, skeleton: Skeleton) -> bool:
    a, b = skeleton.atoms[joint.first].place, skeleton.atoms[joint.second].place
    return abs(math.remainder(math.atan2(b[1] - a[1], b[0] - a[0]), math.pi / 2)) > SLANTED
