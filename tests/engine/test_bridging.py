"""Paragraphs that something interrupts."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import bridging
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Block, Formula, Line, Sheet, Text
from tests.engine.sheets import DEFAULT, surveyed


def line(text, width=200.0, y=500.0, size=10.0):
    box = Box(100, y, 100 + width, y + 7)
    return Line((Text(text, box),), box, size)


def block(*lines, type="text"):  # noqa: A002
    return Block(type, lines[0].box, lines)


FIGURE = block(line("what is in it"), type="diagram")
NOTE = block(line("A note."), type="footnote")


def bridged(*blocks):
    draft = Draft(Sheet(1, 612, 792), surveyed(), DEFAULT, blocks=blocks)
    found = bridging.bridge(draft).blocks
    said = (
        "".join(s.text + ("" if each.hyphenated else " ") for each in b.lines for s in each.spans)
        for b in found
        if b.type == "text"
    )
    return [b.type for b in found], [text.strip() for text in said]


@pytest.mark.parametrize("between", [(FIGURE,), (NOTE, FIGURE), (block(line("x"), type="table"),)])
def test_a_paragraph_is_whole_before_what_interrupts_it(between):
    types, said = bridged(
        block(line("It is known"), line("that the")), *between, block(line("sum is finite."))
    )
    assert said == ["It is known that the sum is finite."]
    assert types == ["text", *(each.type for each in between)]


def test_a_word_that_is_broken_there_is_whole():
    assert bridged(block(line("the docu-")), NOTE, block(line("ment ends.")))[1] == ["the document ends."]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It ends here.", "where it begins"),
        ("It ends (here).", "where it begins"),
        ("as follows:", "first of all"),
        ("It goes on", "Another begins"),
        ("It goes on", "1998 was a year"),
    ],
)
def test_a_paragraph_that_has_ended_is_not_joined_with_another(before, after):
    assert bridged(block(line(before)), FIGURE, block(line(after)))[1] == [before, after]


def test_a_short_last_line_ends_a_paragraph():
    first = block(line("a line of the usual length"), line("short", width=80))
    assert len(bridged(first, FIGURE, block(line("and more")))[1]) == 2


def test_print_of_another_size_is_another_text():
    assert len(bridged(block(line("It is known")), FIGURE, block(line("that it is", size=8)))[1]) == 2


def test_only_what_floats_interrupts():
    heading = block(line("heading"), type="section_header")
    assert bridged(block(line("It is known")), heading, block(line("that it is")))[0][1] == "section_header"
    shown = Block(
        "math", Box(0, 0, 9, 9), (Line((Formula("x", Box(0, 0, 9, 9), True),), Box(0, 0, 9, 9), 10),)
    )
    draft = Draft(
        Sheet(1, 612, 792), surveyed(), DEFAULT, blocks=(block(line("if")), shown, block(line("then")))
    )
    assert [b.type for b in bridging.bridge(draft).blocks] == ["text", "math", "text"]
