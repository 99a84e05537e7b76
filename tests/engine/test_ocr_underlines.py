"""Underlined words in pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mathpixweb.engine.ocr import letter_lines, preparing, recognition, underlines
from mathpixweb.engine.readers.image import Raster

PROSE = ["The evening settled on the harbour", "every lantern burned alone", "and some were counting"]
FONT = ImageFont.load_default(30)


def page(rule=None, *, height=2):
    """Prose, the second line with a rule from and to so much under its foot."""
    picture = Image.new("L", (640, 260), 255)
    pen = ImageDraw.Draw(picture)
    for k, line in enumerate(PROSE):
        pen.text((40, 60 + 70 * k), line, fill=0, font=FONT, anchor="ls")
    if rule is not None:
        pen.rectangle([40, 130 + rule, 40 + FONT.getlength(PROSE[1]), 130 + rule + height], fill=0)
    return np.asarray(picture)


def bare(gray):
    return underlines.without(gray, letter_lines.letters_of(gray))


def test_an_underline_that_ties_letters_together_is_taken_out_and_the_letters_stay():
    plain, found = page() < 150, bare(page(0)) < 150
    assert (found & plain).sum() > 0.93 * plain.sum()
    assert (found & ~plain).sum() < 0.1 * ((page(0) < 150) & ~plain).sum()


def test_underlined_words_are_read():
    rgb = np.repeat(page(0)[..., None], 3, axis=2)
    read = recognition.read(preparing.prepare(Raster(rgb)))
    assert [piece.text for piece in read.pieces] == PROSE


@pytest.mark.parametrize("gray", [page(), page(12), page(-12), page(-22)])
def test_a_rule_that_ties_no_letters_or_is_not_under_them_stays(gray):
    assert bare(gray) is gray


def test_the_rule_of_a_table_that_a_tail_touches_stays():
    picture = Image.fromarray(page())
    ImageDraw.Draw(picture).rectangle([40, 206, 620, 208], fill=0)
    ImageDraw.Draw(picture).text((40, 205), "gg", fill=0, font=FONT, anchor="ls")
    gray = np.asarray(picture)
    assert bare(gray) is gray
