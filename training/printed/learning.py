"""Training: batches in, weights out. Every few minutes a checkpoint with a running average of the weights."""

from __future__ import annotations

import copy
import logging
import math
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from mathpixweb.engine.math.symbols import Symbol
from training.printed.batches import UNKNOWN, Batch, class_list, count_symbols, serve
from training.printed.network import Detector

RATE = 2e-3
WARMING = 200  # steps
COOLING = 0.35  # of the samples at the end see a falling rate
LOWEST_RATE = 0.02
AVERAGE = 0.998  # of the running average of the weights stays at each step
SMOOTHING = 0.02
GEOMETRY_WEIGHT = 4.0
RULES_WEIGHT = 1.0
STEEPEST = 5.0  # norm of the gradient
CHECKPOINT = 240  # seconds
AHEAD = 160  # batches made before they are needed; they come in bursts
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`average` are the weights to use; the rest is for going on."""

    classes: list[Symbol]
    average: dict[str, Tensor]
    weights: dict[str, Tensor]
    optimizer: dict[str, Any]
    samples: int
    steps: int


def train(layouts: Path, out: Path, samples: int, *, start: Path | None = None, seed: int = 1) -> None:
    """Train on `samples` pictures (counted from the beginning, also when going on from `start`)."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    paths = sorted(layouts.glob("*.pkl"))
    before = load(start) if start else None
    classes = before.classes if before else class_list(count_symbols(paths))
    run = _Run(classes, before)
    queue: multiprocessing.Queue[Batch] = multiprocessing.Queue(AHEAD)
    maker = multiprocessing.Process(target=serve, args=(queue, paths, classes, seed + run.steps), daemon=True)
    maker.start()
    log.info("%d classes, %.2f M weights", len(classes), run.size() / 1e6)
    saved = time.monotonic()
    try:
        while run.samples < samples:
            run.step(queue.get(), samples)
            if time.monotonic() - saved > CHECKPOINT:
                run.save(out)
                saved = time.monotonic()
    finally:
        maker.terminate()
    run.save(out)


def load(path: Path) -> Checkpoint:
    """Only files made here."""
    saved = torch.load(path, weights_only=False)
    return Checkpoint(**saved)


class _Run:
    def __init__(self, classes: Sequence[Symbol], before: Checkpoint | None) -> None:
        self._classes = list(classes)
        self._network = Detector(len(classes)).to(memory_format=torch.channels_last)
        self._average = copy.deepcopy(self._network)
        self._optimizer = torch.optim.AdamW(self._network.parameters(), lr=RATE, weight_decay=0.01)
        self.samples = self.steps = 0
        if before:
            self._network.load_state_dict(before.weights)
            self._average.load_state_dict(before.average)
            self._optimizer.load_state_dict(before.optimizer)
            self.samples, self.steps = before.samples, before.steps
        self._began = time.monotonic()
        self._first_sample = self.samples
        self._losses: list[tuple[float, ...]] = []

    def size(self) -> int:
        return sum(weight.numel() for weight in self._network.parameters())

    def step(self, batch: Batch, samples: int) -> None:
        if not len(batch.places):
            return
        for group in self._optimizer.param_groups:
            group["lr"] = RATE * _pace(self.steps, self.samples / samples)
        losses = _losses(self._network, batch)
        self._optimizer.zero_grad(set_to_none=True)
        torch.stack(losses).sum().backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), STEEPEST)
        self._optimizer.step()
        self.steps += 1
        self.samples += len(batch.ink)
        self._follow()
        self._losses.append(tuple(loss.item() for loss in losses))
        if self.steps % 50 == 0:
            self._report()

    def _follow(self) -> None:
        keep = min(AVERAGE, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            pairs = zip(self._average.state_dict().values(), self._network.state_dict().values(), strict=True)
            for mean, now in pairs:
                if mean.dtype.is_floating_point:
                    mean.lerp_(now, 1 - keep)
                else:
                    mean.copy_(now)

    def _report(self) -> None:
        means = [sum(column) / len(column) for column in zip(*self._losses, strict=True)]
        self._losses.clear()
        seconds = time.monotonic() - self._began
        log.info(
            "step %d, %d samples, %.0f s, %.1f/s (%.1f per CPU-s): "
            "heat %.3f class %.3f geometry %.3f rules %.3f",
            self.steps,
            self.samples,
            seconds,
            (self.samples - self._first_sample) / seconds,
            (self.samples - self._first_sample) / time.process_time(),
            *means,
        )

    def save(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        draft = out / "checkpoint.draft"
        state = {
            "classes": self._classes,
            "average": self._average.state_dict(),
            "weights": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "samples": self.samples,
            "steps": self.steps,
        }
        torch.save(state, draft)
        draft.rename(out / "checkpoint.pt")
        log.info("saved at %d samples", self.samples)


def _pace(step: int, done: float) -> float:
    warm = min(1.0, (step + 1) / WARMING)
    if done < 1 - COOLING:
        return warm
    cooled = min(1.0, (done - 1 + COOLING) / COOLING)
    return warm * max(LOWEST_RATE, 0.5 * (1 + math.cos(math.pi * cooled)))


def _losses(network: Detector, batch: Batch) -> list[Tensor]:
    """Of heat, classes, geometry and rules."""
    ink = torch.from_numpy(batch.ink.astype("float32")).contiguous(memory_format=torch.channels_last)
    places = torch.from_numpy(batch.places)
    number, row, column = places.unbind(1)
    classes = torch.from_numpy(batch.classes)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        features, heat, geometry, rules = network.maps(ink)
        logits = network.classes(features.permute(0, 2, 3, 1)[number, row, column])
    named = classes != UNKNOWN
    told = geometry.float().permute(0, 2, 3, 1)[number, row, column]
    wanted = torch.from_numpy(batch.geometry)
    return [
        _heat_loss(heat.float()[:, 0], torch.from_numpy(batch.heat.astype("float32"))),
        functional.cross_entropy(logits.float()[named], classes[named], label_smoothing=SMOOTHING),
        GEOMETRY_WEIGHT * functional.smooth_l1_loss(told, wanted, beta=0.05, reduction="none").mean(0).sum(),
        RULES_WEIGHT * _rules_loss(rules.float(), torch.from_numpy(batch.rules).float()),
    ]


def _heat_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Focal, and forgiving near centres (CornerNet's loss)."""
    heat = logits.sigmoid().clamp(1e-4, 1 - 1e-4)
    centre = (wanted == 1).float()
    at = centre * (1 - heat) ** 2 * heat.log()
    elsewhere = (1 - centre) * (1 - wanted) ** 4 * heat**2 * (1 - heat).log()
    return -(at + elsewhere).sum() / centre.sum().clamp(min=1)


def _rules_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Focal cross entropy per rule cell, as heat, without the forgiveness."""
    plain = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    sure = torch.exp(-plain)
    return (plain * (1 - sure) ** 2).sum() / wanted.sum().clamp(min=20)
