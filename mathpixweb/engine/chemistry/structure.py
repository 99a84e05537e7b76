"""Atoms and bonds as a molecule that RDKit has checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from rdkit import Chem, RDLogger
from rdkit.Geometry import Point3D

from mathpixweb.engine.chemistry.assembly import Placed, Skeleton
from mathpixweb.engine.model import Molecule

BOND: Final = 1.5  # RDKit's usual length of a bond
SCRAP: Final = 4  # atoms; fewer beside a larger molecule are none
MOST_ATOMS: Final = 300
_ORDERS: Final[dict[float, Any]] = {
    1: Chem.BondType.SINGLE,
    2: Chem.BondType.DOUBLE,
    3: Chem.BondType.TRIPLE,
    1.5: Chem.BondType.AROMATIC,
}
_DIRECTIONS: Final[dict[str, Any]] = {
    "wedge": Chem.BondDir.BEGINWEDGE,
    "hash": Chem.BondDir.BEGINDASH,
    "wave": Chem.BondDir.UNKNOWN,
}
RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Structure:
    """`molecule` for writing, and how many atoms have other hydrogens than their labels tell."""

    molecule: Molecule
    atoms: int
    misfits: int


def structure_of(skeleton: Skeleton, bond: float) -> Structure | None:
    """None if this is no possible molecule. `bond` is the length of bonds in the drawing."""
    if not 0 < len(skeleton.atoms) <= MOST_ATOMS:
        return None
    drawn = _drawn(skeleton, bond)
    if Chem.SanitizeMol(drawn, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
        return None
    misfits = sum(_misfits(drawn.GetAtomWithIdx(k), placed) for k, placed in enumerate(skeleton.atoms))
    _understand_stereo(drawn)
    bare = _without_strays(Chem.RemoveHs(drawn, sanitize=True))
    return Structure(_written(bare), int(bare.GetNumAtoms()), misfits)


def _without_strays(molecule: Any) -> Any:
    """The molecules without scraps, as numbers beside a drawing leave them."""
    parts = Chem.GetMolFrags(molecule)
    largest = max(map(len, parts))
    scraps = [k for part in parts if len(part) < min(SCRAP, largest) for k in part]
    if not scraps:
        return molecule
    kept = Chem.RWMol(molecule)
    for k in sorted(scraps, reverse=True):
        kept.RemoveAtom(k)
    return kept.GetMol()


def _written(molecule: Any) -> Molecule:
    """With InChI, unless the structure has open places."""
    smiles, flat = Chem.MolToSmiles(molecule), Chem.MolToSmiles(molecule, isomericSmiles=False)
    inchi = "" if "*" in smiles else Chem.MolToInchi(molecule)  # type: ignore[no-untyped-call]
    key = Chem.InchiToInchiKey(inchi) if inchi else ""  # type: ignore[no-untyped-call]
    return Molecule(str(smiles), str(flat), str(inchi), str(key))


def _misfits(atom: Any, placed: Placed) -> bool:
    """Whether an N or O of a label has hydrogens that the label does not tell, or too few."""
    if placed.atom.symbol not in ("N", "O") or not placed.lettered:
        return False
    return bool(atom.GetTotalNumHs(includeNeighbors=True) != (placed.atom.hydrogens or 0))


def _drawn(skeleton: Skeleton, bond: float) -> Any:
    molecule = Chem.RWMol()
    conformer = Chem.Conformer(len(skeleton.atoms))
    zoom = BOND / bond
    for k, placed in enumerate(skeleton.atoms):
        molecule.AddAtom(_atom(placed.atom.symbol, placed.atom.charge, placed.atom.number))
        conformer.SetAtomPosition(k, Point3D(placed.place[0] * zoom, -placed.place[1] * zoom, 0.0))
    for joint in skeleton.joints:
        molecule.AddBond(joint.first, joint.second, _ORDERS[joint.order])
        added = molecule.GetBondBetweenAtoms(joint.first, joint.second)
        if joint.order == 1.5:
            for atom in (added.GetBeginAtom(), added.GetEndAtom()):
                atom.SetIsAromatic(True)
            added.SetIsAromatic(True)
        if joint.order == 1 and joint.kind in _DIRECTIONS:
            added.SetBondDir(_DIRECTIONS[joint.kind])
    molecule.AddConformer(conformer)
    return molecule


def _atom(symbol: str, charge: int, number: int) -> Any:
    atom = Chem.Atom(0 if symbol == "*" else symbol)
    atom.SetFormalCharge(charge)
    if number:
        atom.SetIsotope(number)
    return atom


def _understand_stereo(molecule: Any) -> None:
    """Wedges and the places of atoms as the stereochemistry they show."""
    Chem.AssignChiralTypesFromBondDirs(molecule)
    Chem.SetDoubleBondNeighborDirections(molecule, molecule.GetConformer())
    Chem.SetBondStereoFromDirections(molecule)
    Chem.AssignStereochemistry(molecule, cleanIt=True, force=True)
