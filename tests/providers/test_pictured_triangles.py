"""Triangles in pictures, with their corners and labels, in the schema of the reference."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import tesseract, triangles
from mathpixweb.providers.local import LocalProvider
from tests.engine.drawn import encoded

CORNERS = [(218, 46), (218, 314), (456, 314)]
LABELS = {"A": (197, 16), "?": (195, 165), "6": (349, 154), "C": (190, 318), "4": (329, 322), "B": (466, 306)}
LINES = ["The side between two corners of the", "triangle is not yet known to anybody."]


@pytest.fixture(autouse=True)
def _without_tesseract(monkeypatch):
    monkeypatch.setattr(tesseract, "_installed", frozenset)


def drawing(points, width=520, height=380, stroke=3):
    picture = Image.new("L", (width, height), "white")
    ImageDraw.Draw(picture).line([*points, points[0], points[1]], fill="black", width=stroke)
    return picture


def found(picture):
    return triangles.find(np.asarray(picture), Box(0, 0, picture.width, picture.height))


@pytest.fixture(scope="module")
def labelled():
    """A triangle with six labels, and two lines of text under it."""
    picture = drawing(CORNERS, height=460)
    pen = ImageDraw.Draw(picture)
    for text, place in LABELS.items():
        pen.text(place, text, fill="black", font=ImageFont.load_default(24))
    for number, line in enumerate(LINES):
        pen.text((20, 380 + 38 * number), line, fill="black", font=ImageFont.load_default(24))
    return encoded(picture)


@pytest.fixture(scope="module")
def read(labelled):
    return LocalProvider().read_image(labelled, {"include_geometry_data": True})


def test_a_triangle_is_told_with_its_corners_and_labels(read):
    [geometry] = read.detections["geometry_data"]
    [shape] = geometry["shape_list"]
    assert shape["type"] == "triangle"
    seen = sorted((vertex["x"], vertex["y"]) for vertex in shape["vertex_list"])
    assert np.abs(np.subtract(seen, CORNERS)).max() <= 4
    assert [vertex["edge_list"] for vertex in shape["vertex_list"]] == [[1, 2], [0, 2], [0, 1]]
    labels = {label["latex"]: label for label in geometry["label_list"]}
    assert labels.keys() == LABELS.keys()
    assert (labels["6"]["text"], labels["B"]["text"]) == ("6", "\\( B \\)")
    for text, (x, y) in LABELS.items():
        place = labels[text]["position"]
        assert abs(place["top_left_x"] - x) < 8 and abs(place["top_left_y"] - y) < 16
        assert 0.5 < labels[text]["confidence_rate"] <= 1
    place = geometry["position"]
    assert place["top_left_x"] < 218 and place["top_left_x"] + place["width"] > 456


def test_the_labels_are_no_part_of_the_text(read):
    assert read.text.split() == " ".join(LINES).split()
    [diagram] = [line for line in read.lines if line["type"] == "diagram"]
    assert (diagram["subtype"], diagram["conversion_output"]) == ("triangle", False)


def test_nothing_is_measured_that_was_not_asked_for():
    told = LocalProvider().read_image(encoded(drawing(CORNERS)), {})
    assert told.lines[0]["subtype"] == "triangle"
    assert "geometry_data" not in told.detections


@pytest.mark.parametrize(
    "points", [CORNERS, [(60, 250), (240, 40), (400, 250)], [(40, 30), (480, 90), (200, 340)]]
)
def test_corners_are_where_the_sides_meet(points):
    [corners] = found(drawing(points))
    assert np.abs(np.subtract(sorted(corners), sorted(points))).max() <= 4


def test_lines_within_a_triangle_do_no_harm():
    picture = drawing([(60, 250), (240, 40), (400, 250)])
    ImageDraw.Draw(picture).line([(240, 40), (240, 250)], fill="black", width=3)
    assert len(found(picture)) == 1


def test_other_shapes_are_no_triangles():
    picture = Image.new("L", (700, 300), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle([20, 60, 200, 200], outline="black", width=3)
    pen.ellipse([230, 60, 370, 200], outline="black", width=3)
    pen.polygon([(400, 200), (480, 60), (560, 200)], fill="black")
    pen.line([(590, 200), (640, 60), (690, 200)], fill="black", width=3)
    assert found(picture) == ()


def test_two_triangles_come_the_larger_first():
    picture = drawing([(20, 250), (140, 40), (260, 250)])
    picture.paste(drawing([(10, 180), (90, 10), (190, 180)], 200, 200), (300, 50))
    large, small = found(picture)
    assert max(x for x, _ in large) < 300 < min(x for x, _ in small)
