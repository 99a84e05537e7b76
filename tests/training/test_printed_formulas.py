"""The supply of formulas for training: what is held out, what grows, what may be exchanged."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from training.printed.supply import Formula, is_structured, latex_of, read
from training.printed.variation import salad, varied


def formula(latex: str) -> Formula:
    return Formula(tuple(latex.split()), display=False)


def test_the_same_formulas_are_held_out_every_time_and_few_of_them():
    formulas = [formula(f"x _ {{ {number} }}") for number in range(3000)]
    held_out = [each.tokens for each in formulas if each.held_out]
    assert 20 < len(held_out) < 120
    assert held_out == [each.tokens for each in formulas if each.held_out]


def test_the_supply_leaves_out_what_is_too_long_or_broken(tmp_path: Path):
    rows = ["a + b", "x " * 200, "1 a m p ; 2", r"\frac { a } { b }"]
    path = tmp_path / "formulas.jsonl.gz"
    with gzip.open(path, "wt") as lines:
        lines.writelines(
            json.dumps({"latex": latex, "display": True, "source": "notes"}) + "\n" for latex in rows
        )
    assert [" ".join(each.tokens) for each in read(path)] == ["a + b", r"\frac { a } { b }"]


@pytest.mark.parametrize(
    ("tokens", "latex"),
    [
        (r"( \frac { a } { b } )", r"\left(\frac {a}{b}\right)"),
        (r"( a )", "(a)"),
        (r"[ \sum x ) ]", r"\left[\sum x)\right]"),
        (r"\text { i f \sp x }", r"\text {if\ x}"),
    ],
)
def test_delimiters_grow_around_what_is_tall(tokens, latex):
    class Always(random.Random):
        def random(self) -> float:
            return 0.0

    assert latex_of(formula(tokens), Always()) == latex


def test_what_has_more_than_scripts_has_structure():
    assert is_structured(formula(r"\frac { a } { b }"))
    assert is_structured(formula(r"\begin{matrix} a \end{matrix}"))
    assert not is_structured(formula("x _ 1 + y ^ 2"))


def test_exchanged_symbols_leave_text_and_structure_alone():
    original = formula(r"\frac { x _ 1 } { y } = 2 \text { i f } n \geq 3")
    for seed in range(40):
        tokens = varied(original, random.Random(seed)).tokens
        text = tokens.index(r"\text")
        assert tokens[text : text + 5] == (r"\text", "{", "i", "f", "}")
        assert tokens[0] == r"\frac"
        assert tokens.count("{") == tokens.count("}")


def test_a_salad_is_valid_latex_of_single_symbols():
    for seed in range(40):
        tokens = salad(random.Random(seed)).tokens
        assert tokens.count("{") == tokens.count("}")
        assert len(tokens) >= 4
