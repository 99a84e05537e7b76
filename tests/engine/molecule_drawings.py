"""Drawings of molecules by RDKit, as books print them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import AllChem, rdAbbreviations

# what draws, which the product does not use, wants a library of the system
drawing_2d = pytest.importorskip(
    "rdkit.Chem.Draw.rdMolDraw2D",
    reason="libXrender is missing: apt-get install libxrender1",
    exc_type=ImportError,
)

BOND = 1.5  # RDKit's usual length of a bond
LARGEST_LETTERS = 40  # pixels, as RDKit chooses by itself


def drawn(
    smiles: str,
    bond: int = 46,
    *,
    condensed: bool = False,
    coloured: bool = False,
    methyl: bool = False,
    padding: float = 0.06,
) -> NDArray[np.uint8]:
    """Black or in RDKit's colours of atoms on white, with bonds of so many pixels.

    `methyl` says CH3 at the ends of chains; `padding` is around labels, in lengths of bonds.
    """
    molecule = Chem.MolFromSmiles(smiles)
    AllChem.Compute2DCoords(molecule)
    if condensed:
        known = rdAbbreviations.GetDefaultAbbreviations()
        molecule = rdAbbreviations.CondenseMolAbbreviations(molecule, known, maxCoverage=0.8)
    drawer = drawing_2d.MolDraw2DCairo(-1, -1)
    options = drawer.drawOptions()
    if not coloured:
        options.useBWAtomPalette()
    options.scalingFactor = bond / BOND
    options.fixedBondLength = bond
    options.bondLineWidth = 2
    options.fixedFontSize = min(LARGEST_LETTERS, round(0.45 * bond))
    options.additionalAtomLabelPadding = padding
    options.explicitMethyl = methyl
    options.prepareMolsBeforeDrawing = False
    drawer.DrawMolecule(drawing_2d.PrepareMolForDrawing(molecule, addChiralHs=False))
    drawer.FinishDrawing()
    coded = np.frombuffer(drawer.GetDrawingText(), np.uint8)
    gray = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    return np.asarray(cv2.copyMakeBorder(gray, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=255), np.uint8)


def canonical(smiles: str) -> str:
    return str(Chem.MolToSmiles(Chem.MolFromSmiles(smiles)))
