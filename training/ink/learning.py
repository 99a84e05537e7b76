"""What the three trainings share: how long they go on, and how fast they learn meanwhile."""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path

import torch
from torch import nn

log = logging.getLogger("ink")

WARM = 0.02  # of the time, in which the rate climbs
DECAY = 0.02


class Course:
    """So many minutes of one processor; begins with what was kept, and keeps what was learned."""

    def __init__(self, net: nn.Module, kept: Path, minutes: float, rate: float, again: float) -> None:
        self._net, self._kept, self._seconds = net, kept, 60 * minutes
        self._most = rate
        if kept.exists():
            net.load_state_dict(torch.load(kept, weights_only=True))
            self._most = again
        self._optimizer = torch.optim.AdamW(net.parameters(), self._most, weight_decay=DECAY)
        self._begun = self._said = time.process_time()
        net.train()

    @property
    def share(self) -> float:
        return (time.process_time() - self._begun) / self._seconds

    def step(self, loss: torch.Tensor) -> None:
        share = min(1.0, self.share)
        rate = self._most * min(1.0, share / WARM + 0.05) * max(0.01, 0.5 * (1 + math.cos(math.pi * share)))
        for setting in self._optimizer.param_groups:
            setting["lr"] = rate
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._net.parameters(), 1.0)
        self._optimizer.step()

    def say(self, words: str, every: float = 30.0) -> None:
        """Tells how it goes and keeps what was learned, from time to time."""
        if time.process_time() - self._said > every or self.share >= 1.0:
            self._said = time.process_time()
            log.info("%s: %4.1f min, %s", self._kept.stem, (self._said - self._begun) / 60, words)
            self.keep()

    def keep(self) -> None:
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        torch.save(self._net.state_dict(), self._kept)
