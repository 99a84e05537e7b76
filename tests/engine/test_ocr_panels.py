"""Light text on dark panels and pale text, which a page prints beside what is dark on white."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mathpixweb.engine.ocr import letter_lines, pale_lines, preparing, recognition
from mathpixweb.engine.readers.image import Raster

PROSE = ["The evening settled on the harbour and", "every lantern burned alone while some"]
PANEL = (40, 200, 860, 264)


def paper():
    """Some lines of prose, with room under them."""
    picture = Image.new("RGB", (900, 500), "white")
    for number, text in enumerate(PROSE):
        put(picture, (60, 40 + 50 * number), text)
    return picture


def put(picture, place, text, ink="black", size=28):
    ImageDraw.Draw(picture).text(place, text, fill=ink, font=ImageFont.load_default(size))


def with_panel(text="Results of the Survey"):
    picture = paper()
    ImageDraw.Draw(picture).rectangle(PANEL, fill=(31, 78, 121))
    put(picture, (80, 214), text, "white")
    return picture


def prepared(picture):
    return preparing.prepare(Raster(np.asarray(picture)))


def read(picture):
    return [piece.text for piece in recognition.read(prepared(picture)).pieces]


def test_light_text_on_a_dark_panel_is_read_between_what_is_dark_on_white():
    picture = with_panel()
    put(picture, (60, 360), "were counting seconds")
    assert read(picture) == [*PROSE, "Results of the Survey", "were counting seconds"]


def test_of_a_panel_that_lies_askew_no_dark_edge_is_left():
    askew = with_panel().rotate(2, fillcolor="white", resample=Image.Resampling.BICUBIC)
    gray = prepared(askew).gray
    beside = gray[140:340, 480:]  # right of the text
    assert beside.min() > 200


@pytest.mark.parametrize("shape", ["bare", "toned"])
def test_what_is_dark_and_has_no_text_on_it_stays_as_it_is(shape):
    picture = with_panel("")
    if shape == "toned":
        x0, y0, x1, y1 = PANEL
        tones = np.random.default_rng(3).integers(0, 255, ((y1 - y0) // 10, (x1 - x0) // 10), np.uint8)
        picture.paste(Image.fromarray(tones).resize((x1 - x0, y1 - y0)).convert("RGB"), PANEL[:2])
    assert prepared(picture).gray[PANEL[1] : PANEL[3], PANEL[0] : PANEL[2]].mean() < 150


def test_pale_text_is_read_whole():
    picture = paper()
    put(picture, (60, 160), "Issue fourteen of the spring", ink=(185, 185, 185))
    assert read(picture) == [*PROSE, "Issue fourteen of the spring"]


def test_what_shows_through_from_the_other_side_is_no_pale_text():
    picture = Image.new("RGB", (900, 500), "white")
    for number in range(4):
        put(picture, (60, 52 + 50 * number), "the other side of the paper shows"[::-1], (200, 200, 200))
        put(picture, (60, 40 + 50 * number), PROSE[number % 2])
    gray = prepared(picture).gray
    letters = letter_lines.letters_of(gray)
    assert pale_lines.find(gray, letters, letter_lines.made_of(letters, gray)) == []
