"""Tesseract as the quicker reader of clean pages, where it is installed."""

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
def test_a_clean_page_is_read_in_order(picture):
    found = recognition.read(picture)
    assert [line.text for line in found.lines] == LINES
    assert {line.engine for line in found.lines} == {"tesseract"}
    assert found.ordered


@installed
def test_words_have_places(picture):
    first = tesseract.read(picture.gray, ["en"])[0]
    lefts = [word.box.x0 for word in first.words]
    assert lefts == sorted(lefts)
    assert all(0 < word.box.width < picture.gray.shape[1] for word in first.words)


@installed
def test_a_doubtful_line_is_read_again_by_the_network(picture, monkeypatch):
    lines = tesseract.read(picture.gray, ["en"])
    blurred = TextWord("h4rb0ur", lines[0].words[-1].box, 0.3)
    doubtful = TextLine(
        (*lines[0].words[:-1], blurred), lines[0].box, lines[0].baseline, lines[0].size, 0.85, "tesseract"
    )
    monkeypatch.setattr(tesseract, "read", lambda *_: [doubtful, *lines[1:]])
    found = recognition.read(picture)
    assert found.lines[0].text == LINES[0]
    assert found.lines[0].engine == "rapidocr"


def test_without_the_program_the_network_reads(picture, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert tesseract.languages() == frozenset()
    found = recognition.read(picture)
    assert [line.text for line in found.lines] == LINES
    assert {line.engine for line in found.lines} == {"rapidocr"}


def test_a_program_that_hangs_or_fails_is_as_good_as_none(picture, monkeypatch):
    def hangs(*arguments, **options):
        raise subprocess.TimeoutExpired("tesseract", options["timeout"])

    monkeypatch.setattr(tesseract, "_installed", lambda: frozenset({"eng"}))
    monkeypatch.setattr(subprocess, "run", hangs)
    assert tesseract.read(picture.gray, ["en"]) == []
    assert [line.text for line in recognition.read(picture).lines] == LINES


def test_lines_that_run_upwards_are_no_reading_of_a_page(picture, monkeypatch):
    upright = tuple(TextWord("word", Box(10, 50 * k, 30, 50 * k + 45), 0.95) for k in range(20))
    line = TextLine(upright, Box(10, 0, 30, 1000), 900, 20, 0.95, "tesseract")
    monkeypatch.setattr(tesseract, "read", lambda *_: [line])
    assert {found.engine for found in recognition.read(picture).lines} == {"rapidocr"}
