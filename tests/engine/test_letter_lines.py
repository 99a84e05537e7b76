"""Lines of text found by their letters, and the order in which they are read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import figures, gathering, letter_lines, page_rules, tables
from mathpixweb.engine.ocr.text import TextLine, TextWord
from tests.engine.drawn import page

PROSE = [
    "The evening settled on the harbour and",
    "every lantern burned alone while some",
    "were counting seconds in the lightning",
]


def gray(picture):
    return np.asarray(picture.convert("L"))


def put(*texts, size=24, width=900, height=400):
    """Each text at its place."""
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for x, y, text in texts:
        pen.text((x, y), text, fill="black", font=ImageFont.load_default(size))
    return picture


def boxes(picture):
    return [region.box for region in letter_lines.find(gray(picture))]


def test_each_line_is_one_region_from_top_to_bottom():
    found = boxes(page(PROSE))
    assert len(found) == 3
    assert [box.cy for box in found] == sorted(box.cy for box in found)
    assert all(box.width > 400 for box in found)


@pytest.mark.parametrize("size", [9, 12, 60])
def test_small_and_large_letters_make_lines(size):
    assert len(boxes(page(PROSE, size=size))) == 3


@pytest.mark.parametrize("times", [2.5, 4, 6])
def test_a_title_in_much_larger_letters_is_one_line(times):
    picture = page([*PROSE, *PROSE], size=20, margin=240)
    pen = ImageDraw.Draw(picture)
    pen.text((20, 40), "Light title", fill="black", font=ImageFont.load_default(20 * times))
    title, *others = boxes(picture)
    assert (len(others), title.x0 < 40, title.width > 4 * 20 * times) == (6, True, True)


def test_the_bars_of_a_chart_are_no_title():
    picture = page([*PROSE, *PROSE], size=20, margin=240)
    pen = ImageDraw.Draw(picture)
    for number, top in enumerate((60, 90, 40, 70, 100)):
        pen.rectangle((40 + 60 * number, top, 70 + 60 * number, 160), fill="black")
    assert len(boxes(picture)) == 6


def leading(pen, left, right, foot, size=4, step=20):
    for x in range(left, right, step):
        pen.ellipse((x, foot - size, x + size, foot), fill="black")


def test_points_that_lead_over_a_gap_are_in_no_line_and_no_measure_of_letters():
    rows = [(20, 20 + 40 * k, text) for k, text in enumerate(("Introduction", "Methods", "Results"))]
    picture = put(*rows, *((800, y, f"{y + 10}") for _, y, _ in rows))
    pen = ImageDraw.Draw(picture)
    for _, y, text in rows:
        leading(pen, 26 + round(ImageFont.load_default(24).getlength(text)), 790, y + 22)
    letters = letter_lines.letters_of(gray(picture))
    assert (len(letters.leaders) > 2 * len(letters.boxes), letters.height > 10) == (True, True)
    lines, points = boxes(picture), letters.leaders[:, :2] + 2
    assert len(lines) == 6
    assert not any(line.contains_point(x, y) for line in lines for x, y in points.tolist())


def test_an_elision_and_dots_of_letters_lead_nowhere():
    picture = put((20, 20, "invisibilities of his divisibility"), (20, 70, "and so on"))
    leading(ImageDraw.Draw(picture), 140, 230, 92)
    assert not len(letter_lines.letters_of(gray(picture)).leaders)


def test_a_wide_gap_parts_a_line():
    found = boxes(
        put((20, 20, "Coffee and cakes"), (600, 20, "12.50"), (20, 70, "Service"), (600, 70, "1.25"))
    )
    assert len(found) == 4


def test_a_wide_gap_between_words_over_which_the_next_lines_run_does_not():
    right = 20 + ImageFont.load_default(24).getlength("every lantern") + 24
    apart = [(20, 60, "every lantern"), (right, 60, "burned alone")]
    assert len(boxes(put((20, 20, PROSE[0]), *apart, (20, 100, PROSE[2])))) == 3
    assert len(boxes(put(*apart))) == 2


def test_a_number_before_a_line_belongs_to_it():
    assert len(boxes(put((20, 20, "1."), (66, 20, PROSE[0]), (20, 80, "2."), (66, 80, PROSE[1])))) == 2


def test_a_price_as_typewriters_write_it_is_one_piece():
    price = [(20 + 18 * k + 4 * (char == "."), 200, char) for k, char in enumerate("1842.51")]
    assert len(boxes(put((20, 20, PROSE[0]), *price))) == 2


def test_lines_that_climb_are_followed():
    climbing = page(PROSE).rotate(2, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    regions = letter_lines.find(gray(climbing))
    assert len(regions) == 3
    assert all(region.corners[1, 1] < region.corners[0, 1] - 5 for region in regions)


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_on_its_side_has_no_lines(quarters):
    assert letter_lines.find(np.ascontiguousarray(np.rot90(gray(page(PROSE)), quarters))) == []


def test_a_few_specks_are_no_text():
    assert boxes(put((20, 20, "."), (300, 200, "'"))) == []


def piece(text, x, y, width=None):
    box = Box(x, y, x + (width or 10.0 * len(text)), y + 20)
    return TextLine((TextWord(text, box, 0.9),), box, y + 16, 20, 0.9)


def read(pieces):
    return [line.text for line in gathering.lines_of(pieces, 20.0)]


def test_columns_of_running_text_are_read_one_after_the_other():
    left = [piece(f"the left column, line {k}", 0, 30 * k) for k in range(6)]
    right = [piece(f"the right column, line {k}", 400, 30 * k + 3) for k in range(6)]
    assert read([*right, *left]) == [line.text for line in (*left, *right)]


def test_what_stands_over_and_under_columns_is_read_before_and_after_them():
    left = [piece(f"the left column, line {k}", 0, 30 * k) for k in range(1, 6)]
    right = [piece(f"the right column, line {k}", 400, 30 * k) for k in range(1, 6)]
    head, foot = piece("A heading over both of the columns of the page", 60, 0), piece("42", 300, 200)
    assert read([foot, *right, *left, head]) == [p.text for p in (head, *left, *right, foot)]


def test_a_heading_alone_at_its_height_parts_what_stands_in_columns_over_and_under_it():
    def column(name, x, first, last):
        return [piece(f"the {name} column, line {k:02}", x, 30 * k) for k in range(first, last)]

    heading = TextLine((TextWord("Coal", Box(0, 180, 100, 210), 0.9),), Box(0, 180, 100, 210), 205, 30, 0.9)
    over = [*column("left", 0, 0, 5), *column("right", 400, 0, 5)]
    under = [*column("left", 0, 8, 13), *column("right", 400, 8, 13)]
    assert read([*over, heading, *under]) == [line.text for line in (*over, heading, *under)]
    parts = [
        TextLine((TextWord(text, box, 0.9),), box, 205, 30, 0.9)
        for text, box in (("The", Box(0, 180, 50, 210)), ("uiet", Box(75, 180, 130, 210)))
    ]
    broken = read([*over, *parts, *under])
    assert broken == [*(line.text for line in over), "The uiet", *(line.text for line in under)]
    short = [*column("left", 0, 0, 5), heading, *column("left", 0, 8, 13), *column("right", 400, 0, 5)]
    assert read(short) == [line.text for line in short]


def test_columns_of_a_curved_page_whose_lines_stand_between_those_beside_them_are_read_one_after_the_other():
    head = piece("A heading over all three columns of this page", 60, 0, 900)
    columns = [
        [piece(f"the {name} column, line {k}", x, 34 + 26 * k + shift, 370) for k in range(7)]
        for name, x, shift in (("left", 0, 0), ("middle", 400, 9), ("right", 800, 18))
    ]
    lines = [line for column in columns for line in column]
    assert read([*reversed(lines), head]) == [line.text for line in (head, *lines)]


def test_an_index_in_columns_is_no_table_though_its_lines_are_short():
    words = [
        ["arc, 3", "area, 17, 141–146", "base, 9", "bulk, 8"],
        ["cone, 61", "cube, 8, 12", "curve, 4", "cut, 6"],
        ["disc, 5", "dot, 77", "edge, 90", "end, 12"],
    ]
    entries = [
        piece(text, 300 * column, 30 * k + 4 * column)
        for column, texts in enumerate(words)
        for k, text in enumerate(texts)
    ]
    grids, left = tables.find(entries, tables.rulings_of([]), 20, alone=True)
    assert (grids, read(left)) == ([], [text for texts in words for text in texts])


def test_the_heads_of_a_table_are_no_columns():
    heads = [
        piece(f"part of head {k}", 240 * column, 30 * k + 5 * column, 220)
        for column in (0, 1)
        for k in range(3)
    ]
    rows = [piece(text, x, 30 * k) for k in range(4, 9) for x, text in ((0, "June"), (240, f"{k * 7}"))]
    assert not gathering.has_columns([*heads, *rows], 20)


def test_lines_of_one_column_are_no_rows_of_a_table_in_the_other():
    left = [piece(f"the left column, line {k:02}", 0, 30 * k) for k in range(12)]
    right = [piece(f"the right column, line {k}", 400, 30 * k) for k in range(6)]
    years = [piece(text, x, 30 * k) for k in range(7, 12) for x, text in ((400, "in June"), (580, "82 %"))]
    assert tables.find([*left, *right, *years], tables.rulings_of([]), 20, alone=True)[0] == []


def test_equations_with_their_numbers_are_no_table():
    rows = [("a + b", "= c"), ("d", "= e + f"), ("g - h", "= k"), ("m", "= n")]
    sides = [
        piece(text, x, 30 * k) for k, row in enumerate(rows) for x, text in zip((0, 120), row, strict=True)
    ]
    numbered = [*sides, *(piece(f"({7 + k})", 600, 30 * k) for k in (0, 1, 3))]
    losses = [*sides, *(piece(f"({9 - k})", 600, 30 * k) for k in (0, 1, 3))]
    assert tables.find(numbered, tables.rulings_of([]), 20, alone=False)[0] == []
    assert tables.find(losses, tables.rulings_of([]), 20, alone=False)[0] != []


@pytest.mark.parametrize("alone", [True, False])
def test_contents_are_no_table_with_dots_or_without_and_figures_that_fall_are_one(alone):
    def found(pages, leader=""):
        rows = [
            (
                piece(f"The year of {name}", 0, 30 * k),
                piece(f"{leader}", 300, 30 * k),
                piece(page, 700, 30 * k),
            )
            for k, (name, page) in enumerate(zip(("coal", "salt", "wool", "iron", "tea"), pages, strict=True))
        ]
        pieces = [each for row in rows for each in row if each.text]
        return tables.find(pieces, tables.rulings_of([]), 20, alone=alone)[0]

    rising, falling = ("1", "7", "7", "19", "104"), ("81", "70", "32", "19", "5")
    led = ("...1", ".7", "7", ". . 19", "..104")
    assert found(rising) == found(rising, ". . . . . .") == found(led) == found(falling, "...........") == []
    assert found(falling, "tons of it") != []
    assert found(falling, "33 ........") != []
    assert (found(falling) != []) == alone


@pytest.mark.parametrize("alone", [True, False])
def test_answers_to_choose_from_are_no_table_and_goods_in_the_same_places_are_one(alone):
    def found(labels):
        rows = [
            piece(f"{label}{word}", 200 * k, y)
            for y in (30, 60, 120, 150)
            for k, (label, word) in enumerate(zip(labels, ("Coal", "Salt", "Wool"), strict=True))
        ]
        questions = [piece("Which of these is it?", 0, 0), piece("And which is that?", 0, 90)]
        return tables.find([*rows, *questions], tables.rulings_of([]), 20, alone=alone)[0]

    assert found(("A. ", "B. ", "C. ")) == []
    assert found(("", "", "")) != []


def test_prices_stand_beside_what_they_are_prices_of():
    things = [piece(text, 0, 30 * k) for k, text in enumerate(("Coffee", "Cake", "Service", "Total"))]
    prices = [piece(text, 400, 30 * k + 2) for k, text in enumerate(("2.50", "3.75", "0.60", "6.85"))]
    assert read([*prices, *things]) == ["Coffee 2.50", "Cake 3.75", "Service 0.60", "Total 6.85"]


def drawn():
    """Text above and below a drawing."""
    picture = page([PROSE[0], *[""] * 7, PROSE[1]], size=26)
    pen = ImageDraw.Draw(picture)
    pen.polygon([(150, 120), (320, 300), (180, 330), (120, 200)], outline="black", width=3)
    pen.line([(150, 120), (180, 330)], fill="black", width=3)
    return picture


def test_a_drawing_is_a_figure_and_text_is_none():
    (figure,) = figures.find(gray(drawn()))
    assert not figure.photo
    assert (abs(figure.box.x0 - 120) < 12, abs(figure.box.y1 - 330) < 12) == (True, True)
    assert figures.find(gray(page(PROSE))) == []


def test_a_label_and_an_axis_are_parts_of_the_drawing_beside_them():
    picture = drawn()
    pen = ImageDraw.Draw(picture)
    (alone,) = figures.find(gray(picture))
    pen.text((alone.box.x1 + 4, 200), "OCH", fill="black", font=ImageFont.load_default(24))
    pen.line((alone.box.x0 + 20, 250, alone.box.x0 - 50, 250), fill="black", width=3)
    (figure,) = figures.find(gray(picture))
    assert figure.box.x1 > alone.box.x1 + 35
    assert figure.box.x0 < alone.box.x0 - 45


def test_a_table_in_a_thick_frame_is_no_figure():
    picture = page([*PROSE, *PROSE])
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    for x in (6, width // 2, width - 7):
        pen.line((x, 6, x, height - 7), fill="black", width=5)
    for y in (6, height // 2, height // 2 + 9, height - 7):
        pen.line((6, y, width - 7, y), fill="black", width=5)
    assert figures.find(gray(picture)) == []


def test_a_picture_with_tones_is_a_photograph():
    picture = page([PROSE[0], *[""] * 8, PROSE[1]], size=26)
    tones = np.random.default_rng(3).integers(60, 200, (200, 260)).astype(np.uint8)
    picture.paste(Image.fromarray(tones), (80, 130))
    (figure,) = figures.find(gray(picture))
    assert figure.photo


def test_a_panel_with_text_on_it_is_no_figure():
    (figure,) = figures.find(gray(drawn()))
    lines = [Box(125, 140 + 40 * k, 310, 165 + 40 * k) for k in range(4)]
    assert figures.kept(gray(drawn()), [figure], lines) == []


def test_the_edges_of_the_paper_around_lines_of_text_are_no_figure():
    picture = np.full((900, 700), 255, np.uint8)
    surrounding = figures.Figure(Box(20, 20, 690, 880))
    lines = [Box(60, 100 + 30 * k, 300, 120 + 30 * k) for k in range(3)]
    assert figures.kept(picture, [surrounding], lines) == []
    assert figures.kept(picture, [surrounding], lines[:2]) != []


def test_a_caption_is_no_part_of_the_figure_above_it():
    picture = gray(drawn())
    (figure,) = figures.find(picture)
    caption = Box(110, figure.box.y1 + 2, 330, figure.box.y1 + 22)
    tall = figures.Figure(Box(figure.box.x0, figure.box.y0, figure.box.x1, caption.y1))
    (left,) = figures.kept(picture, [tall], [caption])
    assert left.box.y1 <= caption.y0


@pytest.mark.parametrize("start", [0, 60])
def test_a_rule_is_found_where_it_is_and_a_short_one_if_the_edge_of_the_picture_cuts_it(start):
    picture = np.full((120, 400), 255, np.uint8)
    picture[40:43, start : start + 30] = 0
    picture[80:83, 60:200] = 0
    found = [box.edges for box, _ in page_rules.find(picture, 20.5)]
    assert found == [(0, 40, 30, 43), (60, 80, 200, 83)][start > 0 :]
