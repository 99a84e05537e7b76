"""Molecules in pictures through the local provider: as SMILES, as pictures, or not at all."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from mathpixweb.engine.chemistry import reading as molecules
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Block, Molecule, Options, Page
from mathpixweb.engine.ocr import drawings, tesseract
from mathpixweb.engine.ocr.drawings import Drawing
from mathpixweb.engine.writers.mmd import lines as page_lines
from mathpixweb.providers.local import LocalProvider
from tests.engine.drawn import encoded, page
from tests.engine.molecule_drawings import canonical, drawn

CAFFEINE = "CN1C=NC2=C1C(=O)N(C(=O)N2C)C"
ALANINE = Molecule("C[C@H](N)C(=O)O", "CC(N)C(=O)O", "InChI=1S/C3H7NO2", "QNAYBMKLOCPYGJ", 0.9)


@pytest.fixture(autouse=True)
def _without_tesseract(monkeypatch):
    monkeypatch.setattr(tesseract, "_installed", frozenset)


def read(picture, **options):
    return LocalProvider().read_image(encoded(picture), {"include_smiles": True, **options})


@pytest.fixture(scope="module")
def caffeine():
    return Image.fromarray(drawn(CAFFEINE)).convert("RGB")


def test_a_drawing_of_a_molecule_is_its_smiles(caffeine):
    result = read(caffeine)
    assert result.text == f"<smiles>{canonical(CAFFEINE)}</smiles>"
    (line,) = result.lines
    assert (line["type"], line["subtype"]) == ("diagram", "chemistry")
    assert result.confidence == line["confidence"] < line["confidence_rate"] < 1


def test_chains_that_run_out_of_what_is_drawn_high_belong_to_the_molecule():
    smiles = "CCOCCOCCOCCOc1ccccc1"
    (line,) = read(Image.fromarray(drawn(smiles)).convert("RGB")).lines
    assert line["text"] == f"<smiles>{canonical(smiles)}</smiles>"


def test_a_molecule_whose_bonds_are_hardly_longer_than_letters_are_high_is_one():
    (line,) = read(Image.fromarray(drawn("CCO", 40)).convert("RGB")).lines
    assert line["text"] == "<smiles>CCO</smiles>"


def test_what_all_ink_says_is_told_rather_than_parts_of_it():
    def reading(smiles, confidence):
        return Drawing(Box(0, 0, 9, 9), "chemistry", Molecule(smiles, smiles, confidence=confidence))

    whole = reading("CCS", 0.88)
    assert drawings.overrules(whole, [reading("CCC", 0.9)])
    assert drawings.overrules(whole, [reading("CC", 0.95), reading("C", 0.95)])
    assert not drawings.overrules(whole, [reading("CCO", 0.95)])


def test_of_two_readings_the_surer_is_taken_and_the_plainer_where_only_its_space_differs():
    def reading(smiles, confidence):
        return Drawing(Box(0, 0, 9, 9), "chemistry", Molecule(smiles, "CC(N)C(=O)O", confidence=confidence))

    spatial, flat = reading(ALANINE.smiles, 0.9), reading(ALANINE.flat_smiles, 0.8)
    assert drawings.surer(spatial, flat) is drawings.surer(flat, spatial) is flat
    other = Drawing(Box(0, 0, 9, 9), "chemistry", Molecule("CCO", "CCO", confidence=0.85))
    assert drawings.surer(spatial, other) is drawings.surer(other, spatial) is spatial
    assert drawings.surer(Drawing(Box(0, 0, 9, 9)), other) is other


def test_a_structure_that_was_not_asked_for_is_a_diagram_and_no_text(caffeine):
    result = read(caffeine, include_smiles=False)
    (line,) = result.lines
    assert (line["type"], line["subtype"], line["conversion_output"]) == ("diagram", "chemistry", False)
    assert line["error_id"] == "image_not_supported"
    assert result.text == ""


def test_a_molecule_between_lines_of_text_stands_between_them(caffeine):
    lines = ["The leaves of the plant hold a substance", "that keeps the traveller awake at night."]
    picture = page([*lines, *[""] * 8, "It tastes bitter and is soluble in water."], size=26)
    picture.paste(caffeine, (80, 140))
    text = read(picture).text
    assert text.index("traveller") < text.index(f"<smiles>{canonical(CAFFEINE)}") < text.index("bitter")


def test_what_is_drawn_and_no_molecule_stays_a_picture():
    picture = page(
        ["The price of corn from year to year", *[""] * 7, "and what the miller paid for it."], size=26
    )
    pen = ImageDraw.Draw(picture)
    pen.line([(100, 110), (100, 330), (460, 330)], fill="black", width=2)
    pen.line([(100, 300), (180, 220), (260, 250), (340, 160), (440, 140)], fill="black", width=3)
    result = read(picture)
    drawings = [line for line in result.lines if line["type"] == "diagram"]
    assert [line.get("subtype") for line in drawings] == [None]
    assert "smiles" not in result.text


def test_a_drawing_between_much_text_is_looked_into_and_the_page_is_not(caffeine, monkeypatch):
    asked = []
    monkeypatch.setattr(drawings, "_read_molecule", lambda gray: asked.append(gray.shape))
    picture = page(
        ["The leaves of the plant hold a substance", *[""] * 8, *["It tastes bitter."] * 20], size=26
    )
    picture.paste(caffeine, (80, 100))
    read(picture)
    assert asked
    assert all(height < picture.height / 2 for height, _ in asked)


def test_a_structure_that_is_probably_misread_stays_a_picture(caffeine, monkeypatch):
    monkeypatch.setattr(molecules, "read", lambda _: Molecule("CCO", "CCO", confidence=0.3))
    result = read(caffeine)
    assert "smiles" not in result.text
    assert not any(line.get("subtype") == "chemistry" for line in result.lines)


def shown(options: Options, url: str = "https://pictures.example/1.jpg") -> str:
    block = Block("diagram", Box(0, 0, 100, 100), subtype="chemistry", molecule=ALANINE)
    written = page_lines.write(Page(1, 200, 200, (block,)), options, "p-01", True, lambda *_: url)
    return "".join(line["text_display"] for line in written).strip()


def test_a_page_shows_the_structure_as_it_was_asked():
    assert shown(Options()) == "<smiles>C[C@H](N)C(=O)O</smiles>"
    assert shown(Options(isomeric_smiles=False)) == "<smiles>CC(N)C(=O)O</smiles>"
    assert shown(Options(include_inchi=True)) == (
        '<smiles inchi="InChI=1S/C3H7NO2" inchi_key="QNAYBMKLOCPYGJ">C[C@H](N)C(=O)O</smiles>'
    )


def test_a_page_shows_a_picture_where_the_structure_is_not_wanted():
    assert shown(Options(include_smiles=False)) == "![](https://pictures.example/1.jpg)"


def test_a_picture_of_a_structure_can_have_its_smiles_as_text():
    chosen = Options(include_chemistry_as_image=True)
    assert shown(chosen) == "![<smiles>C[C@H](N)C(=O)O</smiles>](https://pictures.example/1.jpg)"
