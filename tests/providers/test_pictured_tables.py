"""Tables in pictures through the local provider: rows, columns and what stands in them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mathpixweb.documents.images import image_answers
from mathpixweb.engine.ocr import tesseract, text_regions
from mathpixweb.providers.image_options import TextOptions
from mathpixweb.providers.local import LocalProvider
from tests.engine.drawn import encoded, page
from tests.engine.table_pictures import MARGIN, table

TOWNS = [
    ["Town", "River", "Bridges", "Mills"],
    ["Ashford", "Stour", "14", "3"],
    ["Bedford", "Ouse", "9", "12"],
    ["Chester", "Dee", "11", "7"],
    ["Durham", "Wear", "6", "20"],
]
WIDTHS = [180, 160, 150, 130]


@pytest.fixture(autouse=True)
def _without_tesseract(monkeypatch):
    monkeypatch.setattr(tesseract, "_installed", frozenset)


def read(picture, **options):
    return LocalProvider().read_image(encoded(picture), options)


def cells_of(text):
    """The cells of the only table, row by row."""
    (body,) = re.findall(r"\\begin\{tabular\}\{[^}]*\}(.*?)\\end\{tabular\}", text, re.DOTALL)
    rows = [re.sub(r"\\hline|\\cline\{[^}]*\}", "", row) for row in body.split(r"\\")]
    return [[cell.strip() for cell in row.split("&")] for row in rows if row.strip()]


@pytest.mark.parametrize(
    ("bars", "stems"),
    [(range(6), True), (range(6), False), ((0, 1, 5), False), ((), False)],
    ids=["a rule around every cell", "level rules", "three rules", "no rule"],
)
def test_a_table_has_its_rows_and_columns(bars, stems):
    result = read(table(TOWNS, WIDTHS, bars=bars, stems=stems))
    assert cells_of(result.text) == TOWNS
    (drawn,) = [line for line in result.lines if line["type"] == "table"]
    assert drawn["confidence_rate"] > 0.9


def test_a_head_with_rules_around_its_cells_is_no_table_of_its_own():
    rows = [TOWNS[0], ["of", "nearby", "in all", "left"], *TOWNS[1:]]
    picture = table(rows, WIDTHS, bars=(0, 2))
    head = table(rows[:2], WIDTHS, bars=(0, 2), stems=True)
    picture.paste(head.crop((0, 0, head.width, head.height - MARGIN + 1)))
    assert cells_of(read(picture).text)[-4:] == TOWNS[1:]


def test_a_heading_over_two_columns_spans_them():
    rows = [["Town", ">Rivers and bridges", "<"], ["", "Name", "Count"], *(row[:3] for row in TOWNS[1:])]
    result = read(table(rows, WIDTHS[:3], bars=range(7), stems=True))
    assert r"\multicolumn{2}{c|}{Rivers and bridges}" in result.text
    assert [row[-1] for row in cells_of(result.text)[1:]] == ["Count", "14", "9", "11", "6"]


def test_a_table_between_paragraphs_stands_between_them():
    above = [
        "The towns of the county and their rivers were counted",
        "by the surveyor in the autumn of that year.",
    ]
    drawn = table(TOWNS, WIDTHS, bars=(0, 1, 5))
    picture = page([*above, *[""] * 8, "Nothing of it has been printed before this day."], size=26)
    picture.paste(drawn, (10, 130))
    text = read(picture).text
    assert text.index("surveyor") < text.index(r"\begin{tabular}") < text.index("Nothing of it")
    assert cells_of(text) == TOWNS


PEOPLE = [["Name", "Age", "City"], ["Alice", "31", "Paris"], ["Bob", "25", "London"]]


def test_a_small_table_with_a_rule_around_every_cell_is_no_formula():
    rows = [["x", "y", "z"], ["1", "2", "3"], ["4", "5", "6"]]
    cells = cells_of(read(table(rows, [200] * 3, size=40, bars=range(4), stems=True)).text)
    assert len(cells) == 3
    assert [[cell.strip("\\( )").lower() for cell in row] for row in cells[:2]] == rows[:2]


def test_boxes_with_lines_between_them_are_no_table():
    sheet = Image.new("RGB", (800, 400), "white")
    pen = ImageDraw.Draw(sheet)
    for k, step in enumerate(("Start", "Check", "End")):
        left = 40 + 260 * k
        pen.rectangle([left, 140, left + 180, 240], outline="black", width=3)
        pen.text((left + 40, 170), step, fill="black", font=ImageFont.load_default(30))
        if k:
            pen.line([(left - 80, 190), (left, 190)], fill="black", width=3)
    result = read(sheet)
    assert not any(line["type"] == "table" for line in result.lines)
    assert all(step in result.text for step in ("Start", "Check", "End"))


def test_short_lines_over_and_under_a_small_table_stand_over_and_under_it():
    sheet = Image.new("RGB", (1200, 480), "white")
    sheet.paste(page(["Who lives where:"], size=26), (0, 0))
    sheet.paste(table(PEOPLE, [120, 100, 140], bars=range(4), stems=True), (600, 110))
    sheet.paste(page(["They moved."], size=26), (0, 350))
    text = read(sheet).text
    assert cells_of(text) == PEOPLE
    before, _, after = text.partition(r"\begin{tabular}")
    assert before.strip() == "Who lives where:"
    assert after.partition(r"\end{tabular}")[2].strip() == "They moved."


def test_numbers_between_rules_are_no_fractions():
    rows = [
        TOWNS[0],
        *([*row[:2], f"{1000 * k + 416}", f"{k}75"] for k, row in enumerate(TOWNS[1:], 1)),
    ]
    result = read(table(rows, WIDTHS, bars=range(6)))
    assert "frac" not in result.text
    assert [row[2] for row in cells_of(result.text)[1:]] == ["1416", "2416", "3416", "4416"]


def test_lines_of_prose_are_no_table():
    lines = [
        "It was a cold and windless evening in the north,",
        "and nobody had been seen upon the road since",
        "noon; the dogs lay still, and even the old mill",
        "had ceased to turn, as though it listened too.",
    ]
    result = read(page(lines, size=26))
    assert [line["type"] for line in result.lines] == ["text"] * 4


def test_an_empty_cell_keeps_its_place():
    rows = [TOWNS[0], ["Ashford", "Stour", "", "3"], *TOWNS[2:]]
    assert cells_of(read(table(rows, WIDTHS, bars=range(6), stems=True)).text) == rows


def test_tables_are_given_as_html_and_tab_separated_values_when_that_is_asked():
    rows = [["Town", ">Rivers and bridges", "<"], ["", "Name", "Count"], *(row[:3] for row in TOWNS[1:])]
    result = read(table(rows, WIDTHS[:3], bars=range(7), stems=True))
    both = {"include_tsv": True, "include_table_html": True}
    asked = TextOptions(formats=["text", "data", "html"], data_options=both, include_line_data=True)
    body = image_answers.text(result, asked, "1").body
    assert [each["type"] for each in body["data"]] == ["html", "tsv"]
    shown, values = (each["value"] for each in body["data"])
    lines = [line.split("\t") for line in values.split("\n")]
    assert lines == [["Town", "Rivers and bridges", ""], *rows[1:]]
    assert shown.count("<tr") == 6
    assert re.search(r'<td [^>]*colspan="2"[^>]*>Rivers and bridges</td>', shown)
    assert shown.replace("\n", "") in body["html"].replace("\n", "")
    (line,) = [line for line in body["line_data"] if line["type"] == "table"]
    assert line["data"] == body["data"]


def test_very_large_tables_in_uneven_light_are_read_whole_when_that_is_asked(monkeypatch):
    monkeypatch.setattr(text_regions, "MOST", 12)  # instead of 1000, so that twenty pieces are many
    shade = np.linspace(0.5, 1.0, sum(WIDTHS) + 60)[None, :, None]
    light = np.asarray(table(TOWNS, WIDTHS, bars=range(6), stems=True)) * shade
    grain = np.random.default_rng(0).normal(0, 3, light.shape)
    picture = Image.fromarray(np.clip(light + grain, 0, 255).astype(np.uint8))
    whole = cells_of(read(picture, enable_tables_fallback=True).text)
    assert [[cell.lower() for cell in row] for row in whole] == [[cell.lower() for cell in r] for r in TOWNS]
    assert sum(town in read(picture).text for row in TOWNS for town in row[:2]) < 10
