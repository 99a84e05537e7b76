"""Pages that are not read from left to right: Hebrew and Arabic, and columns of ideographs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mathpixweb.engine.layout import understand, views
from mathpixweb.engine.model import Glyph, Text
from tests.engine.sheets import DEFAULT, Setter, surveyed

WORDS = ("אבגד", "הוזח", "טיכל", "מנסע")


def seen(setter, text, right, y):
    """Sets a line so that it is seen as Hebrew is: its first letter at the right, figures as they are."""
    pieces = re.findall(r"\d+\.\d+|\d+|\D", text)
    visual = "".join({"(": ")", ")": "("}.get(piece, piece) for piece in reversed(pieces))
    setter.set(visual, right - 5.0 * len(visual), y)


def read(sheet, **known):
    page = understand(sheet, surveyed(**known), DEFAULT)
    return page, ["".join(s.text for line in block.lines for s in line.spans) for block in page.blocks]


def test_a_line_of_hebrew_is_read_from_its_right_end():
    setter = Setter()
    seen(setter, "אבגד הוזח 12.5 (טיכל) מנסע, 1998.", 500, 700)
    _, (said,) = read(setter.sheet())
    assert said == "אבגד הוזח 12.5 (טיכל) מנסע, 1998."


def test_brackets_that_are_called_by_what_they_mean_stay_so():
    setter = Setter()
    seen(setter, "אבגד (טיכל) מנסע", 500, 700)
    sheet = setter.sheet()
    swapped = {"(": ")", ")": "("}
    meant = tuple(replace(glyph, char=swapped.get(glyph.char, glyph.char)) for glyph in sheet.glyphs)
    assert read(replace(sheet, glyphs=meant))[1] == ["אבגד (טיכל) מנסע"]


@pytest.mark.parametrize(
    ("visual", "said"),
    [
        ("דגבא David Cohen חזוה", "הוזח David Cohen אבגד"),
        ("דגבא 20% חזוה", "הוזח 20% אבגד"),
        ("דגבא f(x) חזוה", "הוזח f(x) אבגד"),
        ("דגבא 7 6 חזוה", "הוזח 6 7 אבגד"),
        ("דגבא -5 חזוה", "הוזח -5 אבגד"),
        ("דגבא 2,000 :חזוה", "הוזח: 2,000 אבגד"),
    ],
)
def test_numbers_and_words_of_other_alphabets_keep_their_order(visual, said):
    setter = Setter()
    setter.set(visual, 100, 700)
    assert read(setter.sheet())[1] == [said]


def test_marks_follow_the_letter_that_they_stand_on():
    setter = Setter()
    setter.set("בא", 100, 700)
    first = setter.glyphs[0]
    mark = Glyph(9, "", "\u05b8", "F", "rm", 10, first.x, 700, 0.0, replace(first.ink, y1=698, y0=697))
    assert read(replace(setter.sheet(), glyphs=(mark, *setter.glyphs)))[1] == ["אב\u05b8"]


def test_lines_of_a_paragraph_follow_each_other_and_have_their_places():
    setter = Setter()
    for number, y in enumerate((700, 688, 676, 664, 652)):
        seen(setter, " ".join(WORDS * 3)[: 59 if number < 4 else 30], 500, y)
    page, (said,) = read(setter.sheet())
    assert said.startswith("אבגד הוזח")
    last = page.blocks[0].lines[-1].box
    assert last.x1 == pytest.approx(500, abs=1)
    assert last.x0 > 300


def test_the_right_column_is_read_first():
    setter = Setter()
    for y in (700, 688, 676, 664, 652, 640):
        seen(setter, " ".join(WORDS[::-1] * 2), 540, y)
    for y in (700, 688, 676, 664, 652, 640):
        seen(setter, " ".join(WORDS * 2), 300, y)
    page, said = read(setter.sheet())
    assert said[0].startswith("מנסע")
    assert page.blocks[0].lines[0].box.x0 > 310


def test_formulas_are_moved_as_they_are():
    setter = Setter()
    setter.set("דגבא", 100, 700)
    x = setter.set("x", 130, 700, family="mi")
    setter.set("2", x, 704, size=7.0)
    setter.set("=", x + 10, 700)
    setter.set("y", x + 20, 700, family="mi")
    setter.set("חזוה", 164, 700)
    page = understand(setter.sheet(), surveyed(), DEFAULT)
    spans = page.blocks[0].lines[0].spans
    assert [getattr(span, "latex", None) or span.text.strip() for span in spans] == [
        "הוזח",
        "x^{2}=y",
        "אבגד",
    ]
    assert spans[1].box.x0 == pytest.approx(130, abs=1)


def test_a_fraction_keeps_its_bar():
    setter = Setter()
    setter.set("דגבא", 100, 700)
    setter.set("a", 140, 707, family="mi")
    setter.rule(139, 146, 703)
    setter.set("b", 140, 693, family="mi")
    setter.set("חזוה", 170, 700)
    page = understand(setter.sheet(), surveyed(), DEFAULT)
    assert r"\frac{a}{b}" in [getattr(span, "latex", "") for span in page.blocks[0].lines[0].spans]


def test_a_line_from_left_to_right_on_such_a_page_is_left_alone():
    setter = Setter()
    for y in (700, 688, 676):
        seen(setter, " ".join(WORDS * 3), 500, y)
    setter.set("Words אב (of English) too", 100, 640)
    assert read(setter.sheet())[1][-1] == "Words בא (of English) too"


def test_words_that_go_to_the_left_are_turned_on_a_page_that_goes_to_the_right():
    setter = Setter()
    setter.set("Peace is דגבא 12 חזוה in Hebrew, and this is English.", 100, 700)
    page, (said,) = read(setter.sheet())
    assert said == "Peace is הוזח 12 אבגד in Hebrew, and this is English."
    assert page.blocks[0].box.x0 == pytest.approx(100, abs=1)


def columns(*texts, right=500.0, top=700.0):
    """Glyphs of ideographs set in columns, the first at the right."""
    setter = Setter()
    for number, text in enumerate(texts):
        for place, char in enumerate(text):
            setter.set(char, right - 16 * number, top - 10.0 * place)
    glyphs = [replace(glyph, advance=10.0) for glyph in setter.glyphs]
    return replace(setter.sheet(), glyphs=tuple(glyphs), downwards=True)


def test_columns_are_read_downwards_from_the_right():
    sheet = columns("線形代数入門書、線形代数入門書、線形代数", "をまなぶ。")
    page, (said,) = read(sheet)
    assert said == "線形代数入門書、線形代数入門書、線形代数をまなぶ。"
    assert page.blocks[0].box.x1 > 500
    assert (page.width, page.height) == (sheet.width, sheet.height)


def test_figures_in_one_place_of_a_column_follow_each_other():
    sheet = columns("線形代数入門書線形代数", "入門")
    digits = Setter()
    digits.set("12", 500, 590)
    glyphs = tuple(replace(glyph, index=glyph.index + 10) for glyph in digits.glyphs)
    moved = tuple(replace(g, index=g.index + 20) if g.index > 10 else g for g in sheet.glyphs)
    ordered = tuple(sorted(moved + glyphs, key=lambda glyph: glyph.index))
    assert read(replace(sheet, glyphs=ordered))[1] == ["線形代数入門書線形代数12入門"]


def test_words_that_lie_in_a_column_are_read_in_their_place():
    sheet = columns("線形代数", "")
    lying = Setter()
    lying.set("text", sheet.height - 700 + 31.4, 496.2)
    words = tuple(replace(glyph, index=glyph.index + 50) for glyph in lying.glyphs)
    assert read(replace(sheet, sideways=words))[1] == ["線形代数text"]


def test_a_page_that_goes_to_the_right_is_itself():
    sheet = Setter().sheet()
    assert views.of(sheet).sheet is sheet


def test_lines_of_ideographs_are_joined_without_blanks():
    setter = Setter()
    setter.set("向量空间的基与维数向量空间的基与维数", 100, 700)
    setter.set("以及线性映射。", 100, 688)
    page, (said,) = read(setter.sheet(), lefts=(100.0,), rights=(190.0,))
    assert page.blocks[0].lines[0].hyphenated
    assert said == "向量空间的基与维数向量空间的基与维数以及线性映射。"
    assert all(isinstance(span, Text) for line in page.blocks[0].lines for span in line.spans)
