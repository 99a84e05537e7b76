"""`python -m training.printed all --supply formulas.jsonl.gz`: from formulas to the model that ships."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from mathpixweb.engine.ocr.symbols import MODEL
from training.printed import calibration, export, layouts, learning, measure
from training.printed.fonts import UNSEEN_SETS

FORMULAS = 237_000  # typeset for training
MEASURED = 2_400  # and of those held out
SAMPLES = 330_000  # pictures to train on
HELD_OUT_SEED = 11
CALIBRATED, CALIBRATING_SEED = 1_600, 23  # typeset in fonts that were not trained on
STEPS = ("layouts", "train", "export", "calibrate", "measure")


def main(arguments: Sequence[str]) -> None:
    """The steps asked for, in order. What is there already is not made again; training goes on."""
    parser = argparse.ArgumentParser(prog="python -m training.printed", description=__doc__)
    parser.add_argument("step", choices=("all", *STEPS))
    parser.add_argument("--supply", type=Path, help="formulas, one JSON object a line, gzipped")
    parser.add_argument("--work", type=Path, default=Path("data/training"), help="where to keep what is made")
    parser.add_argument("--formulas", type=int, default=FORMULAS)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--measured", type=int, default=960, help="held-out formulas to measure on")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for step in STEPS if asked.step == "all" else (asked.step,):
        _STEPS[step](asked)


def _layouts(asked: argparse.Namespace) -> None:
    if asked.supply is None:
        sys.exit("--supply is needed to typeset formulas")
    layouts.make(asked.supply, asked.work / "held-out", MEASURED, held_out=True, seed=HELD_OUT_SEED)
    layouts.make(asked.supply, asked.work / "layouts", asked.formulas)


def _train(asked: argparse.Namespace) -> None:
    out = asked.work / "run"
    before = out / "checkpoint.pt"
    start = before if before.exists() else None
    learning.train(asked.work / "layouts", out, asked.samples, start=start)


def _export(asked: argparse.Namespace) -> None:
    export.export(asked.work / "run" / "checkpoint.pt", asked.model)


def _measure(asked: argparse.Namespace) -> None:
    if asked.model != MODEL:
        sys.exit(f"what is measured is what ships: copy {asked.model} to {MODEL} first")
    for hard in (False, True):
        print(
            "hard" if hard else "clean", measure.measure(asked.work / "held-out", asked.measured, hard=hard)
        )


def _calibrate(asked: argparse.Namespace) -> None:
    folder = asked.work / "calibration"
    if asked.supply is not None:
        layouts.make(asked.supply, folder, CALIBRATED, held_out=True, seed=CALIBRATING_SEED, sets=UNSEEN_SETS)
    print(calibration.calibrate(folder, asked.measured))


_STEPS = {
    "layouts": _layouts,
    "train": _train,
    "export": _export,
    "calibrate": _calibrate,
    "measure": _measure,
}

if __name__ == "__main__":
    main(sys.argv[1:])
