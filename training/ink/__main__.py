"""`python -m training.ink all --data DATA --fonts FONTS`: from drawings to the model that ships."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from mathpixweb.engine.ocr.ink_network import MODEL
from training.ink import export, formulas, learning, measure, samples

log = logging.getLogger("ink")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ink", description=__doc__)
    parser.add_argument("step", choices=("all", "train", "measure"))
    parser.add_argument(
        "--data", type=Path, required=True, help="formulas.jsonl.gz, ink_symbols.jsonl.gz, pendigits.csv"
    )
    parser.add_argument("--fonts", type=Path, required=True, help="a folder of handwriting fonts")
    parser.add_argument(
        "--work", type=Path, default=Path("data/training"), help="where to keep what is learned"
    )
    parser.add_argument(
        "--minutes", type=float, default=30.0, help="training goes on from what is there already"
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
    bank = samples.collect(asked.data, asked.fonts)
    supply = list(formulas.supply(asked.data / "formulas.jsonl.gz", held_out=False))
    kept = asked.work / "ink.pt"
    net = learning.train(bank, supply, asked.minutes, asked.seed, kept)
    export.export(net, MODEL)


def _measure(asked: argparse.Namespace) -> None:
    bank = samples.collect(asked.data, asked.fonts, held_out=True)
    bank.fonts = samples.collect(asked.data, asked.fonts).fonts
    supply = list(formulas.supply(asked.data / "formulas.jsonl.gz", held_out=True))
    log.info("%s", measure.report(list(measure.outcomes(bank, supply, asked.measured, seed=2))))


if __name__ == "__main__":
    main(sys.argv[1:])
