"""`python -m training.ink all --data DATA`: from drawings to the models that ship."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from mathpixweb.engine.deferred import Deferred

STEPS = {"train": Deferred("training.ink.steps:train"), "measure": Deferred("training.ink.steps:measure")}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ink", description=__doc__)
    parser.add_argument("step", choices=("all", *STEPS))
    parser.add_argument("--data", type=Path, required=True, help="the folder of drawings and formulas")
    parser.add_argument(
        "--work", type=Path, default=Path("data/training"), help="where to keep what is learned"
    )
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="training goes on from what is there already"
    )
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--measured", type=int, default=400, help="formulas to measure on")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for step in STEPS if asked.step == "all" else (asked.step,):
        STEPS[step](asked)


if __name__ == "__main__":
    main(sys.argv[1:])
