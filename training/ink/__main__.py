"""`python -m training.ink all --data DATA`: from drawings to the models that ship."""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from mathpixweb.engine.ocr import ink_network, ink_usage
from training.ink import (
    export,
    formulas,
    learning_groups,
    learning_reading,
    learning_shapes,
    measure,
    samples,
    usage,
)

log = logging.getLogger("ink")

SHARES = (0.02, 0.38, 0.60)  # of the minutes, for groups, shapes and reading


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ink", description=__doc__)
    parser.add_argument("step", choices=("all", "train", "measure"))
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
    if asked.step in ("all", "train"):
        _train(asked)
    if asked.step in ("all", "measure"):
        _measure(asked)


def _train(asked: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(asked.seed)
    rng = random.Random(asked.seed)
    bank = samples.collect(asked.data)
    supply = list(formulas.supply(asked.data / "formulas.jsonl.gz", held_out=False))
    usage.count(supply, asked.seed, ink_usage.TABLE)
    minutes = [share * asked.minutes for share in SHARES]
    groups = learning_groups.train(bank, supply, minutes[0], rng, asked.work / "ink_groups.pt")
    shapes = learning_shapes.train(bank, supply, groups, minutes[1], rng, asked.work / "ink_shapes.pt")
    reading = learning_reading.train(
        bank, supply, (groups, shapes), minutes[2], rng, asked.work / "ink_reading.pt"
    )
    export.groups(groups, ink_network.GROUPS)
    export.shapes(shapes, ink_network.SHAPES)
    export.reading(reading, ink_network.READING)


def _measure(asked: argparse.Namespace) -> None:
    supply = list(formulas.supply(asked.data / "formulas.jsonl.gz", held_out=True))
    found = list(measure.outcomes(samples.collect(asked.data, held_out=True), supply, asked.measured, seed=2))
    log.info("%s", measure.report(found))


if __name__ == "__main__":
    main(sys.argv[1:])
