"""`python -m training.printed all --supply formulas.jsonl.gz`: from formulas to the model that ships."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.ocr.symbols import MODEL

FORMULAS = 237_000  # typeset for training
SAMPLES = 330_000  # pictures to train on
STEPS = {
    "layouts": Deferred("training.printed.steps:typeset"),
    "train": Deferred("training.printed.steps:train"),
    "export": Deferred("training.printed.steps:export"),
    "calibrate": Deferred("training.printed.steps:calibrate"),
    "measure": Deferred("training.printed.steps:measure"),
}


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
        STEPS[step](asked)


if __name__ == "__main__":
    main(sys.argv[1:])
