"""What a label says, as atoms and bonds: OCH3, CO2Et, HN, CF3, NHBoc, N(CH3)2 …

A label is read from the side on which its bond is, so `HO2C` on the left of one says what `CO2H` says on the
right. Atoms know which of the label's letters they came from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from rdkit import Chem

from mathpixweb.engine.chemistry.abbreviations import BETWEEN, FORMULAS, GROUPS, PLACEHOLDERS, VALENCES

LONGEST: Final = 24  # letters; a longer text is no label
MOST_COPIES: Final = 20  # as in (CH2)n
LONGEST_FORMULA: Final = 4  # units
_NAMES: Final = sorted({*GROUPS, *VALENCES, *PLACEHOLDERS}, key=lambda name: (-len(name), name))
_TOKEN: Final = re.compile("|".join([*map(re.escape, _NAMES), r"\d+", r"[-+()\[\]']"]))


class NotALabel(ValueError):
    """The text is no group of atoms."""


@dataclass(frozen=True, slots=True)
class Atom:
    """`place` is the position in the label of the letter it came from; `hydrogens` are those the label tells.

    `number` is that of a placeholder, as in R1, whose symbol is `*`.
    """

    symbol: str
    charge: int = 0
    hydrogens: int | None = None
    place: int = 0
    number: int = 0


@dataclass(slots=True)
class Fragment:
    """`bonds` are first atom, second atom, order. Atom 0 is where reading began."""

    atoms: list[Atom] = field(default_factory=list)
    bonds: list[tuple[int, int, float]] = field(default_factory=list)

    def add(self, atom: Atom, to: int | None) -> int:
        self.atoms.append(atom)
        if to is not None:
            self.bonds.append((to, len(self.atoms) - 1, 1.0))
        return len(self.atoms) - 1

    def used(self, k: int) -> float:
        """The bonds that the atom has within the fragment."""
        return sum(order for a, b, order in self.bonds if k in (a, b))

    def free(self, k: int) -> float:
        """The bonds that the atom can have besides those, and besides its hydrogens."""
        atom = self.atoms[k]
        return VALENCES.get(atom.symbol, 8) - self.used(k) - (atom.hydrogens or 0)


@dataclass(frozen=True, slots=True)
class Unit:
    """An element, an abbreviation or, with `inner`, what stands in parentheses; so many times."""

    text: str
    place: int
    count: int = 1
    inner: tuple[Unit, ...] = ()
    charge: int = 0


def parse(text: str, *, backwards: bool = False, bonded: float = 1) -> Fragment:
    """What the label says; its first atom has `bonded` bonds outside of it. Raises NotALabel.

    `backwards` for a label whose bond comes from the right.
    """
    if not 0 < len(text) <= LONGEST:
        raise NotALabel(text)
    units = _units(text)
    orders = (_reversed(units), _reversed(_atoms_first(units)), units) if backwards else (units,)
    for order in orders:
        fragment = _built(order, bonded)
        if fragment is not None and _is_possible(fragment, bonded):
            return fragment
    raise NotALabel(text)


def _built(units: Sequence[Unit], bonded: float) -> Fragment | None:
    fragment = Fragment()
    try:
        _build(fragment, units, None, bonded)
    except NotALabel:
        return None
    return fragment


def _is_possible(fragment: Fragment, bonded: float) -> bool:
    """Whether no atom has more bonds than it can. A lone H is an atom, one that begins something a slip."""
    if not fragment.atoms or (fragment.atoms[0].symbol == "H" and len(fragment.atoms) > 1):
        return False
    outside = [bonded, *[0.0] * (len(fragment.atoms) - 1)]
    return all(
        fragment.free(k) - taken + max(0, atom.charge) >= 0 or atom.symbol in ("*", "H")
        for k, (atom, taken) in enumerate(zip(fragment.atoms, outside, strict=True))
    )


def _units(text: str) -> tuple[Unit, ...]:
    open_groups: list[list[Unit]] = [[]]
    starts: list[int] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise NotALabel(text)
        sign = found.group()
        if sign in "([":
            starts.append(place)
            open_groups.append([])
        elif sign in ")]":
            if not starts or not open_groups[-1]:
                raise NotALabel(text)
            inner = tuple(open_groups.pop())
            open_groups[-1].append(Unit("()", starts.pop(), inner=inner))
        elif sign.isdigit() or sign in "+-'":
            _amend(open_groups[-1], sign, text)
        else:
            open_groups[-1].append(Unit(sign, place))
        place = found.end()
    if starts:
        raise NotALabel(text)
    return tuple(open_groups[0])


def _amend(units: list[Unit], sign: str, text: str) -> None:
    """The last unit with its count or charge."""
    if not units or (sign == "'" and units[-1].text not in PLACEHOLDERS):
        raise NotALabel(text)
    last = units[-1]
    if sign == "'":
        return
    if sign.isdigit():
        if last.count > 1 or not 0 < int(sign) <= MOST_COPIES:
            raise NotALabel(text)
        units[-1] = replace(last, count=int(sign))
    else:
        units[-1] = replace(last, charge=last.charge + (1 if sign == "+" else -1))


def _reversed(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """From the right: hydrogens, which follow their atom in either direction, come after it by themselves."""
    return tuple(replace(unit, inner=_reversed(unit.inner)) for unit in reversed(units))


def _atoms_first(units: Sequence[Unit]) -> list[Unit]:
    """Hydrogens after their atom also where they begin the label, each atom's as one unit: HOCH2, CH3O."""
    groups: list[list[Unit]] = []
    waiting: list[Unit] = []
    for unit in units:
        if unit.text != "H":
            groups.append([unit, *waiting])
            waiting = []
        elif groups:
            groups[-1].append(unit)
        else:
            waiting.append(unit)
    return [unit for group in groups for unit in reversed(group)] + waiting


def _build(fragment: Fragment, units: Sequence[Unit], current: int | None, bonded: float) -> int | None:
    """Adds the units, hung on `current`; the atom on which anything more would hang.

    `bonded` are the bonds that the first atom has outside of the label.
    """
    position = 0
    parents: list[int] = []
    while position < len(units):
        unit = units[position]
        length = _formula_length(units, position)
        if length:
            current = _add_formula(fragment, units[position : position + length], current)
            position += length
            continue
        position += 1
        if unit.inner:
            current = _add_inner(fragment, unit, current)
        elif unit.text == "H" and current is not None:
            _hydrogenate(fragment, current, unit)
            current = _back_up(fragment, current, parents, bonded, more=position < len(units))
        else:
            current = _add_unit(fragment, unit, current, parents)
    return current


def _formula_length(units: Sequence[Unit], position: int) -> int:
    """How many units from there on make a formula that is known, the longest one."""
    for length in range(min(LONGEST_FORMULA, len(units) - position), 0, -1):
        some = units[position : position + length]
        key = tuple((unit.text, unit.count) for unit in some)
        follows = units[position + length].text if position + length < len(units) else ""
        if key in FORMULAS and (not follows or (length == 1 and key[0][1] > 1 and follows != "H")):
            return length
        if key in BETWEEN and follows != "H" and not (key == (("C", 1), ("O", 1)) and follows == "()"):
            return length
        if key in BETWEEN and len(key) > 1 and key[-1][1] > 1:
            return length
    return 0


def _add_formula(fragment: Fragment, units: Sequence[Unit], current: int | None) -> int:
    key = tuple((unit.text, unit.count) for unit in units)
    charge = sum(unit.charge for unit in units)
    smiles, last = BETWEEN[key] if key in BETWEEN else (FORMULAS[key], 0)
    start = _graft(fragment, smiles, current, units[0].place)
    if charge and key in BETWEEN:
        fragment.atoms[start + last] = replace(fragment.atoms[start + last], charge=charge)
    if last:
        fragment.atoms[start + last] = replace(fragment.atoms[start + last], place=units[-1].place)
    return start + last


def _add_inner(fragment: Fragment, unit: Unit, current: int | None) -> int:
    """Branches, or links of a chain if that is what stands in the parentheses: (CH2)3."""
    symbols = [(inner.text, inner.count) for inner in unit.inner]
    chain = symbols == [("C", 1), ("H", 2)] or current is None
    for _ in range(unit.count):
        if symbols == [("O", 1)] and current is not None:
            fragment.bonds.append((current, fragment.add(Atom("O", place=unit.place), None), 2.0))
            continue
        last = _build(fragment, unit.inner, current, bonded=1)
        current = last if chain else current
    if current is None:
        raise NotALabel(unit.text)
    return current


def _add_unit(fragment: Fragment, unit: Unit, current: int | None, parents: list[int]) -> int:
    if unit.text in GROUPS:
        copies = [_graft(fragment, GROUPS[unit.text], current, unit.place) for _ in range(unit.count)]
        return copies[0] if current is None else current
    if unit.text in PLACEHOLDERS and unit.text not in VALENCES:
        number = unit.count if unit.count > 1 else 0
        added = fragment.add(Atom("*", place=unit.place, number=number), current)
        return added if current is None else current
    atom = Atom("H" if unit.text == "D" else unit.text, unit.charge, place=unit.place)
    if current is None:
        if unit.count > 1:
            raise NotALabel(unit.text)
        return fragment.add(atom, None)
    if VALENCES[unit.text] == 1 or unit.count > 1:
        order = 2.0 if unit.text in ("O", "S") and unit.count > 1 else 1.0
        for _ in range(unit.count):
            added = fragment.add(atom, None)
            fragment.bonds.append((current, added, order))
        return current
    parents.append(current)
    return fragment.add(atom, current)


def _hydrogenate(fragment: Fragment, k: int, unit: Unit) -> None:
    atom = fragment.atoms[k]
    charge = atom.charge + unit.charge
    fragment.atoms[k] = replace(atom, hydrogens=(atom.hydrogens or 0) + unit.count, charge=charge)


def _back_up(fragment: Fragment, current: int, parents: list[int], bonded: float, *, more: bool) -> int:
    """The atom before, once this one has all its bonds and something is still to come: CH(OH)CH3."""
    while more and parents and fragment.free(current) - (bonded if current == 0 else 0) < 1:
        current = parents.pop()
    return current


def _graft(fragment: Fragment, smiles: str, current: int | None, place: int) -> int:
    """The position of the first of the atoms that were added."""
    start = len(fragment.atoms)
    for symbol, charge in _pattern(smiles)[0]:
        fragment.add(Atom(symbol, charge, place=place), None)
    fragment.bonds += [(start + a, start + b, order) for a, b, order in _pattern(smiles)[1]]
    if current is not None:
        fragment.bonds.append((current, start, 1.0))
    return start


@lru_cache(maxsize=256)
def _pattern(smiles: str) -> tuple[list[tuple[str, int]], list[tuple[int, int, float]]]:
    molecule: Any = Chem.MolFromSmiles(smiles, sanitize=False)
    Chem.Kekulize(molecule, clearAromaticFlags=True)
    atoms = [(atom.GetSymbol(), atom.GetFormalCharge()) for atom in molecule.GetAtoms()]
    bonds = [
        (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), bond.GetBondTypeAsDouble())
        for bond in molecule.GetBonds()
    ]
    return atoms, bonds
