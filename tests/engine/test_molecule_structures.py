"""Atoms and bonds put together: what RDKit makes of them, and what labels say."""

from __future__ import annotations

import math
from itertools import starmap

import pytest
from rdkit import Chem

from mathpixweb.engine.chemistry import structure
from mathpixweb.engine.chemistry.assembly import Joint, Placed, Skeleton
from mathpixweb.engine.chemistry.fragments import Atom, NotALabel, parse
from mathpixweb.engine.chemistry.labels import Char, Label, readings
from mathpixweb.engine.chemistry.letters import Guess
from mathpixweb.engine.chemistry.marks import Mark
from mathpixweb.engine.geometry import Box, union

BOND = 20.0


def ring(*symbols: str, orders: tuple[int, ...]) -> Skeleton:
    """A six-membered ring of these atoms."""
    places = [(BOND * math.cos(math.pi * k / 3), BOND * math.sin(math.pi * k / 3)) for k in range(6)]
    atoms = [Placed(Atom(symbol), place) for symbol, place in zip(symbols, places, strict=True)]
    return Skeleton(atoms, [Joint(k, (k + 1) % 6, order) for k, order in enumerate(orders)])


def test_a_ring_of_alternating_bonds_is_aromatic():
    made = structure.structure_of(ring(*"CCCCCC", orders=(2, 1, 2, 1, 2, 1)), BOND)
    assert made is not None
    assert made.molecule.smiles == "c1ccccc1"
    assert made.molecule.inchi == "InChI=1S/C6H6/c1-2-4-6-5-3-1/h1-6H"


def test_an_open_place_has_no_inchi():
    made = structure.structure_of(ring(*"*CCCCC", orders=(1, 1, 1, 1, 1, 1)), BOND)
    assert made is not None
    assert made.molecule.smiles == "*1CCCCC1"
    assert made.molecule.inchi == made.molecule.inchi_key == ""


def test_an_atom_with_too_many_bonds_is_no_molecule():
    assert structure.structure_of(ring(*"CFCCCC", orders=(2, 2, 1, 1, 1, 1)), BOND) is None


def test_nothing_is_no_molecule():
    assert structure.structure_of(Skeleton(), BOND) is None


def written(text: str, *, backwards: bool = False, bonded: float = 1) -> str:
    """SMILES of a label at the end of a bond, as what a methyl has there."""
    fragment = parse(text, backwards=backwards, bonded=bonded)
    molecule = Chem.RWMol()
    for atom in fragment.atoms:
        molecule.AddAtom(structure._atom(atom.symbol, atom.charge, atom.number))
    for first, second, order in fragment.bonds:
        molecule.AddBond(first, second, structure._ORDERS[order])
    methyl = molecule.AddAtom(Chem.Atom("C"))
    molecule.AddBond(methyl, 0, Chem.BondType.SINGLE)
    Chem.SanitizeMol(molecule)
    return Chem.MolToSmiles(Chem.RemoveHs(molecule.GetMol()), rootedAtAtom=methyl).removeprefix("C")


@pytest.mark.parametrize(
    ("label", "smiles"),
    [
        ("OMe", "OC"),
        ("CO2H", "C(=O)O"),
        ("CO2Et", "C(=O)OCC"),
        ("NO2", "[N+](=O)[O-]"),
        ("Ph", "c1ccccc1"),
        ("CF3", "C(F)(F)F"),
        ("CH2OH", "CO"),
        ("SO3H", "S(=O)(=O)O"),
        ("CN", "C#N"),
        ("tBu", "C(C)(C)C"),
        ("N(CH3)2", "N(C)C"),
        ("OAc", "OC(C)=O"),
    ],
)
def test_a_label_is_written_out(label, smiles):
    assert written(label) == smiles


@pytest.mark.parametrize(
    ("label", "smiles"), [("MeO", "OC"), ("HO2C", "C(=O)O"), ("O2N", "[N+](=O)[O-]"), ("H3C", "C")]
)
def test_a_label_left_of_its_bond_is_read_from_its_end(label, smiles):
    assert written(label, backwards=True) == smiles


@pytest.mark.parametrize("text", ["Fig", "7", "kJ", "(", "Xyz"])
def test_what_is_no_group_of_atoms_is_refused(text):
    with pytest.raises(NotALabel):
        parse(text, backwards=False, bonded=1)


def lettered(*chars):
    """A label of characters, each with its guesses and whether it stands low."""
    marks = [
        (Mark(Box(10 * k, 5 if low else 0, 10 * k + 8, 14), tuple(starmap(Guess, guesses)), ()), low)
        for k, (low, *guesses) in enumerate(chars)
    ]
    told = tuple(Char(mark, small=low, low=low, high=False) for mark, low in marks)
    return Label(told, union(mark.box for mark, _ in marks))


def test_an_index_is_a_digit_though_it_looks_like_a_letter():
    label = lettered(
        (False, ("C", 0.9)), (True, ("2", 0.9)), (False, ("H", 0.95)), (True, ("S", 0.8), ("5", 0.05))
    )
    likeliest = readings(label, False, 1)[0]
    assert likeliest.text == "C2H5"
    assert likeliest.probability > 0.3


def test_bars_of_one_shape_are_what_their_neighbour_makes_of_them():
    label = lettered((False, ("C", 0.9)), (False, ("l", 0.45), ("I", 0.45)))
    likeliest = readings(label, False, 1)[0]
    assert likeliest.text == "Cl"
    assert likeliest.probability > 0.6
