"""Recorded formulas, one a line in `cases/math/*.jsonl`; `recording` tells how to add one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mathpixweb.engine.math import latex, structure
from tests.engine.recording import glyphs_of, rules_of

FOLDER = Path(__file__).parent / "cases" / "math"


def recorded() -> list[Any]:
    cases = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            cases.append(pytest.param(case, id=f"{path.stem}: {case['latex']}"))
    return cases


@pytest.mark.parametrize("case", recorded())
def test_a_recorded_formula_is_read_as_it_was_written(case):
    tree = structure.parse(glyphs_of(case), rules_of(case))
    assert latex.write(tree) == case["latex"]


@pytest.mark.parametrize("case", recorded())
def test_a_formula_is_read_the_same_wherever_it_stands_and_however_large_it_is(case):
    scaled = {
        "glyphs": [
            [name, char, font, size * 1.7, x * 1.7 + 90, y * 1.7 + 500, advance * 1.7, *moved(ink)]
            for name, char, font, size, x, y, advance, *ink in case["glyphs"]
        ],
        "rules": [moved(box) for box in case["rules"]],
    }
    assert latex.write(structure.parse(glyphs_of(scaled), rules_of(scaled))) == case["latex"]


def moved(box: list[float]) -> list[float]:
    x0, y0, x1, y1 = (1.7 * value for value in box)
    return [x0 + 90, y0 + 500, x1 + 90, y1 + 500]
