"""Training of the network of shapes: drawings alone, and the groups of drawn formulas."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mathpixweb.engine.ocr.ink import Ink, prepare
from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX
from mathpixweb.engine.ocr.ink_features import LARGEST_GROUP, describe
from training.ink import examples, lattices
from training.ink.distortion import distorted
from training.ink.formulas import Tree
from training.ink.learning import Course
from training.ink.network import GroupNet, ShapeNet
from training.ink.samples import Bank, Drawing

RATE, AGAIN = 2e-3, 1.2e-3
BATCH = 128
ALONE = 2200  # drawings of a round, all classes alike but the common ones
FORMULAS = 40  # of a round
PASSES = 2
COMMON = frozenset(
    {*"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-=()|/,.[]"}
    | {r"\sum", r"\int", r"\pi", r"\theta", r"\alpha", r"\beta", r"\infty", r"\sqrt", r"\times", r"\leq"}
    | {r"\geq", r"\neq", r"\{", r"\}", r"\rightarrow", r"\pm", r"\phi", r"\sigma", r"\gamma", r"\lambda"}
    | {r"\mu", r"\Delta", r"\in", r"\prime"}
)

Floats = NDArray[np.float32]
Seen = tuple[Floats, Floats, list[int]]  # maps, facts and classes


def train(
    bank: Bank, supply: Sequence[Tree], groups: GroupNet, minutes: float, rng: random.Random, kept: Path
) -> ShapeNet:
    net = ShapeNet()
    course = Course(net, kept, minutes, RATE, AGAIN)
    net = net.to(memory_format=torch.channels_last)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.03)
    while course.share < 1.0:
        parts = [_alone(bank, rng), *(_of_formula(bank, supply, groups, rng) for _ in range(FORMULAS))]
        maps, facts = (torch.from_numpy(np.concatenate([part[k] for part in parts])) for k in (0, 1))
        classes = torch.tensor([name for part in parts for name in part[2]])
        right = []
        for _ in range(PASSES):
            for rows in torch.randperm(len(classes)).split(BATCH):
                scores, _ = net(maps[rows].contiguous(memory_format=torch.channels_last), facts[rows])
                course.step(loss_of(scores, classes[rows]))
                right.append(float((scores.argmax(1) == classes[rows]).float().mean()))
        course.say(f"{np.mean(right):.3f} of groups right")
    course.keep()
    return net.eval()


def _alone(bank: Bank, rng: random.Random) -> Seen:
    names = [name for name in INDEX if bank.all.get(name)]
    chosen = rng.choices(names, [3.0 if name in COMMON else 1.0 for name in names], k=ALONE)
    inks = [(of_one(name, rng.choice(bank.all[name]), rng), INDEX[name]) for name in chosen]
    kept = [(ink, name) for ink, name in inks if 0 < len(ink.traces) <= LARGEST_GROUP]
    seen = [describe(ink, [tuple(range(len(ink.traces)))]) for ink, _ in kept]
    maps, facts = (np.concatenate([each[k] for each in seen]) for k in (0, 1))
    return maps, facts, [name for _, name in kept]


def of_one(latex: str, drawing: Drawing, rng: random.Random) -> Ink:
    """A drawing of one symbol, in writing whose usual height is half an em."""
    known, ink = CLASSES[INDEX[latex]], prepare(distorted(drawing, rng, rng.choice([0.5, 1.0, 1.4])))
    if not ink.traces:
        return ink
    boxes = [trace.box for trace in ink.traces]
    extent = max(
        max(box.x1 for box in boxes) - min(box.x0 for box in boxes),
        max(box.y1 for box in boxes) - min(box.y0 for box in boxes),
        1e-6,
    )
    return Ink(ink.traces, 0.5 * extent / max(known.flat, known.height) * math.exp(rng.gauss(0, 0.25)))


def _of_formula(bank: Bank, supply: Sequence[Tree], groups: GroupNet, rng: random.Random) -> Seen:
    """All its symbols, and as many groups that are none."""
    drawn = examples.draw(examples.any_tree(supply, rng), bank, rng)
    wholes = [group for group in drawn.wholes() if 0 < len(group) <= LARGEST_GROUP]
    others = sorted(set(lattices.considered(drawn.ink, groups)).difference(wholes))
    chosen = wholes + rng.sample(others, min(len(others), len(wholes)))
    maps, facts = describe(drawn.ink, chosen)
    return maps, facts, [drawn.shape(group) for group in chosen]
