"""Text in alphabets that the network does not know is read by Tesseract, in the one in which it is surest."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import foreign, tesseract, text_lines
from mathpixweb.engine.ocr.text import TextLine, TextWord
from mathpixweb.engine.ocr.text_lines import Character, Reading
from mathpixweb.engine.ocr.text_regions import Region

PICTURE = np.full((200, 600), 255, np.uint8)
REGIONS = [
    Region(np.array([[20, y], [580, y], [580, y + 40], [20, y + 40]], np.float32), 1.0) for y in (20, 80, 140)
]
IN = {"ru": "Все люди рождаются свободными", "hi": "सभी मनुष्यों को गौरव", "vi": "Tất cả mọi người", "en": "Bce"}
GARBLED = "Bce", 0.6


def line(text, confidence, engine="rapidocr"):
    box = Box(20, 20, 580, 60)
    return TextLine((TextWord(text, box, confidence),), box, 55, 30, confidence, engine)


@pytest.fixture
def program(monkeypatch):
    """Tesseract, which reads Russian surely and takes it for other alphabets with little confidence."""
    asked = []
    how_sure = {"ru": 0.95, "hi": 0.5, "vi": 0.6, "en": 0.4}

    def read(_gray, codes, layout=tesseract.PAGE):
        asked.append((tuple(codes), layout))
        return [line(IN[codes[0]], how_sure[codes[0]], tesseract.ENGINE)] * 3

    monkeypatch.setattr(tesseract, "_installed", lambda: frozenset({"eng", "rus", "hin", "vie", "jpn"}))
    monkeypatch.setattr(tesseract, "read", read)
    return asked


def read(*lines, allowed=(), regions=REGIONS):
    found = foreign.read(PICTURE, regions, [line(*each) for each in lines], allowed)
    return [each.text for each in found]


def test_lines_that_the_network_cannot_read_are_read_in_the_alphabet_they_are_in(program):
    assert read(GARBLED) == [IN["ru"]] * 3
    tried = [codes for codes, layout in program if layout == tesseract.BLOCK]
    assert tried == [("hi",), ("ru",), ("vi",)]
    assert program[-1] == (("ru", "en"), tesseract.PAGE)


def test_lines_that_the_network_reads_well_are_its_own(program):
    assert read(*[("The evening settled on the harbour", 0.97)] * 3) == []
    assert program == []


def test_signs_that_are_sure_among_letters_that_are_not_do_not_make_a_line_read(program):
    assert read(("+ 5 = 12", 0.96), (", = - .", 0.99), (",", 0.91)) == [IN["ru"]] * 3


def test_an_alphabet_that_is_not_allowed_is_not_tried(program):
    assert read(GARBLED, allowed=("en", "hi")) == []
    assert {codes for codes, _ in program} == {("hi",)}


def test_latin_letters_are_not_read_beside_others_if_they_are_not_allowed(program):
    assert read(GARBLED, allowed=("ru",)) == [IN["ru"]] * 3
    assert {codes for codes, _ in program} == {("ru",)}


def test_what_is_read_surely_in_letters_of_another_alphabet_does_not_fit(program, monkeypatch):
    monkeypatch.setitem(IN, "ru", "Bce")
    assert read(GARBLED) == []


def test_strokes_that_look_like_a_letter_or_two_are_no_text(program, monkeypatch):
    monkeypatch.setitem(IN, "ru", "Ж")
    assert read(GARBLED) == []


def test_vietnamese_which_the_network_reads_without_many_of_its_vowels_is_read_again(program):
    assert read(("Mi con ngưi đu đưc to ra", 0.97)) == [IN["vi"]] * 3
    assert program == [(("vi", "en"), tesseract.PAGE)]
    assert read(*[("La fête à l'hôtel où l'âme rêve", 0.97)] * 3) == []
    assert len(program) == 1


def test_lines_that_are_missing_in_columns_are_read_under_each_other(program, monkeypatch):
    whole = tesseract.read

    def in_columns(gray, codes, layout=tesseract.PAGE):
        return whole(gray, codes, layout)[: 1 if layout == tesseract.PAGE else 3]

    monkeypatch.setattr(tesseract, "read", in_columns)
    assert len(read(GARBLED)) == 3


def is_forbidden(allowed, text="Bce", confidence=0.6):
    return foreign.is_forbidden(PICTURE, REGIONS, [line(text, confidence)], allowed)


def test_text_in_an_alphabet_that_is_not_allowed_is_known_by_reading_it(program):
    assert is_forbidden({"en", "zh"})
    assert not is_forbidden({"en", "ru"})
    assert not is_forbidden(())
    assert not is_forbidden({"en"}, "long lines that are read " * 2, 0.99)


@pytest.mark.parametrize(
    ("seen", "forbidden"), [("人人生而自由", True), ("x + y = z w", False), ("人", False)]
)
def test_what_the_network_knows_is_read_as_if_it_were_allowed(monkeypatch, seen, forbidden):
    """Latin letters are those of formulas, and a letter or two are strokes."""
    monkeypatch.setattr(tesseract, "_installed", frozenset)
    characters = tuple(Character(char, 0.0, 1.0, 0.9) for char in seen)
    monkeypatch.setattr(text_lines, "read", lambda strips: [Reading(characters)] * len(strips[:1]))
    assert is_forbidden({"ko"}) is forbidden
