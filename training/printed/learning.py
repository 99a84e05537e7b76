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
from mathpixweb.engine.ocr.looking import REACH, UNIT_SIZE
from training.printed.batches import NOBODY, PLACE, UNKNOWN, Batch, class_list, count_symbols, serve
from training.printed.network import Detector, folded

RATE = 2e-3
FOLDED_RATE = 7e-4  # once normalisation is folded away
NORMED = 60_000  # samples are seen with batch normalisation
WARMING = 200  # steps
COOLING = 60_000  # samples at the end of a run see a falling rate
LOWEST_RATE = 0.03
AVERAGE = 0.9985  # of the running average of the weights stays at each step
SMOOTHING = 0.02
GEOMETRY_WEIGHT = 4.0
RULES_WEIGHT = 1.0
STEEPEST = 5.0  # norm of the gradient
CHECKPOINT = 240  # seconds
AHEAD = 160  # batches made before they are needed; they come in bursts
ASKED_FROM = -1.7  # heat (logit) of a summit at which the network is asked what it sees there
GHOSTS = 0.35  # summits without a symbol to so many symbols, at most
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
    normed: bool


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
            if run.normed and run.samples >= NORMED:
                run.fold()
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
        self.normed = before.normed if before else True
        self._adopt(Detector(len(classes) + 1, normed=self.normed))
        self.samples = self.steps = self._warmed_up = 0
        if before:
            self._network.load_state_dict(before.weights)
            self._average.load_state_dict(before.average)
            if before.optimizer:
                self._optimizer.load_state_dict(before.optimizer)
            self.samples, self.steps = before.samples, before.steps
            self._warmed_up = self.steps
        self._began, self._worked = time.monotonic(), time.process_time()
        self._first_sample = self.samples
        self._losses: list[tuple[float, ...]] = []

    def _adopt(self, network: Detector) -> None:
        self._network = network.to(memory_format=torch.channels_last)
        self._average = copy.deepcopy(self._network)
        rate = RATE if self.normed else FOLDED_RATE
        self._optimizer = torch.optim.AdamW(self._network.parameters(), lr=rate, weight_decay=0.01)
        self._rate = rate

    def size(self) -> int:
        return sum(weight.numel() for weight in self._network.parameters())

    def fold(self) -> None:
        """Go on without normalisation, from the averaged weights."""
        self.normed = False
        self._adopt(folded(self._average, len(self._classes) + 1))
        self._warmed_up = self.steps

    def step(self, batch: Batch, samples: int) -> None:
        if not len(batch.centres):
            return
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * _pace(self.steps - self._warmed_up, samples - self.samples)
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
            (self.samples - self._first_sample) / (time.process_time() - self._worked),
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
            "normed": self.normed,
        }
        torch.save(state, draft)
        draft.rename(out / "checkpoint.pt")
        log.info("saved at %d samples", self.samples)


def _pace(steps: int, left: int) -> float:
    warm = min(1.0, (steps + 1) / WARMING)
    cooled = 1 - min(1.0, max(0, left) / COOLING)
    return warm * max(LOWEST_RATE, 0.5 * (1 + math.cos(math.pi * cooled)))


def _losses(network: Detector, batch: Batch) -> list[Tensor]:
    """Of heat, classes, geometry and rules."""
    ink = torch.from_numpy(batch.ink.astype("float32")).contiguous(memory_format=torch.channels_last)
    fine, features = network.pyramid(ink)
    heat, rules = network.heat_of(features), network.rules(features)
    asked = _asked(heat.detach(), batch, network.classes.out_features - 1)
    known, first = network.seen_at(fine, features, asked.places)
    tokens, places, present = _by_sample(first, asked.places, len(ink))
    tokens = network.context(tokens, places, present)[present]
    logits, told = network.told_of(known, tokens)
    named = asked.classes != UNKNOWN
    real = asked.owners != NOBODY
    wanted = _geometry(asked.places[real], torch.from_numpy(batch.found)[asked.owners[real]])
    away = functional.smooth_l1_loss(told[real], wanted, beta=0.05, reduction="none")
    return [
        _heat_loss(heat, torch.from_numpy(batch.heat.astype("float32"))),
        functional.cross_entropy(logits[named], asked.classes[named], label_smoothing=SMOOTHING),
        GEOMETRY_WEIGHT * away.mean(0).sum(),
        RULES_WEIGHT * _rules_loss(rules, torch.from_numpy(batch.rules).float()),
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Places (sample, row, column) in order of samples, whose symbols they are, and what these are."""

    places: Tensor
    owners: Tensor
    classes: Tensor


def _asked(heat: Tensor, batch: Batch, nothing: int) -> _Asked:
    """Where the network itself saw centres, right or wrong, and the centres that it missed."""
    centres, owner_of = torch.from_numpy(batch.centres), torch.from_numpy(batch.owners).long()
    summit = heat == functional.max_pool2d(heat[:, None], 3, 1, 1)[:, 0]
    seen = (summit & (heat > ASKED_FROM)).nonzero()
    owners = owner_of[tuple(seen.unbind(1))]
    ghosts = owners == NOBODY
    most = max(8, int(GHOSTS * len(centres)))
    if int(ghosts.sum()) > most:  # at the beginning it sees them everywhere
        hottest = heat[tuple(seen.unbind(1))].masked_fill(~ghosts, torch.inf).argsort(descending=True)
        kept = hottest[: int((~ghosts).sum()) + most]
        seen, owners = seen[kept], owners[kept]
    missed = torch.ones(len(centres), dtype=torch.bool)
    missed[owners[owners != NOBODY]] = False
    places = torch.cat([seen, centres[missed]])
    owners = torch.cat([owners, missed.nonzero()[:, 0]])
    order = places[:, 0].argsort(stable=True)
    places, owners = places[order], owners[order]
    classes = torch.cat([torch.from_numpy(batch.classes), torch.tensor([nothing])])[owners]
    return _Asked(places, owners, classes)


def _by_sample(tokens: Tensor, places: Tensor, samples: int) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens and places of each sample in a row of their own, and which of them there are."""
    counts = torch.bincount(places[:, 0], minlength=samples)
    longest = int(counts.max())
    present = torch.arange(longest)[None] < counts[:, None]
    rows = tokens.new_zeros(samples, longest, tokens.shape[1])
    rows[present] = tokens
    where = torch.zeros(samples, longest, 2)
    where[present] = places[:, 1:].float()
    return rows, where, present


def _geometry(places: Tensor, found: Tensor) -> Tensor:
    """What `looking` makes boxes, baselines and sizes of: offsets from the middle of a place."""
    y, x = ((places[:, 1:].float() + 0.5) * PLACE).unbind(1)
    x0, y0, x1, y1, baseline, size = found.unbind(1)
    offsets = torch.stack([x - x0, y - y0, x1 - x, y1 - y, baseline - y], 1) / REACH
    return torch.cat([offsets, torch.log(size.clamp(min=1.0) / UNIT_SIZE)[:, None]], 1)


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
