"""One person's way to write: whose drawings, how large, how slanted, how close together."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

import numpy as np

from mathpixweb.engine.ocr.ink_alphabet import DRAWN_AS, InkClass
from training.ink.distortion import distorted
from training.ink.samples import Bank, Drawing
from training.ink.setting import Stroke

ONE_WRITER = 0.7  # of formulas are of one writer's letters, as far as there are any
CROSSED = 0.35  # of writers have an x that is nothing but a cross
AS_BEFORE = 0.75  # of a formula's symbols are drawn like the one before of their class


@dataclass(slots=True)
class Hand:
    """How unevenly one person writes."""

    bank: Bank
    rng: random.Random
    writer: dict[str, list[Drawing]]
    gap: float
    script: float
    uneven: float
    bend: float
    drift: float
    slant: float
    stretch: float
    lift: float
    kerns: bool
    crosses: bool
    taste: dict[str, float] = field(default_factory=dict)
    drawn: dict[str, Drawing] = field(default_factory=dict)

    @classmethod
    def any(cls, bank: Bank, rng: random.Random) -> Hand:
        one = rng.random() < ONE_WRITER and bank.writers
        return cls(
            bank,
            rng,
            writer=bank.writers[rng.choice(sorted(bank.writers))] if one else {},
            gap=rng.choice([0.04, 0.08, 0.12, 0.2, 0.32]) * math.exp(rng.gauss(0, 0.2)),
            script=rng.uniform(0.45, 0.9),
            uneven=rng.choice([0.05, 0.09, 0.13, 0.18]),
            bend=rng.choice([0.4, 0.8, 1.2]),
            drift=rng.gauss(0, 0.03),
            slant=rng.gauss(0.05, 0.12),
            stretch=math.exp(rng.gauss(0, 0.12)),
            lift=rng.gauss(0, 0.08),
            kerns=rng.random() < 0.6,
            crosses=rng.random() < CROSSED,
        )

    def drawing(self, latex: str) -> list[Stroke]:
        before = self.drawn.get(latex)
        if before is None or self.rng.random() > AS_BEFORE:
            shape = r"\times" if latex == "x" and self.crosses else DRAWN_AS.get(latex, latex)
            before = self.rng.choice(self.writer.get(shape) or self.bank.all[shape])
            self.drawn[latex] = before
        return distorted(before, self.rng, self.bend)

    def height_of(self, known: InkClass) -> float:
        """By how much the symbol is higher, or wider, than it should be."""
        kind = f"{known.kind} {known.top} {known.flat}"
        if kind not in self.taste:
            self.taste[kind] = math.exp(
                self.rng.gauss(0, 0.22 if known.flat or known.kind in ("bin", "rel") else 0.14)
            )
        if known.latex not in self.taste:
            self.taste[known.latex] = math.exp(self.rng.gauss(0, 0.08))
        return self.taste[kind] * self.taste[known.latex] * math.exp(self.rng.gauss(0, self.uneven))

    def any_gap(self) -> float:
        """White between two symbols, which may touch."""
        return max(-0.03, self.gap * math.exp(self.rng.gauss(0, 0.45)) + self.rng.gauss(0, 0.03))

    def leaning(self, stroke: Stroke) -> Stroke:
        x, y = stroke[:, 0] * self.stretch, stroke[:, 1]
        return np.stack([x - self.slant * y, y + self.drift * x], axis=1).astype(np.float32)
