"""Text that is written on ruled paper."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mathpixweb.engine.ocr import notepaper, preparing, recognition
from mathpixweb.engine.readers.image import Raster

STEP = 40  # pixels from rule to rule
PROSE = [
    "The evening settled on the harbour",
    "every lantern burned alone, quietly",
    "jumping from pier to pier, singing",
]


def paper(*, lines=14, grey=150, rows=range(14), text=PROSE, stems=()):
    """Prose whose letters hang into the rules."""
    picture = Image.new("L", (900, 640), 255)
    pen = ImageDraw.Draw(picture)
    for k in rows:
        pen.line([(20, 60 + STEP * k), (880, 60 + STEP * k)], fill=grey, width=2)
    for x in stems:
        pen.line([(x, 60), (x, 60 + STEP * (lines - 1))], fill=grey, width=2)
    for k, line in enumerate(text):
        foot = 60 + STEP * (k + 2) - 1
        pen.text((80, foot), line, fill=10, font=ImageFont.load_default(30), anchor="ls")
    return picture


def bare(picture):
    return notepaper.without_rules(np.asarray(picture))


def left(part):
    """Of two rules, the share of their length; their very ends may stay."""
    return (part < 240).any(axis=0).mean()


def test_the_rules_of_writing_paper_are_taken_out_and_the_letters_stay():
    ruled, plain = bare(paper()), np.asarray(paper(rows=()))
    assert (ruled < 200).sum() == pytest.approx((plain < 200).sum(), rel=0.06)
    assert left(ruled[:120]) < 0.08


def test_what_is_written_on_ruled_paper_is_read_as_text():
    rgb = np.asarray(paper().convert("RGB"))
    read = recognition.read(preparing.prepare(Raster(rgb)))
    assert [piece.text for piece in read.pieces] == PROSE


@pytest.mark.parametrize(
    "picture",
    [
        paper(rows=range(6)),  # too few
        paper(rows=[0, 1, 3, 4, 7, 8, 9, 11, 13]),  # uneven
        paper(stems=(20, 880)),  # a frame
        paper(stems=(20, 450)),  # columns
        paper(text=()),  # nothing is written on it: a form
        Image.new("L", (900, 640), 255),
    ],
)
def test_other_rules_stay(picture):
    gray = np.asarray(picture)
    assert notepaper.without_rules(gray) is gray


def test_a_margin_is_no_column():
    ruled = bare(paper(stems=(60,)))
    assert left(ruled[:120, 70:]) < 0.08


def test_a_table_on_writing_paper_keeps_the_rules_between_its_own():
    picture = paper()
    pen = ImageDraw.Draw(picture)
    for x in (200, 400, 600):
        pen.line([(x, 60 + STEP * 9), (x, 60 + STEP * 13)], fill=0, width=3)
    ruled = bare(picture)
    below = ruled[60 + STEP * 11]
    assert (below[220:380] < 200).all() and (below[20:180] > 240).all() and (below[620:880] > 240).all()
