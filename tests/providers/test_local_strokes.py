"""Pen strokes through the local provider, in the contract's words."""

from __future__ import annotations

import pytest

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.local import LocalProvider
from tests.engine import ink_drawings as drawn


@pytest.fixture(scope="module")
def result():
    return LocalProvider().read_strokes(drawn.fraction("3", "5"), {})


def test_a_drawing_is_one_handwritten_equation(result):
    assert result.equation == r"\frac{3}{5}"
    assert result.text == r"\( \frac{3}{5} \)"
    assert result.handwritten
    assert not result.printed


def test_its_line_lies_where_the_strokes_do(result):
    (line,) = result.lines
    xs, ys = zip(*line["cnt"], strict=True)
    points = [point for stroke in drawn.fraction("3", "5") for point in stroke]
    assert (min(xs), max(xs)) == pytest.approx((min(p[0] for p in points), max(p[0] for p in points)), abs=1)
    assert (min(ys), max(ys)) == pytest.approx((min(p[1] for p in points), max(p[1] for p in points)), abs=1)
    assert line["is_handwritten"] and not line["is_printed"]
    assert line["conversion_output"] and line["included"]


def test_line_and_whole_are_equally_sure(result):
    (line,) = result.lines
    assert line["confidence"] == result.confidence
    assert line["confidence_rate"] == result.confidence_rate
    assert 0 < result.confidence <= result.confidence_rate <= 1


def test_other_readings_are_candidates(result):
    assert result.candidates[0]["latex"] == result.equation


def test_latin_letters_are_an_alphabet_and_commands_are_not(result):
    assert result.alphabets == ()
    assert LocalProvider().read_strokes(drawn.write("x+3"), {}).alphabets == ("en",)


def test_blanks_and_fonts_are_as_asked():
    spaced = LocalProvider().read_strokes(drawn.fraction("3", "5"), {"rm_spaces": False})
    assert spaced.equation == r"\frac { 3 } { 5 }"
    assert spaced.text == r"\( \frac { 3 } { 5 } \)"


def test_nothing_drawn_has_no_lines():
    empty = LocalProvider().read_strokes([[]], {})
    assert empty.lines == []
    assert empty.equation is None


def test_too_many_strokes_are_refused_with_what_to_do():
    with pytest.raises(ProviderError, match="in parts") as refused:
        LocalProvider().read_strokes([[(float(k), 0.0), (float(k), 9.0)] for k in range(10_000)], {})
    assert refused.value.error_id == "sys_request_too_large"
