"""Notes in the margin of a picture of a page."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import gathering
from mathpixweb.engine.ocr.text import TextLine, TextWord

FIRST, SECOND = range(6), range(6, 14)  # lines of two paragraphs
NOTE = ["note the harbour", "and its lanterns"]


def piece(text, x, y, width, height=20.0):
    box = Box(x, y, x + width, y + height)
    return TextLine((TextWord(text, box, 0.9),), box, y + 16, 20, 0.9)


def column(width=600.0):
    """Two paragraphs, of which the last line is short; the second one is set in."""
    return [
        piece(f"line {k:02} of the text", indent, 30.0 * k, (300.0 if k == FIRST[-1] else width) - indent)
        for k in (*FIRST, *SECOND)
        for indent in (40.0 if k == SECOND[0] else 0.0,)
    ]


def note(x, y, height=20.0, texts=NOTE, step=24.0):
    return [piece(text, x, y + step * k, 160.0, height) for k, text in enumerate(texts)]


def read(*pieces):
    return [line.text for line in gathering.lines_of([*pieces], 20.0)]


def texts(pieces):
    return [one.text for one in pieces]


@pytest.mark.parametrize(("x", "height"), [(640.0, 20.0), (-200.0, 16.0)])
def test_a_note_follows_the_paragraph_beside_which_it_begins(x, height):
    text = column()
    assert read(*text, *note(x, 66.0, height)) == [*texts(text[:6]), *NOTE, *texts(text[6:])]


def test_a_note_beside_the_last_paragraph_is_at_the_end():
    text = column()
    assert read(*text, *note(640.0, 246.0)) == [*texts(text), *NOTE]


def test_a_line_in_several_pieces_is_full_all_the_same():
    text = column()
    cut = [piece(one.text, 0.0, one.box.y0, 250.0) for one in text[1:4]]
    rest = [piece("and on", 270.0, one.box.y0, 330.0) for one in text[1:4]]
    lines = read(text[0], *cut, *rest, *text[4:], *note(640.0, 36.0))
    assert lines[lines.index("line 05 of the text") + 1 :][:2] == NOTE


@pytest.mark.parametrize(
    "beside",
    [
        note(-200.0, 66.0),  # as large as the text: terms, dates, who speaks
        note(640.0, 66.0, texts=["1,204.50", "17.30"]),
        note(640.0, 66.0, texts=NOTE[:1]),  # one line alone
    ],
    ids=["terms", "numbers", "one line"],
)
def test_what_is_no_note_stays_in_its_line(beside):
    text = column()
    lines = read(*text, *beside)
    assert len(lines) < len(text) + len(beside)


def test_a_sidebar_as_long_as_the_text_is_a_column():
    text = column()
    bar = note(640.0, 4.0, texts=[f"the sidebar, line {k:02}" for k in range(14)], step=30.0)
    assert read(*text, *bar) == [*texts(text), *texts(bar)]
