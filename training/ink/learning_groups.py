"""Training of the network of groups: which strokes of drawn formulas are one symbol."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from mathpixweb.engine.ocr.ink_groups import candidates
from training.ink import examples
from training.ink.formulas import Tree
from training.ink.learning import Course
from training.ink.network import GroupNet
from training.ink.samples import Bank

RATE, AGAIN = 5e-3, 1e-3
FORMULAS = 400  # of a round
PASSES = 12
BATCH = 512


def train(bank: Bank, supply: Sequence[Tree], minutes: float, rng: random.Random, kept: Path) -> GroupNet:
    net = GroupNet()
    course = Course(net, kept, minutes, RATE, AGAIN)
    loss_of = nn.BCEWithLogitsLoss()
    while course.share < 1.0:
        numbers, whole = _round(bank, supply, rng)
        for _ in range(PASSES):
            for rows in torch.randperm(len(whole)).split(BATCH):
                loss = loss_of(net(numbers[rows]), whole[rows])
                course.step(loss)
        course.say(f"loss {float(loss.detach()):.3f}")
    course.keep()
    return net.eval()


def _round(bank: Bank, supply: Sequence[Tree], rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """Groups of several strokes, and which of them are whole symbols."""
    numbers, whole = [], []
    for _ in range(FORMULAS):
        drawn = examples.draw(examples.any_tree(supply, rng), bank, rng)
        found, wholes = candidates(drawn.ink), set(drawn.wholes())
        several = [row for row, group in enumerate(found.groups) if len(group) > 1]
        numbers.append(found.numbers[several])
        whole += [float(found.groups[row] in wholes) for row in several]
    return torch.from_numpy(np.concatenate(numbers)), torch.tensor(whole)
