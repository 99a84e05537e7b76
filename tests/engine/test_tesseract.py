"""Tesseract, where it is installed, reads the alphabets that the network does not know."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import preparing, recognition, tesseract
from mathpixweb.engine.ocr.text import TextLine, TextWord
from mathpixweb.engine.readers.image import Raster
from tests.engine.drawn import page

LINES = [
    "The evening settled on the harbour",
    "and every lantern burned alone",
    "while somebody was counting seconds",
    "between the lightning and the stone",
]

installed = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="Tesseract is not installed: apt-get install tesseract-ocr"
)


@pytest.fixture(autouse=True)
def _ask_anew():
    installed_now = tesseract._installed
    installed_now.cache_clear()
    yield
    installed_now.cache_clear()


@pytest.fixture(scope="module")
def picture():
    return preparing.prepare(Raster(np.asarray(page(LINES))))


@installed
def test_words_have_places(picture):
    first = tesseract.read(picture.gray, ["en"])[0]
    lefts = [word.box.x0 for word in first.words]
    assert lefts == sorted(lefts)
    assert all(0 < word.box.width < picture.gray.shape[1] for word in first.words)


def test_without_the_program_the_network_reads(picture, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert tesseract.languages() == frozenset()
    found = recognition.read(picture)
    assert [line.text for line in found.pieces] == LINES
    assert {line.engine for line in found.pieces} == {"rapidocr"}


def test_a_program_that_hangs_or_fails_is_as_good_as_none(picture, monkeypatch):
    def hangs(*arguments, **options):
        raise subprocess.TimeoutExpired("tesseract", options["timeout"])

    monkeypatch.setattr(tesseract, "_installed", lambda: frozenset({"eng", "rus", "osd"}))
    monkeypatch.setattr(subprocess, "run", hangs)
    assert tesseract.read(picture.gray, ["en"]) == []
    assert recognition._foreign(picture, [_line(0.3)], ()) == []


def _line(confidence: float, text: str = "Pyccкий", engine: str = "rapidocr") -> TextLine:
    box = Box(40, 40, 300, 80)
    return TextLine((TextWord(text, box, confidence),), box, 70, 30, confidence, engine)


@pytest.fixture
def russian(monkeypatch):
    """As if Tesseract were there with Russian, and had recognised it."""
    monkeypatch.setattr(tesseract, "_installed", lambda: frozenset({"eng", "rus", "osd"}))
    monkeypatch.setattr(tesseract, "script", lambda _: "ru")
    asked = []

    def read(_gray, codes):
        asked.append(tuple(codes))
        return [_line(0.95, "Русский", "tesseract")]

    monkeypatch.setattr(tesseract, "read", read)
    return asked


def test_lines_that_the_network_cannot_read_are_read_in_the_alphabet_they_are_in(picture, russian):
    found = recognition._foreign(picture, [_line(0.4)], ())
    assert [line.text for line in found] == ["Русский"]
    assert russian == [("ru", "en")]


def test_lines_that_the_network_reads_well_are_its_own(picture, russian):
    assert recognition._foreign(picture, [_line(0.97)], ()) == []
    assert russian == []


def test_an_alphabet_that_is_not_allowed_is_not_read(picture, russian):
    assert recognition._foreign(picture, [_line(0.4)], ("en",)) == []
    assert russian == []
