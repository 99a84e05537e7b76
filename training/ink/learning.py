"""The training loop: groups are made, seen twice and forgotten."""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.ink import examples
from training.ink.formulas import Tree
from training.ink.network import InkNet
from training.ink.samples import Bank

log = logging.getLogger("ink")

BATCH = 128
ROUND = 4096  # groups made at a time
RATE = 2e-3
AGAIN = 0.6e-3  # when going on from what was learned before


def train(bank: Bank, supply: Sequence[Tree], minutes: float, seed: int, kept: Path) -> InkNet:
    """A network after so many minutes, begun with the one that is kept, and kept in its turn."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    net, most = InkNet(), RATE
    if kept.exists():
        net.load_state_dict(torch.load(kept, weights_only=True))
        most = AGAIN
    net = net.to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(net.parameters(), most, weight_decay=0.02)
    start, seen = time.monotonic(), 0
    while (share := (time.monotonic() - start) / (60 * minutes)) < 1.0:
        groups = examples.batch(ROUND, supply, bank, rng)
        for setting in optimizer.param_groups:
            setting["lr"] = most * max(0.01, 0.5 * (1 + math.cos(math.pi * share)))
        right = sum(_seen_once(net, optimizer, groups, rng) for _ in range(2)) / 2
        seen += len(groups[2])
        log.info("%4.1f min, %d groups, %.3f right", (time.monotonic() - start) / 60, seen, right)
    kept.parent.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), kept)
    return net.eval()


def _seen_once(
    net: InkNet, optimizer: torch.optim.Optimizer, groups: examples.Groups, rng: random.Random
) -> float:
    """The share of groups that were named rightly before each step."""
    maps, facts, classes = groups
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.03)
    order = np.random.default_rng(rng.randrange(2**31)).permutation(len(classes))
    right = total = 0.0
    for first in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[first : first + BATCH]
        pictures = torch.from_numpy(maps[rows]).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = net(pictures, torch.from_numpy(facts[rows]))
        truth = torch.from_numpy(classes[rows])
        loss = loss_of(scores.float(), truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right += float((scores.argmax(1) == truth).sum())
        total += len(rows)
    return right / total
