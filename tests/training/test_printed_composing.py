"""Formulas put together of others: LaTeX that TeX accepts, of the kinds that papers have."""

from __future__ import annotations

import random

import pytest

from training.printed.composing import MOST, composed, is_whole, words
from training.printed.supply import Formula

PARTS = [
    Formula(tuple(latex.split()), display=True)
    for latex in (r"x _ 1 = \frac { a } { b }", "a + b", r"f ( x ) \leq 2", r"\alpha ^ { 2 }")
]
MADE = [composed(PARTS, random.Random(seed)) for seed in range(300)]


def test_groups_environments_and_growing_brackets_are_balanced():
    for formula in MADE:
        depth = 0
        for token in formula.tokens:
            depth += (token == "{") - (token == "}")
            assert depth >= 0
        assert depth == 0
        for opening, closing in ((r"\begin", r"\end"), (r"\left", r"\right")):
            starts = sum(token.startswith(opening) and token != r"\leftarrow" for token in formula.tokens)
            assert starts == sum(
                token.startswith(closing) and not token.startswith(r"\rightarrow") for token in formula.tokens
            )


@pytest.mark.parametrize(
    "token", [r"\frac", r"\sqrt", r"\text", r"\begin{aligned}", r"\begin{cases}", r"\begin{pmatrix}", r"\dot"]
)
def test_all_kinds_of_structure_come_up(token):
    assert any(token in formula.tokens for formula in MADE)


def test_nothing_is_longer_than_can_be_typeset_on_a_line():
    assert max(len(formula.tokens) for formula in MADE) <= MOST


def test_columns_are_parted_only_where_there_are_some():
    assert is_whole((r"\begin{matrix}", "a", "&", "b", r"\end{matrix}"))
    assert not is_whole(("a", "&", "b"))
    for formula in MADE:
        assert is_whole(formula.tokens)


def test_words_are_letters_between_spaces():
    for seed in range(30):
        tokens = words(random.Random(seed))
        assert tokens[:2] == (r"\text", "{")
        assert tokens[-1] == "}"
        assert all(token == r"\sp" or token.isalpha() for token in tokens[2:-1])
