"""The constants of `ocr.formulas`, so that confidences are probabilities: fitted on fonts nobody trained on.

Formulas that were held out, clean and degraded, small and large, are read by the engine with the weights that
ship; each is right or wrong against what the parser makes of perfect symbols.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from mathpixweb.engine.math.latex import MATHPIX, write
from mathpixweb.engine.ocr import arrangement, formulas, mathematics
from mathpixweb.engine.ocr.symbols import detect
from training.printed.augment import clean, degraded
from training.printed.drawing import draw
from training.printed.layouts import load
from training.printed.measure import MARGIN, perfect, simplified

SEED = 19
SCALES = (1.3, 6.0)  # pixels in a point
CLEAN = 0.4  # of the pictures
INK = 150  # gray levels
BINS = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """One picture: what tells of it, how much of its ink is explained, and whether it was read rightly."""

    signs: tuple[float, ...]
    symbols: int
    explained: float
    right: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """The constants, with the expected calibration errors that they leave and that those which ship leave."""

    of_symbols: tuple[float, ...]
    of_formulas: tuple[float, ...]
    pictures: int
    right: float
    error: float
    error_as_shipped: float


def calibrate(folder: Path, limit: int) -> Calibration:
    """`folder` holds layouts."""
    read = list(_read(folder, limit))
    right = np.array([one.right for one in read], float)
    count = np.array([one.symbols for one in read], float)
    explained = np.array([one.explained for one in read])
    told = np.array([one.signs for one in read])

    def of_formulas(weights: Floats) -> Floats:
        return _share(told @ weights) * explained**count

    def of_symbols(weights: Floats) -> Floats:
        return np.asarray((_share(told[:, :2] @ weights) * explained) ** count)

    fitted = _fit(of_formulas, right, formulas.OF_FORMULAS)
    return Calibration(
        tuple(_fit(of_symbols, right, formulas.OF_SYMBOLS).round(2).tolist()),
        tuple(fitted.round(2).tolist()),
        len(read),
        float(right.mean()),
        error(of_formulas(fitted), right),
        error(of_formulas(np.array(formulas.OF_FORMULAS)), right),
    )


def _read(folder: Path, limit: int) -> list[Read]:
    rng, noise = random.Random(SEED), np.random.default_rng(SEED)
    paths = sorted(folder.glob("*.pkl"))
    found = []
    for path in paths:
        shard = load(path)
        for layout in shard.layouts[: -(-limit // len(paths))]:
            drawing = draw(layout, shard.fonts, np.zeros(len(layout.symbols), np.int64), MARGIN)
            if drawing is None:
                continue
            scale = float(np.exp(rng.uniform(*np.log(SCALES))))
            sample = clean(drawing, scale) if rng.random() < CLEAN else degraded(drawing, scale, rng, noise)
            truth = write(arrangement.read(perfect(layout)), MATHPIX)
            one = _one((255 * (1 - sample.ink)).astype(np.uint8), truth)
            found += [one] if one else []
    return found


def _one(gray: NDArray[np.uint8], truth: str) -> Read | None:
    """None if the picture is not read as a formula."""
    seen, ink = detect(gray), gray < INK
    formula = mathematics.wordless((), seen, ink, MATHPIX)
    if formula is None or formula.seen is None:
        return None
    symbols, rules = formula.seen.symbols, formula.seen.rules
    explained = min(1.0, mathematics.covered(symbols, rules, ink) / mathematics.EXPLAINED)
    told = formulas.signs(symbols, formula.latex, seen.looks, MATHPIX)
    return Read(told, formula.symbols, explained, simplified(formula.latex) == simplified(truth))


def _share(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50, 50))))


def _fit(sure: Callable[[Floats], Floats], right: Floats, start: Sequence[float]) -> Floats:
    """The weights under which what happened was likeliest."""

    def surprise(weights: Floats) -> float:
        p = np.clip(sure(weights), 1e-4, 1 - 1e-4)
        return float(-(right * np.log(p) + (1 - right) * np.log(1 - p)).mean())

    found = minimize(
        surprise, np.array(start), method="Nelder-Mead", options={"maxiter": 8000, "xatol": 1e-4}
    )
    return np.asarray(found.x)


def error(sure: Floats, right: Floats) -> float:
    """The expected calibration error over equally wide bins."""
    places = np.minimum(BINS - 1, (sure * BINS).astype(int))
    gaps = (abs(float((sure - right)[places == place].sum())) for place in range(BINS))
    return sum(gaps) / len(right)
