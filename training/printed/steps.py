"""The steps of training, which need more packages than telling what they are."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from mathpixweb.engine.ocr.symbols import MODEL
from training.printed import calibration, layouts, learning
from training.printed import export as exporting
from training.printed import measure as measuring
from training.printed.fonts import UNSEEN_SETS

MEASURED: Final = 2_400  # formulas typeset that are held out
HELD_OUT_SEED: Final = 11
CALIBRATED, CALIBRATING_SEED = 1_600, 23  # typeset in fonts that were not trained on


def typeset(asked: argparse.Namespace) -> None:
    if asked.supply is None:
        sys.exit("--supply is needed to typeset formulas")
    layouts.make(asked.supply, asked.work / "held-out", MEASURED, held_out=True, seed=HELD_OUT_SEED)
    layouts.make(asked.supply, asked.work / "layouts", asked.formulas)


def train(asked: argparse.Namespace) -> None:
    out = asked.work / "run"
    before = out / "checkpoint.pt"
    start = before if before.exists() else None
    learning.train(asked.work / "layouts", out, asked.samples, start=start)


def export(asked: argparse.Namespace) -> None:
    exporting.export(asked.work / "run" / "checkpoint.pt", asked.model)


def measure(asked: argparse.Namespace) -> None:
    if asked.model != MODEL:
        sys.exit(f"what is measured is what ships: copy {asked.model} to {MODEL} first")
    for hard in (False, True):
        print(
            "hard" if hard else "clean", measuring.measure(asked.work / "held-out", asked.measured, hard=hard)
        )


def calibrate(asked: argparse.Namespace) -> None:
    folder = asked.work / "calibration"
    if asked.supply is not None:
        layouts.make(asked.supply, folder, CALIBRATED, held_out=True, seed=CALIBRATING_SEED, sets=UNSEEN_SETS)
    print(calibration.calibrate(folder, asked.measured))
