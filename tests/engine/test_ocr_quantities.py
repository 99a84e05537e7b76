"""Numbers and their units as mathematics, where that was asked for."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Options
from mathpixweb.engine.ocr import quantities
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.mathematics import Found
from mathpixweb.engine.ocr.rows import MixedLine
from mathpixweb.engine.ocr.text import TextWord


def told(text, **asked):
    """The line's pieces, formulas in dollars."""
    words = tuple(TextWord(word, Box(40 * k, 0, 40 * k + 30, 10), 0.9) for k, word in enumerate(text.split()))
    found = quantities.as_mathematics(Found((MixedLine(words, 10, 10),), ()), Options(**asked))
    [line] = found.lines
    edges = [(piece.box.x0, piece.box.x1) for piece in line.pieces]
    assert edges == sorted(edges)
    return " ".join(f"${p.latex}$" if isinstance(p, FoundFormula) else p.text for p in line.pieces)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Answer: 17", "Answer: $17$"),
        ("it costs 1,000.50, or", "it costs $1{,}000.50$ , or"),
        ("from −3 to 42.", "from $-3$ to $42$ ."),
        ("chapter 3a of 2nd", "chapter 3a of 2nd"),
        ("2 ms", "$2$ ms"),
    ],
)
def test_numbers_are_mathematics_if_they_are_to_be(text, expected):
    assert told(text, numbers_default_to_math=True) == expected
    assert told(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Answer: 2 ms", r"Answer: $2 \mathrm{~ms}$"),
        ("at 3.5km/h, or", r"at $3.5 \mathrm{km/h}$ , or"),
        ("has 12 m² of", r"has $12 \mathrm{~m^{2}}$ of"),
        ("at 21 °C.", r"at $21^{\circ} \mathrm{C}$ ."),
        ("at 21°C", r"at $21^{\circ} \mathrm{C}$"),
        ("of 5 kΩ", r"of $5 \mathrm{~k\Omega}$"),
        ("at 5 pm or 17", "at 5 pm or 17"),
        ("ms 2, ms", "ms 2, ms"),
    ],
)
def test_numbers_with_units_are_mathematics_if_they_are_to_be(text, expected):
    assert told(text, math_fonts_default_to_math=True) == expected
    assert told(text) == text


def test_both_may_be_asked_for():
    both = {"numbers_default_to_math": True, "math_fonts_default_to_math": True}
    assert told("2 ms after 17", **both) == r"$2 \mathrm{~ms}$ after $17$"
