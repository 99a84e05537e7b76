"""Text, scripts and scripts of scripts, though sizes are told badly."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.levels import SCRIPT, SECOND_SCRIPT, TEXT, main_size, sized
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

EM = 20.0


def found(
    latex: str, x: float, baseline: float, size: float, kind: Kind = Kind.LETTER, height: float = 0.45
) -> FoundSymbol:
    """A symbol seen `size` em large, whose ink begins at `x` em; baselines in em, downwards."""
    box = Box(x * EM, (baseline - height * size) * EM, (x + 0.5 * size) * EM, baseline * EM)
    return FoundSymbol((Guess(Symbol(latex, kind), 0.9),), 0.95, box, baseline * EM, size * EM)


def sizes(*symbols: FoundSymbol) -> list[float]:
    return [symbol.size for symbol in sized(symbols, EM)]


def test_the_main_size_is_one_that_several_symbols_have():
    text = [found("a", k, 2, 1.0) for k in range(20)]
    assert main_size([*text, found("b", 25, 2, 3.0)]) == EM
    assert main_size([]) == 0.0


def test_operators_tell_that_a_single_letter_is_the_text():
    scripts = [found("n", k, 3, 0.7) for k in range(12)]
    a, sigma = found("a", 14, 2, 1.0), found(r"\sum", 0, 2, 1.1, Kind.OP)
    assert main_size([*scripts, a, sigma]) == EM
    assert main_size([*scripts, a]) == pytest.approx(0.7 * EM)


def test_sizes_are_rounded_to_those_of_tex():
    assert sizes(found("a", 0, 2, 0.95), found("b", 2, 2, 0.75), found("c", 4, 2, 0.52)) == [
        TEXT,
        SCRIPT,
        SECOND_SCRIPT,
    ]


@pytest.mark.parametrize("shift", [0.12, -0.2])
def test_what_is_smaller_than_the_script_before_it_and_shifted_is_a_script_of_it(shift):
    assert sizes(found("O", 0, 2.2, 0.74), found("X", 0.4, 2.2 + shift, 0.68)) == [SCRIPT, SECOND_SCRIPT]


def test_neighbours_on_one_line_are_scripts_alike():
    assert sizes(found("i", 0, 2.2, 0.74), found("j", 0.4, 2.21, 0.69)) == [SCRIPT, SCRIPT]


def test_after_a_script_of_a_script_the_script_goes_on():
    row = found("T", 0, 2.2, 0.74), found("1", 0.4, 2.0, 0.72), found("B", 0.8, 2.2, 0.82)
    assert sizes(*row) == [SCRIPT, SECOND_SCRIPT, SCRIPT]


def test_a_comma_is_no_script_of_the_letter_before_it():
    row = found("V", 0, 2.2, 0.74), found(",", 0.4, 2.27, 0.6, Kind.PUNCT)
    assert sizes(*row)[0] == SCRIPT
    assert sizes(row[0], found(",", 0.4, 2.27, 0.66, Kind.PUNCT)) == [SCRIPT, SCRIPT]


def test_an_asterisk_is_as_large_as_its_ink():
    assert sizes(found("*", 0, 2, 0.9, Kind.BIN, height=0.32)) == [SCRIPT]
    assert sizes(found("*", 0, 2, 0.9, Kind.BIN, height=0.48)) == [TEXT]


def test_what_comes_after_a_comma_is_no_script_of_what_was_before_it():
    row = found("I", 0, 2.2, 0.78), found(",", 0.4, 2.27, 0.7, Kind.PUNCT), found("i", 0.6, 2.2, 0.66)
    assert sizes(*row)[2] == SCRIPT
    assert sizes(row[0], found("i", 0.42, 2.2, 0.66))[1] == SECOND_SCRIPT


def test_a_comma_is_as_large_as_what_stands_before_it_on_its_line():
    line = [found("a", 0, 2, 1.0), found(",", 0.6, 2, 0.5, Kind.PUNCT), found("b", 1.2, 2, 1.0)]
    assert sizes(*line) == [TEXT, TEXT, TEXT]
    script = [found("a", 0, 2, 1.0), found("i", 0.6, 2.2, 0.7), found(",", 1.0, 2.2, 1.0, Kind.PUNCT)]
    assert sizes(*script) == [TEXT, SCRIPT, SCRIPT]


def test_few_symbols_are_enough_for_the_main_size_before_a_long_exponent():
    text = [found("a", k, 2, 1.0) for k in range(4)]
    assert main_size([*text, *(found("n", 4 + k, 1.6, 0.7) for k in range(40))]) == EM


def test_an_accent_is_as_large_as_the_letter_under_it():
    letter, index = found("U", 0, 2, 1.0, height=0.7), found("k", 0.7, 2.3, 0.7, height=0.7)
    accent = found(r"\bar", 0.7, 1.75, 0.95, Kind.ACCENT, height=0.05)
    assert sizes(letter, index, accent) == [TEXT, SCRIPT, SCRIPT]
    assert sizes(accent) == [TEXT]
