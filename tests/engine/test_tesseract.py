"""Tesseract, where it is installed, reads the alphabets that the network does not know."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import preparing, recognition, tesseract
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


def table(*words):
    """What the program says of words of one line: each its text, left and right edge."""
    columns = ["level", "block_num", "par_num", "line_num", "left", "top", "width", "height", "conf", "text"]
    rows = [[5, 1, 1, 1, left, 10, right - left, 40, 95, text] for text, left, right in words]
    return "\n".join("\t".join(map(str, row)) for row in [columns, *rows])


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ([("มนุษย์", 0, 90), ("ทั้งหลาย", 92, 200), ("เกิดมา", 240, 300)], ["มนุษย์ทั้งหลาย", "เกิดมา"]),
        ([("своя", 0, 90), ("игра", 92, 200)], ["своя", "игра"]),
        ([("மனிதப்\u200c", 0, 90)], ["மனிதப்"]),
    ],
    ids=["a language without blanks", "a language with blanks", "invisible characters"],
)
def test_words_are_those_that_people_write(monkeypatch, words, texts):
    monkeypatch.setattr(tesseract, "_installed", lambda: frozenset({"tha"}))
    monkeypatch.setattr(tesseract, "_run", lambda *_: table(*words))
    (line,) = tesseract.read(np.zeros((60, 300), np.uint8), ["th"])
    assert [word.text for word in line.words] == texts
    assert line.words[0].box == Box(0, 10, words[1 if len(texts[0]) > 8 else 0][2], 50)
