from __future__ import annotations

import time

import pytest

from mathpixweb.documents.intake import naming


@pytest.mark.parametrize(
    ("mmd", "name"),
    [
        ("\\title{\nCS229 Lecture Notes\n}\n\\author{A}", "CS229 Lecture Notes.mmd"),
        ("Before.\n\n## A heading ##\n\nText", "A heading.mmd"),
        ("\\section*{First \\emph{things}}\nText", "First things.mmd"),
        ("**Bold** and $x^2$ here\nnext line", "Bold and x^2 here.mmd"),
        ("# Either/or", "Either-or.mmd"),
        ("![](picture.png)", "Untitled.mmd"),
        ("", "Untitled.mmd"),
    ],
)
def test_a_text_is_named_by_its_title_or_how_it_begins(mmd, name):
    assert naming.of_mmd(mmd) == name


def test_a_long_name_is_cut_between_words():
    name = naming.of_mmd("word " * 100)
    assert name.removesuffix("….mmd").split() == ["word"] * 16


@pytest.mark.parametrize(
    "text", ["\\title{" * 3000, "# " + " " * 30_000, "![" * 9000, "](" * 9000, "\n" * 30_000, "\\" * 30_000]
)
def test_no_text_takes_long_to_name(text):
    started = time.monotonic()
    naming.of_mmd(text)
    assert time.monotonic() - started < 0.5
