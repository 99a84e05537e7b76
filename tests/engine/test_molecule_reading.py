"""Drawings of molecules to SMILES, and what is drawn and no molecule."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from mathpixweb.engine.chemistry import reading
from tests.engine.drawn import page
from tests.engine.molecule_drawings import canonical, drawn

READ = {
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "caffeine": "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
    "ibuprofen": "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
    "a triple bond": "N#CCCc1ccncc1",
    "charges": "O=[N+]([O-])c1ccc(Cl)cc1",
    "letters of two": "FC(F)(Br)C1CCCC1Cl",
    "sulphur and phosphorus": "CCOP(=S)(OCC)SCC1CC1",
    "a wedge": "C[C@H](N)C(=O)O",
    "two wedges": "C[C@@H](O)[C@H](N)C(=O)NC",
    "one side of a double bond": "OC(=O)/C=C/c1ccccc1",
    "the other side": "OC(=O)/C=C\\c1ccccc1",
    "rings that share bonds": "C1CCC2C(C1)CCC1CCCCC12",
}


@pytest.mark.parametrize("smiles", READ.values(), ids=READ)
def test_a_drawing_is_read_to_the_last_atom(smiles):
    found = reading.read(drawn(smiles))
    assert found is not None
    assert found.smiles == canonical(smiles)
    assert found.confidence > 0.5


FEW_BONDS = {
    "ethanol": "CCO",
    "acetone": "CC(C)=O",
    "urea": "NC(N)=O",
    "acetic acid": "CC(=O)O",
    "dichloromethane": "ClCCl",
    "dimethyl sulphide": "CSC",
}


@pytest.mark.parametrize("smiles", FEW_BONDS.values(), ids=FEW_BONDS)
def test_molecules_of_few_bonds_are_read(smiles):
    found = reading.read(drawn(smiles, 70))
    assert found is not None
    assert found.smiles == canonical(smiles)


@pytest.mark.parametrize(
    "smiles", ["c1ccc(/N=N/c2ccccc2)cc1", "Cn1c(=O)c2c(ncn2C)n(C)c1=O", "CN(C)c1ccc(C=O)cc1", "CC(O)C(N)=O"]
)
@pytest.mark.parametrize("tone", [160, 225])
def test_letters_that_touch_bonds_are_read(smiles, tone):
    wide = drawn(smiles, 100, methyl=True, padding=-0.02)
    small = cv2.resize(wide, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = reading.read(np.where(small < tone, 0, 255).astype(np.uint8))
    assert found is not None
    assert found.smiles == canonical(smiles)


@pytest.mark.parametrize("smiles", ["CC(C)(C)O", "COP(=O)(OC)OC", "CN(C)C(=O)N(C)C"])
def test_molecules_with_labels_at_all_bonds_are_read(smiles):
    found = reading.read(drawn(smiles, 60, methyl=True))
    assert found is not None
    assert found.smiles == canonical(smiles)


@pytest.mark.parametrize("smiles", ["CSc1ccc(F)cc1", "FC1CC(Br)C(Cl)CS1", "CC(C)S(=O)(=O)N(C)C"])
def test_atoms_in_pale_colours_are_read_and_so_are_their_halves_of_bonds(smiles):
    found = reading.read(drawn(smiles, 60, coloured=True))
    assert found is not None
    assert found.smiles == canonical(smiles)


@pytest.mark.parametrize("smiles", ["C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", "OC(=O)[C@@H]1CCCN1"])
def test_wedges_of_large_drawings_are_bonds_and_no_atoms_more(smiles):
    found = reading.read(drawn(smiles, 150))
    assert found is not None
    assert found.smiles == canonical(smiles)


@pytest.mark.parametrize("smiles", ["OC1CCC(I)CC1", "CCOc1ccc(I)nc1"])
def test_a_bar_at_the_end_of_a_bond_is_iodine(smiles):
    found = reading.read(drawn(smiles))
    assert found is not None
    assert found.smiles == canonical(smiles)


def test_groups_written_as_letters_are_written_out():
    smiles = "COC(=O)c1ccc(OC)cc1[N+](=O)[O-]"
    found = reading.read(drawn(smiles, condensed=True))
    assert found is not None
    assert found.smiles == canonical(smiles)


@pytest.mark.parametrize("bond", [26, 90])
def test_small_and_large_drawings_are_read_alike(bond):
    found = reading.read(drawn(READ["aspirin"], bond))
    assert found is not None
    assert found.smiles == canonical(READ["aspirin"])


def test_a_drawing_that_was_scanned_is_read():
    gray = drawn(READ["caffeine"], 60)
    height, width = gray.shape
    askew = cv2.getRotationMatrix2D((width / 2, height / 2), 1.2, 1.0)
    scanned = cv2.GaussianBlur(cv2.warpAffine(gray, askew, (width, height), borderValue=255), (0, 0), 0.7)
    noise = np.random.default_rng(1).normal(0, 8, gray.shape)
    found = reading.read(np.clip(scanned + noise, 0, 255).astype(np.uint8))
    assert found is not None
    assert found.smiles == canonical(READ["caffeine"])


def test_a_structure_has_its_inchi_and_its_smiles_without_stereochemistry():
    found = reading.read(drawn(READ["a wedge"]))
    assert found is not None
    assert found.flat_smiles == "CC(N)C(=O)O"
    assert found.inchi == "InChI=1S/C3H7NO2/c1-2(4)3(5)6/h2H,4H2,1H3,(H,5,6)/t2-/m0/s1"
    assert found.inchi_key == "QNAYBMKLOCPYGJ-REOHCLBHSA-N"


def axes():
    picture = Image.new("L", (420, 320), 255)
    pen = ImageDraw.Draw(picture)
    pen.line([(40, 20), (40, 280), (400, 280)], fill=0, width=2)
    pen.line([(40, 250), (120, 180), (200, 200), (280, 90), (380, 60)], fill=0, width=2)
    for k in range(1, 6):
        pen.line([(40 + 60 * k, 275), (40 + 60 * k, 285)], fill=0, width=2)
    return picture


def boxes():
    picture = Image.new("L", (420, 200), 255)
    pen = ImageDraw.Draw(picture)
    for x in (20, 160, 300):
        pen.rectangle([x, 60, x + 100, 130], outline=0, width=2)
        pen.line([(x + 100, 95), (x + 140, 95)], fill=0, width=2)
    return picture


def blot():
    picture = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(picture).ellipse([40, 40, 260, 260], fill=0)
    return picture


def triangle():
    picture = Image.fromarray(drawn("C1CC1", 150))
    ImageDraw.Draw(picture).text((2, 2), "A", fill=0, font_size=30)
    return picture


def angle():
    picture = Image.new("L", (300, 200), 255)
    pen = ImageDraw.Draw(picture)
    pen.line([(240, 160), (60, 160), (200, 40)], fill=0, width=2)
    for place, name in (((30, 160), "O"), ((250, 150), "H"), ((206, 20), "N")):
        pen.text(place, name, fill=0, font_size=26)
    return picture


def circuit():
    picture = Image.new("L", (360, 240), 255)
    pen = ImageDraw.Draw(picture)
    zigzag = [(90 + 15 * k, 60 + 14 * (-1) ** k) for k in range(9)]
    pen.line(
        [(20, 60), (82, 60), *zigzag, (230, 60), (330, 60), (330, 200), (20, 200), (20, 60)], fill=0, width=2
    )
    pen.text((140, 8), "R", fill=0, font_size=26)
    pen.text((280, 100), "C", fill=0, font_size=26)
    return picture


def tree():
    picture = Image.new("L", (420, 240), 255)
    pen = ImageDraw.Draw(picture)
    places = [(210, 30), (120, 104), (300, 104), (75, 178), (165, 178), (255, 178), (345, 178)]
    for k, (x, y) in enumerate(places):
        pen.text((x, y), "APNRBLE"[k], fill=0, font_size=20, anchor="mm")
        if k:
            above = places[(k - 1) // 2]
            pen.line([(above[0], above[1] + 14), (x, y - 16)], fill=0, width=2)
    return picture


def forces():
    picture = Image.new("L", (360, 320), 255)
    pen = ImageDraw.Draw(picture)
    for k, name in enumerate("FNG"):
        way = 0.3 + 2.09 * k
        tip = (180 + 90 * math.cos(way), 160 + 90 * math.sin(way))
        pen.line([(180, 160), tip], fill=0, width=2)
        for side in (-0.4, 0.4):
            barb = tip[0] - 14 * math.cos(way + side), tip[1] - 14 * math.sin(way + side)
            pen.line([tip, barb], fill=0, width=2)
        pen.text((tip[0] + 8, tip[1] - 12), name, fill=0, font_size=22)
    return picture


NO_MOLECULES = {
    "a tree with letters": tree(),
    "forces": forces(),
    "a triangle": triangle(),
    "an angle with letters": angle(),
    "a circuit": circuit(),
    "a plot": axes(),
    "a chart of boxes": boxes(),
    "a blot": blot(),
    "text": page(["The evening settled on the harbour", "and every lantern burned alone"]).convert("L"),
    "white": Image.new("L", (200, 200), 255),
    "a pixel": Image.new("L", (1, 1), 0),
}


@pytest.mark.parametrize("picture", NO_MOLECULES.values(), ids=NO_MOLECULES)
def test_what_is_no_molecule_is_none(picture):
    assert reading.read(np.asarray(picture)) is None


def test_a_shadow_is_no_drawing_of_lines():
    shade = np.full((300, 300), 255, np.uint8)
    for y in range(20, 160, 20):
        shade[y : y + 2, 20:280] = 0
    shade[180:280, 60:160] = 0
    assert reading.linework.prepare(shade) is None
