"""Charts in pictures: known by their scales and by what is drawn between them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Options
from mathpixweb.engine.ocr import charts, preparing, reading
from mathpixweb.engine.ocr.figures import Figure
from mathpixweb.engine.ocr.text import TextLine, TextWord
from mathpixweb.engine.readers.image import Raster
from mathpixweb.engine.writers.mmd import line_data

SIZE = 22
LEFT, RIGHT, TOP, BOTTOM = 120, 720, 60, 460  # of the field


class Sheet:
    """A picture, with its text as whoever reads it would tell."""

    def __init__(self, size=(800, 560), paper="white"):
        self.picture = Image.new("RGB", size, paper)
        self.pen = ImageDraw.Draw(self.picture)
        self.lines: list[TextLine] = []

    def write(self, text, x, y):
        """The text with its middle there."""
        font = ImageFont.load_default(SIZE)
        self.pen.text((x, y), text, fill="black", font=font, anchor="mm")
        box = Box(*(float(edge) for edge in self.pen.textbbox((x, y), text, font=font, anchor="mm")))
        self.lines.append(TextLine((TextWord(text, box, 0.99),), box, box.y1, SIZE, 0.99))

    def beside(self, labels):
        for number, label in enumerate(labels):
            self.write(str(label), LEFT - 30, BOTTOM - 100 * number)

    def under(self, labels):
        for number, label in enumerate(labels):
            self.write(str(label), LEFT + 50 + 120 * number, BOTTOM + 25)

    def frame(self):
        self.pen.rectangle((LEFT, TOP - 20, RIGHT, BOTTOM), outline="black", width=2)

    @property
    def prepared(self):
        return preparing.prepare(Raster(np.asarray(self.picture)))

    @property
    def kinds(self):
        return [chart.subtype for chart in charts.find(self.prepared, self.lines)]


def columns(sheet):
    sheet.beside([0, 5, 10, 15, 20])
    sheet.under(["Red", "Blue", "Green", "Gold", "Grey"])
    for number, height in enumerate((300, 150, 360, 60, 240)):
        x = LEFT + 50 + 120 * number
        sheet.pen.rectangle((x - 35, BOTTOM - height, x + 35, BOTTOM), fill="steelblue")


def bars(sheet):
    sheet.beside(["Red", "Blue", "Green", "Gold", "Grey"])
    sheet.under([0, 20, 40, 60, 80])
    for number, length in enumerate((300, 150, 460, 60, 240)):
        y = BOTTOM - 100 * number
        sheet.pen.rectangle((LEFT, y - 30, LEFT + length, y + 30), fill="#c05030")


def scales(sheet):
    sheet.beside([0, 5, 10, 15, 20])
    sheet.under([2010, 2012, 2014, 2016, 2018])
    sheet.frame()


def line(sheet):
    scales(sheet)
    heights = (100, 180, 140, 300, 260, 350)
    points = [(LEFT + 30 + 100 * number, BOTTOM - height) for number, height in enumerate(heights)]
    sheet.pen.line(points, fill="darkgreen", width=3)


def scatter(sheet):
    scales(sheet)
    for number in range(24):
        x, y = LEFT + 30 + 22 * number, BOTTOM - 60 - 10 * number - 37 * (number % 3)
        sheet.pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill="purple")


def area(sheet):
    scales(sheet)
    tops = [(LEFT + 60 * number, BOTTOM - 150 - 70 * (number * number % 3)) for number in range(11)]
    sheet.pen.polygon([(LEFT, BOTTOM), *tops, (RIGHT, BOTTOM)], fill="teal")


def analytical(sheet):
    middle = (LEFT + RIGHT) / 2, 260
    sheet.pen.line((LEFT, middle[1], RIGHT, middle[1]), fill="black", width=2)
    sheet.pen.line((middle[0], TOP, middle[0], BOTTOM), fill="black", width=2)
    for value in (-3, -2, -1, 1, 2, 3):
        sheet.write(str(value), middle[0] + 90 * value, middle[1] + 22)
    for value in (-2, -1, 1, 2):
        sheet.write(str(value), middle[0] - 22, middle[1] - 80 * value)
    points = [(middle[0] + x, middle[1] - 160 * math.sin(x / 70)) for x in range(-280, 280)]
    sheet.pen.line(points, fill="navy", width=3)


def pie(sheet):
    for start, end, tone in ((0, 130, "#203080"), (130, 250, "#d06020"), (250, 360, "#70b060")):
        sheet.pen.pieslice((200, 100, 560, 460), start, end, fill=tone)
    sheet.write("North", 590, 400)


KINDS = [columns, bars, line, scatter, area, analytical, pie]


@pytest.mark.parametrize("draw", KINDS)
@pytest.mark.parametrize("paper", ["white", "#eaeaea"])
def test_a_chart_is_known_by_what_it_draws(draw, paper):
    sheet = Sheet(paper=paper)
    draw(sheet)
    assert sheet.kinds == [{columns: "column", bars: "bar"}.get(draw, draw.__name__)]


def test_text_over_a_chart_is_no_part_of_it_though_a_word_ends_where_its_categories_do():
    sheet = Sheet()
    sheet.beside(["Red", "Blue"])
    sheet.under([0, 20, 40, 60, 80])
    for y, length in ((BOTTOM, 300), (BOTTOM - 100, 460)):
        sheet.pen.rectangle((LEFT, y - 30, LEFT + length, y + 30), fill="#c05030")
    for y in (60, 90, 120):
        sheet.write("Blue", LEFT - 30, y)
    (chart,) = charts.find(sheet.prepared, sheet.lines)
    assert chart.subtype == "bar"
    assert chart.box.y0 > 200


def grid(sheet):
    for number in range(6):
        y, x = BOTTOM - 80 * number, LEFT + 120 * number
        sheet.pen.line((LEFT, y, RIGHT, y), fill="black", width=2)
        sheet.pen.line((x, TOP, x, BOTTOM), fill="black", width=2)


def empty_table(sheet):
    scales(sheet)
    grid(sheet)


def table(sheet):
    scales(sheet)
    for row in range(5):
        for column in range(5):
            sheet.write(f"{row}.{column}5", LEFT + 50 + 120 * column, BOTTOM - 100 * row)


def countdown(sheet):
    """A list whose numbers fall, over a row of numbers."""
    sheet.beside([1, 2, 3, 4, 5])
    sheet.under([1, 2, 3, 4, 5])
    for row in range(5):
        sheet.write("several words of a sentence that goes on", LEFT + 250, BOTTOM - 100 * row)


def counts(sheet):
    """A table of small numbers, of which some stand as on a scale by chance."""
    for column in range(3):
        counted = [8, 1, 0, 0, 1, 2, 1, 0, 0, 1, 0, 0, 3, 1, 1, 1]
        for row, value in enumerate(counted[column:] + counted[:column]):
            sheet.write(str(value), LEFT + 50 + 150 * column, TOP + 24 * row)


def number_line(sheet):
    sheet.pen.line((LEFT, BOTTOM, RIGHT, BOTTOM), fill="black", width=3)
    sheet.under([0, 1, 2, 3, 4])


def triangle(sheet):
    sheet.pen.polygon([(150, 450), (650, 450), (300, 100)], outline="black", width=3)
    sheet.write("5", 400, 480)


def circle(sheet):
    sheet.pen.ellipse((200, 100, 560, 460), outline="black", width=3)
    sheet.pen.line((380, 280, 560, 280), fill="black", width=3)
    sheet.pen.line((380, 280, 380, 100), fill="black", width=3)


def ball(sheet):
    for radius in range(180, 0, -1):
        tone = 40 + radius
        sheet.pen.ellipse((380 - radius, 280 - radius, 380 + radius, 280 + radius), fill=(tone, tone, tone))


def shuffled(sheet):
    """Columns beside numbers that are no scale."""
    columns(sheet)
    sheet.lines = sheet.lines[5:]
    sheet.beside([7, 3, 12, 5, 9])


@pytest.mark.parametrize(
    "draw", [empty_table, table, counts, countdown, number_line, triangle, circle, ball, shuffled]
)
def test_what_has_not_the_evidence_is_no_chart(draw):
    sheet = Sheet()
    draw(sheet)
    assert sheet.kinds == []


def test_the_numbers_and_names_of_axes_are_told_from_each_other():
    sheet = Sheet()
    line(sheet)
    sheet.write("Year", 420, 525)
    sheet.write("North", 600, 100)
    sheet.pen.line((530, 100, 565, 100), fill="darkgreen", width=3)
    upwards = Image.new("RGB", (160, 30), "white")
    pen = ImageDraw.Draw(upwards)
    pen.text((80, 15), "Tonnes", fill="black", font=ImageFont.load_default(SIZE), anchor="mm")
    sheet.picture.paste(upwards.rotate(90, expand=True), (28, 180))
    (chart,) = charts.find(sheet.prepared, sheet.lines)
    told: dict[str, list[str]] = {}
    for each in chart.lettering:
        told.setdefault(each.type, []).append(each.line.text)
    assert told == {
        "x_axis_tick_label": ["2010", "2012", "2014", "2016", "2018"],
        "y_axis_tick_label": ["0", "5", "10", "15", "20"],
        "x_axis_label": ["Year"],
        "y_axis_label": ["Tonnes"],
        "legend_label": ["North"],
    }
    assert chart.box.x0 < 60 and chart.box.y1 > 530


def test_a_figure_that_is_a_chart_is_no_drawing_besides():
    sheet = Sheet()
    line(sheet)
    found = charts.find(sheet.prepared, sheet.lines)
    own, other = Figure(Box(130, 50, 700, 400)), Figure(Box(760, 0, 790, 50))
    (chart,), rest = charts.with_figures(found, [own, other])
    assert rest == [other]
    assert chart.box.y0 <= own.box.y0


def read(sheet, **options):
    asked = Options(**options)
    found = reading.read(sheet.prepared, asked)
    return line_data.write(found.page, asked, found.picture.frame.outline, False)


def test_a_chart_is_a_line_of_its_own_and_its_numbers_are_no_text():
    sheet = Sheet()
    columns(sheet)
    lines = read(sheet)
    assert [(told["type"], told["subtype"], told["included"]) for told in lines] == [
        ("chart", "column", False)
    ]


def test_a_pie_with_nothing_beside_it_is_no_formula_and_no_molecule():
    """Though its lines could be bonds."""
    sheet = Sheet()
    for start, end, tone in (
        (0, 80, "#606060"),
        (80, 160, "#707070"),
        (160, 260, "#505050"),
        (260, 360, "#808080"),
    ):
        sheet.pen.pieslice((200, 100, 560, 460), start, end, fill=tone, outline="black", width=3)
    assert [(told["type"], told["subtype"]) for told in read(sheet)] == [("chart", "pie")]


def test_the_text_of_a_chart_is_told_where_it_is_asked_for():
    sheet = Sheet()
    columns(sheet)
    chart, *labels = read(sheet, include_diagram_text=True)
    assert {told["parent_id"] for told in labels} == {chart["id"]}
    numbers = [told["text"] for told in labels if told["type"] == "y_axis_tick_label"]
    assert sorted(numbers, key=int) == ["0", "5", "10", "15", "20"]
    assert not any(told["included"] for told in labels)
