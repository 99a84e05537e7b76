"""Whether what is written is darker than its ground, however the light falls."""

from __future__ import annotations

import numpy as np

from mathpixweb.engine.ocr import ground
from tests.engine.formula_pictures import ITALIC, SYMBOL, Text, picture


def written() -> np.ndarray:
    """How light a formula on white paper with much room around it is, from 0 to 1."""
    formula = picture([Text(ITALIC, "E", 0, 0), Text(SYMBOL, "=", 9, 0), Text(ITALIC, "mg", 18, 0)], 36, 8, 4)
    return np.pad(formula, 40, constant_values=255) / 255


def photographed(light: np.ndarray, reflected: np.ndarray) -> ground.Ground:
    gray = (light * reflected).astype(np.uint8)
    return ground.even(np.ascontiguousarray(np.stack([gray] * 3, axis=-1)))


def test_light_from_one_side_does_not_make_dark_ink_light():
    paper = written()
    light = 110 + 100 * np.linspace(0, 1, paper.shape[1])[None, :] ** 4
    found = photographed(light, paper)
    assert not found.inverted
    assert (found.gray < ground.INK).mean() < 0.1


def test_chalk_on_a_board_in_light_from_one_side_is_turned_into_ink():
    chalk = 0.25 + 0.75 * (1 - written())
    light = np.linspace(120, 230, chalk.shape[1])[None, :]
    found = photographed(light, chalk)
    assert found.inverted
    assert (found.gray < ground.INK).mean() < 0.1
