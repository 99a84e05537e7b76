from __future__ import annotations

import pytest

from mathpixweb.engine.readers import halved_characters

NARROW, LARGE = (0.0, 0.0, 0.5, 0.7), (0.0, 0.0, 0.7, 0.7)


@pytest.mark.parametrize(
    ("left", "box", "letter"),
    [
        ("\u354f", NARROW, "\U0001d44f"),
        ("\u35fd", NARROW, "\U0001d6fd"),
        ("\u3503", NARROW, "\U0001d703"),
        ("\u3503", LARGE, "\U0001d403"),
        ("\u3503", None, "\U0001d703"),
        ("x", NARROW, "x"),
        ("漢", NARROW, "漢"),
    ],
)
def test_a_letter_is_told_from_the_half_that_is_left_of_it(left, box, letter):
    assert halved_characters.whole(left, box) == letter
