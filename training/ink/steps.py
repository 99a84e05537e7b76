"""The steps of training, which need more packages than telling what they are."""

from __future__ import annotations

import argparse
import logging
import random
from typing import Final

import torch

from mathpixweb.engine.ocr import ink_network, ink_usage
from training.ink import (
    export,
    formulas,
    learning_groups,
    learning_reading,
    learning_shapes,
    samples,
    usage,
)
from training.ink import measure as measuring

log = logging.getLogger("ink")

SHARES: Final = (0.02, 0.38, 0.60)  # of the minutes, for groups, shapes and reading


def train(asked: argparse.Namespace) -> None:
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


def measure(asked: argparse.Namespace) -> None:
    supply = list(formulas.supply(asked.data / "formulas.jsonl.gz", held_out=True))
    bank = samples.collect(asked.data, held_out=True)
    for pictured in (False, True):
        found = list(measuring.outcomes(bank, supply, asked.measured, seed=2, pictured=pictured))
        log.info("%s: %s", "in pictures" if pictured else "strokes", measuring.report(found))
