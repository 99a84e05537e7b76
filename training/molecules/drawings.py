"""Molecules that RDKit draws in many styles, for measuring: public structures of the NCI that RDKit ships."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, RDConfig
from rdkit.Chem import AllChem, rdAbbreviations
from rdkit.Chem.Draw import rdMolDraw2D
from rdkit.Chem.EnumerateStereoisomers import EnumerateStereoisomers, StereoEnumerationOptions

SOURCE: Final = Path(RDConfig.RDDataDir) / "NCI" / "first_5K.smi"
SMALLEST, LARGEST = 7, 42  # atoms
BOND: Final = 1.5  # units of RDKit's coordinates
CONDENSED: Final = 0.4  # of the drawings write groups as OMe, CO2H, Ph …

Gray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """`style` says how, in a word, for figures by style."""

    gray: Gray
    smiles: str
    style: str


def molecules(count: int, seed: int) -> Iterator[Any]:
    """Single molecules of bearable size, with stereo centres where there may be some."""
    chance = random.Random(seed)
    lines = SOURCE.read_text().split("\n")
    chance.shuffle(lines)
    made = 0
    for line in lines:
        molecule = Chem.MolFromSmiles(line.split()[0]) if line.strip() else None
        if molecule is None or "." in line or not SMALLEST <= molecule.GetNumAtoms() <= LARGEST:
            continue
        yield _with_stereo(molecule, chance)
        made += 1
        if made == count:
            return


def _with_stereo(molecule: Any, chance: random.Random) -> Any:
    if chance.random() < 0.5:
        return molecule
    options = StereoEnumerationOptions(maxIsomers=1, rand=chance.randrange(2**31), onlyUnassigned=True)
    return next(iter(EnumerateStereoisomers(molecule, options=options)), molecule)


def drawn(molecule: Any, fonts: Sequence[Path], chance: random.Random) -> Drawn:
    style, make = chance.choice((("plain", _plain), ("journal", _journal)))
    molecule = Chem.Mol(molecule)
    AllChem.Compute2DCoords(molecule)
    shown = molecule
    if chance.random() < CONDENSED:
        shown = rdAbbreviations.CondenseMolAbbreviations(
            molecule, rdAbbreviations.GetDefaultAbbreviations(), maxCoverage=0.6
        )
    picture, spoiled = _spoiled(make(shown, fonts, chance), chance)
    return Drawn(picture, _as_drawn(molecule), f"{style}, {spoiled}")


def _as_drawn(molecule: Any) -> str:
    """With the double bonds' geometry, which every drawing shows."""
    shown = Chem.Mol(molecule)
    Chem.SetDoubleBondNeighborDirections(shown, shown.GetConformer())
    Chem.SetBondStereoFromDirections(shown)
    Chem.AssignStereochemistry(shown, cleanIt=True, force=True)
    return str(Chem.MolToSmiles(shown))


def _plain(molecule: Any, fonts: Sequence[Path], chance: random.Random) -> Gray:
    bond = chance.choice((24, 32, 40, 55, 75, 100))
    drawer = _drawer(bond, bond * chance.uniform(0.03, 0.07), bond * chance.uniform(0.36, 0.56))
    options = drawer.drawOptions()
    options.multipleBondOffset = chance.uniform(0.12, 0.18)
    options.fontFile = str(chance.choice(fonts))
    options.explicitMethyl = chance.random() < 0.25
    options.rotate = chance.choice((0, 0, 0, 30, 90, chance.uniform(0, 360)))
    options.additionalAtomLabelPadding = chance.uniform(0.02, 0.08)
    return _finished(drawer, molecule)


def _journal(molecule: Any, fonts: Sequence[Path], chance: random.Random) -> Gray:
    """As the American Chemical Society wants it: bonds of 14.4 points, lines of 0.6, letters of 10."""
    bond = chance.choice((28, 40, 60, 90))
    drawer = _drawer(bond, bond * 0.6 / 14.4, bond * 10 / 14.4)
    options = drawer.drawOptions()
    options.multipleBondOffset = 0.18
    options.fontFile = str(chance.choice(fonts))
    options.explicitMethyl = chance.random() < 0.25
    options.additionalAtomLabelPadding = 0.06
    return _finished(drawer, molecule)


def _drawer(bond: float, width: float, letters: float) -> Any:
    drawer = rdMolDraw2D.MolDraw2DCairo(-1, -1)
    options = drawer.drawOptions()
    options.useBWAtomPalette()
    options.scalingFactor = bond / BOND
    options.fixedBondLength = bond
    options.bondLineWidth = max(1.0, width)
    options.scaleBondWidth = False
    options.fixedFontSize = max(9, round(letters))
    options.singleColourWedgeBonds = True
    return drawer


def _finished(drawer: Any, molecule: Any) -> Gray:
    drawer.drawOptions().prepareMolsBeforeDrawing = False
    drawer.DrawMolecule(rdMolDraw2D.PrepareMolForDrawing(molecule, addChiralHs=False))
    drawer.FinishDrawing()
    coded = np.frombuffer(drawer.GetDrawingText(), np.uint8)
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def _spoiled(gray: Gray, chance: random.Random) -> tuple[Gray, str]:
    """As it is, of two tones as in patents, turned and grainy as from a scanner, or reduced."""
    gray = cv2.copyMakeBorder(gray, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=255)
    match chance.choice(("clean", "two tones", "scanned", "reduced")):
        case "two tones":
            return np.where(gray < chance.randint(110, 190), 0, 255).astype(np.uint8), "two tones"
        case "scanned":
            return _scanned(gray, chance), "scanned"
        case "reduced":
            zoom = chance.uniform(0.6, 0.85)
            return cv2.resize(gray, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), "reduced"
    return gray, "clean"


def _scanned(gray: Gray, chance: random.Random) -> Gray:
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-2, 2), 1.0)
    turned = cv2.warpAffine(gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    turned = cv2.GaussianBlur(turned, (0, 0), chance.uniform(0.4, 0.9))
    noise = np.random.default_rng(chance.randrange(2**31)).normal(0, chance.uniform(3, 14), turned.shape)
    return np.clip(turned * chance.uniform(0.85, 1.0) + noise, 0, 255).astype(np.uint8)
