"""What is printed is shown as printed: the lines of `cases/printed.txt` go through the real renderer."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Block, Line, Options, Page, Text
from mathpixweb.engine.writers.mmd import escaping, lines, mmd
from mathpixweb.engine.writers.mmd.tabular import tabular
from mathpixweb.engine.writers.programs.renderer import Renderer

PRINTED = (Path(__file__).parent / "cases" / "printed.txt").read_text(encoding="utf-8").splitlines()
BOX = Box(0, 0, 1, 1)
LIVE = re.compile(r"<(a|strong|em|h\d|ul|ol|blockquote|code|pre|hr|img|s|sub|sup|mark|ins|b|i|svg)[ >]|math-")


@pytest.fixture(scope="module")
def renderer():
    renderer = Renderer(seconds=60)
    yield renderer
    renderer.close()


def line(text):
    return Line((Text(text, BOX),), BOX, 10.0)


def written(block):
    page = Page(1, 612.0, 792.0, (block,))
    return mmd.of(lines.write(page, Options(), "image", True, lambda *_: ""))


def words(html):
    return unescape(re.sub(r"<[^>]+>", "", html)).replace("\u00a0", " ").strip()


@pytest.mark.parametrize("text", [*PRINTED, "``code`` in doubled ticks"])
def test_a_printed_paragraph_is_shown_as_printed(text, renderer):
    html = renderer.html(written(Block("text", BOX, (line(text),))), html_tags=True)
    assert words(html) == text
    assert not LIVE.search(html), html


@pytest.mark.parametrize("text", PRINTED)
def test_a_printed_cell_is_shown_as_printed(text, renderer):
    cells = tuple(Block("table_cell", BOX, (line(each),), column=k) for k, each in enumerate((text, "other")))
    table = Block("table", BOX, children=(Block("table_row", BOX, children=cells),))
    html = renderer.html(tabular(table, Options()))
    shown = re.sub(r"\s+", " ", words(html))
    assert re.sub(r"\\ (?=[a-z])", r"\\", shown) == f"{text} other"  # a blank ends the backslash's command
    assert not LIVE.search(html), html


@pytest.mark.parametrize("type_", ["footnote", "section_header", "title"])
@pytest.mark.parametrize("text", ["a } b", "a { b", "a {b} c", "1. first", "see [b](http://x.org)"])
def test_what_is_in_a_command_stays_in_it(type_, text, renderer):
    html = renderer.html(written(Block(type_, BOX, (line(text),), level=1)))
    assert text in words(html)
    assert '<a href="http' not in html


def test_a_bracket_at_the_start_of_an_item_is_no_label(renderer):
    items = tuple(Block("list_item", BOX, (line(text),), "•") for text in ("[a] one", "two"))
    html = renderer.html(written(Block("list", BOX, subtype="itemize", children=items)))
    assert "[a] one" in words(html)


def test_a_backslash_before_a_formula_does_not_undo_it():
    assert escaping.prose("A\\") == "A&#92;"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("costs $5", r"costs \$5"),
        ("a * b", r"a \* b"),
        ("snake_case_name", "snake_case_name"),
        ("_stressed_", r"\_stressed\_"),
        ("a < b and <tag>", r"a < b and \<tag>"),
        ("R&D &amp;", r"R&D \&amp;"),
        ("C:\\new", r"C:\\new"),
        ("C++ and [1] (see ~2 of {3})", "C++ and [1] (see ~2 of {3})"),
    ],
)
def test_only_what_would_be_markup_is_escaped(text, escaped):
    assert escaping.prose(text) == escaped
