"""The network and its training: examples are made, seen once and forgotten."""

from __future__ import annotations

import json
import logging
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from mathpixweb.engine.chemistry.letters import SIDE, square
from training.molecules import glyphs

log = logging.getLogger("molecules")

BATCH = 256
RATE = 3e-3


class LettersNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        stages: list[nn.Module] = []
        for before, after in ((1, 24), (24, 48), (48, 96)):
            stages += [
                nn.Conv2d(before, after, 3, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
                nn.MaxPool2d(2),
            ]
        self.stages = nn.Sequential(*stages)
        self.hidden = nn.Linear(96 * (SIDE // 8) ** 2, 128)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(128, len(glyphs.NAMES))

    def forward(self, squares: Tensor) -> Tensor:
        seen = self.stages(squares).flatten(1)
        scores: Tensor = self.out(self.drop(torch.relu(self.hidden(seen))))
        return scores


def batch(paths: Sequence[Path], chance: random.Random, count: int) -> tuple[Tensor, Tensor]:
    made = [glyphs.example(paths, chance) for _ in range(count)]
    squares = np.stack([square(crop) for crop, _ in made])[:, None]
    return torch.from_numpy(squares), torch.tensor([name for _, name in made])


def train(paths: Sequence[Path], minutes: float, seed: int) -> LettersNet:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chance, net = random.Random(seed), LettersNet().train()
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.02)
    start, seen, right = time.process_time(), 0, 0.0
    while (share := (time.process_time() - start) / (60 * minutes)) < 1.0:
        for setting in optimizer.param_groups:
            setting["lr"] = RATE * max(0.01, 0.5 * (1 + math.cos(math.pi * share)))
        squares, truth = batch(paths, chance, BATCH)
        scores = net(squares)
        loss = loss_of(scores, truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen += BATCH
        right = 0.98 * right + 0.02 * float((scores.argmax(1) == truth).float().mean())
        if seen % (100 * BATCH) == 0:
            log.info(
                "%4.1f CPU min, %d examples, %.3f right", (time.process_time() - start) / 60, seen, right
            )
    return net.eval()


def measure(net: LettersNet, paths: Sequence[Path], seed: int, count: int = 8000) -> float:
    """The share named rightly, of characters in fonts that were not seen."""
    squares, truth = batch(paths, random.Random(seed), count)
    with torch.no_grad():
        return float((net(squares).argmax(1) == truth).float().mean())


def export(net: LettersNet, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        net,
        (torch.zeros(2, 1, SIDE, SIDE),),
        str(path),
        input_names=["squares"],
        output_names=["scores"],
        dynamic_axes={"squares": {0: "crops"}, "scores": {0: "crops"}},
        dynamo=False,
    )
    model = onnx.load(str(path))
    entry = model.metadata_props.add()
    entry.key, entry.value = "names", json.dumps(list(glyphs.NAMES))
    onnx.save(model, str(path))
