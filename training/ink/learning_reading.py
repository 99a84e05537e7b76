"""Training of the reading network, on drawn formulas of which each is seen a few times and then forgotten."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from training.ink import examples
from training.ink.formulas import Tree
from training.ink.lattices import NONE, Batch, Lattice, lattice, together
from training.ink.learning import Course
from training.ink.network import GroupNet, ReadingNet, ShapeNet
from training.ink.samples import Bank

RATE, AGAIN = 1.5e-3, 1e-3
BATCH = 24
FIRST = 1000  # formulas drawn before it begins …
NEW = 140  # … and in each round
KEPT = 12_000  # formulas, of which the oldest are forgotten
STEPS = 50  # of a round
LARGEST = 110  # groups of a formula
SMOOTH = 0.02


def train(
    bank: Bank,
    supply: Sequence[Tree],
    nets: tuple[GroupNet, ShapeNet],
    minutes: float,
    rng: random.Random,
    kept: Path,
) -> ReadingNet:
    net = ReadingNet()
    course = Course(net, kept, minutes, RATE, AGAIN)
    drawn: list[Lattice] = []
    while course.share < 1.0:
        drawn += _drawn(bank, supply, nets, rng, NEW if drawn else FIRST)
        del drawn[:-KEPT]
        for _ in range(STEPS):
            batch = together(_alike(drawn, rng), rng)
            loss, words = _judged(net, nets[1], batch)
            course.step(loss)
        course.say(f"{len(drawn)} formulas, {words}")
    course.keep()
    return net.eval()


def _drawn(
    bank: Bank, supply: Sequence[Tree], nets: tuple[GroupNet, ShapeNet], rng: random.Random, count: int
) -> list[Lattice]:
    made = (lattice(examples.draw(examples.any_tree(supply, rng), bank, rng), *nets) for _ in range(count))
    return [each for each in made if len(each.groups) <= LARGEST]


def _alike(drawn: Sequence[Lattice], rng: random.Random) -> list[Lattice]:
    """Formulas of about the same size, so that little of a batch is blank."""
    some = sorted(rng.sample(drawn, 8 * BATCH), key=lambda each: len(each.groups))
    first = rng.randrange(0, len(some), BATCH)
    return some[first : first + BATCH]


def _judged(net: ReadingNet, shapes: ShapeNet, batch: Batch) -> tuple[Tensor, str]:
    """The loss, and how many symbols have the right class and the right place."""
    with torch.no_grad():
        scores = shapes.out(batch.shapes)
    names, hooks, roots = net(batch.shapes, scores, batch.numbers, batch.pairs, batch.blank)
    count = hooks.shape[1]
    hooks = hooks.masked_fill(torch.eye(count, dtype=torch.bool)[None, :, :, None], -1e4)
    every = torch.cat([hooks.flatten(2), roots[:, :, None]], dim=2)
    naming = nn.CrossEntropyLoss(ignore_index=NONE, label_smoothing=SMOOTH)
    hanging = nn.CrossEntropyLoss(ignore_index=NONE)
    loss = naming(names.flatten(0, 1), batch.classes.flatten())
    loss = loss + hanging(every.flatten(0, 1), batch.hooks.flatten())
    symbols = batch.hooks != NONE
    named = (names.argmax(2) == batch.classes)[symbols].float().mean()
    hung = (every.argmax(2) == batch.hooks)[symbols].float().mean()
    return loss, f"loss {float(loss.detach()):.3f}, named {float(named):.3f}, hung {float(hung):.3f}"
