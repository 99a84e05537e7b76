from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import characters
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Block, Formula, Line, Options, Sheet, Survey, Text

BOX = Box(0, 0, 10, 10)


def chosen(*spans, type="text", **asked):  # noqa: A002
    block = Block(type, BOX, (Line(tuple(spans), BOX, 10.0),))
    draft = Draft(Sheet(1, 100, 100), Survey(1), Options(**asked), blocks=(block,))
    return characters.choose(draft).blocks


def said(text, **asked):
    (block,) = chosen(Text(text, BOX), **asked)
    return block.lines[0].spans[0].text


@pytest.mark.parametrize(
    ("printed", "wide"),
    [
        ("a, b. c", "a，b。c"),
        ("f(x) at 3.14 or 1,000: 10:30", "f（x）at 3.14 or 1,000：10:30"),
        ("ja! nein?", "ja！nein？"),
        ("已经，全角。", "已经，全角。"),
    ],
)
def test_punctuation_in_full_width(printed, wide):
    assert said(printed, fullwidth_punctuation=True) == wide


@pytest.mark.parametrize(
    ("printed", "narrow"),
    [
        ("数学，物理、化学。", "数学, 物理, 化学."),
        ("函数（见下）：连续", "函数(见下): 连续"),
        ("a, b. (c)", "a, b. (c)"),
    ],
)
def test_punctuation_in_half_width(printed, narrow):
    assert said(printed, fullwidth_punctuation=False) == narrow


def test_punctuation_stays_as_printed_when_nothing_is_said():
    assert said("数学, 物理。") == "数学, 物理。"


@pytest.mark.parametrize(
    ("alphabets", "left"),
    [
        ({"ru": False}, "word 中文"),
        ({"en": True}, "word "),
        ({"en": False}, " слово 中文"),
        ({}, "word слово 中文"),
    ],
)
def test_letters_of_other_alphabets_are_left_out(alphabets, left):
    assert said("word слово 中文", alphabets_allowed=alphabets) == left


def test_a_block_without_any_allowed_letter_is_gone():
    assert chosen(Text("слово", BOX), alphabets_allowed={"ru": False}) == ()


def test_formulas_and_code_keep_their_characters():
    (block,) = chosen(Text("слово", BOX), Formula("(x, y)", BOX), alphabets_allowed={"ru": False})
    assert block.lines[0].spans[1].latex == "(x, y)"
    (code,) = chosen(Text("f(x);", BOX), type="code", fullwidth_punctuation=True)
    assert code.lines[0].spans[0].text == "f(x);"
