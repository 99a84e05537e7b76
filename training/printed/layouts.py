"""Typeset formulas as arrays: what is drawn where, and what is to be found in it. One file a run of TeX."""

from __future__ import annotations

import logging
import pickle
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Symbol
from training.printed.composing import composed
from training.printed.dvi import Font, PageOfMarks, pages
from training.printed.fonts import FONT_SETS, FontSet
from training.printed.labels import Label, Unlabelled, labels_of
from training.printed.supply import Formula, is_structured, latex_of, read
from training.printed.typeset import typeset
from training.printed.variation import salad, varied

SEED = 5
IN_A_RUN = 1500  # formulas
IN_A_MEASURED_RUN = 150  # fewer, so that a small sample has all fonts in it
VARIED = 0.3  # of the formulas get other symbols
SALAD = 0.07
COMPOSED = 0.4  # are made of several
PARTS = 4
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Layout:
    """`drawn`: font number, glyph, x, y. `rules`: x, y, width, height. `found`: x0 y0 x1 y1 baseline size.

    Points, y downwards; `symbols` are what `found` is, row by row, `bars` boxes of the rules to be found.
    """

    drawn: NDArray[np.float32]
    rules: NDArray[np.float32]
    found: NDArray[np.float32]
    bars: NDArray[np.float32]
    symbols: tuple[Symbol, ...]
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shard:
    fonts: tuple[Font, ...]
    layouts: tuple[Layout, ...]


def make(
    supply: Path,
    folder: Path,
    count: int,
    *,
    held_out: bool = False,
    seed: int = SEED,
    sets: Sequence[FontSet] = FONT_SETS,
) -> None:
    """Shards of `count` formulas in all; the fonts are drawn by their shares for each shard."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    formulas = [formula for formula in read(supply) if formula.held_out == held_out]
    if not held_out:  # what has structure is rarer and harder
        formulas += [formula for formula in formulas if is_structured(formula)]
    rng.shuffle(formulas)
    size = IN_A_MEASURED_RUN if held_out else IN_A_RUN
    for run in range(-(-count // size)):
        fonts = rng.choices(sets, [fonts.share for fonts in sets])[0]
        chosen = [formulas[k % len(formulas)] for k in range(run * size, (run + 1) * size)]
        chosen = chosen if held_out else [_changed(formula, formulas, rng) for formula in chosen]
        latex = [latex_of(formula, rng) for formula in chosen]
        path = folder / f"{run:04d}-{fonts.name}.pkl"
        if not path.exists():
            _make_one(path, fonts, chosen, latex)


def _changed(formula: Formula, others: Sequence[Formula], rng: random.Random) -> Formula:
    chance = rng.random()
    if chance < SALAD:
        return salad(rng)
    if chance < SALAD + COMPOSED:
        parts = [formula, *rng.choices(others, k=PARTS - 1)]
        return composed([varied(part, rng) if rng.random() < VARIED else part for part in parts], rng)
    return varied(formula, rng) if chance < SALAD + COMPOSED + VARIED else formula


def _make_one(path: Path, fonts: FontSet, formulas: Sequence[Formula], latex: Sequence[str]) -> None:
    work = path.parent / f"{path.stem}.tex.d"
    styled = [
        (r"\displaystyle " if formula.display else "") + tex
        for formula, tex in zip(formulas, latex, strict=True)
    ]
    reasons: Counter[str] = Counter()
    try:
        printed, bad = typeset(work, "run", fonts, styled)
        shard = _shard((page for page in pages(printed) if page.number not in bad), formulas, reasons)
    except (OSError, ValueError, IndexError, KeyError, subprocess.TimeoutExpired) as broken:
        log.warning("%s: %r", path.stem, broken)
        return
    finally:
        shutil.rmtree(work, ignore_errors=True)
    reasons["TeX"] = len(bad)
    log.info("%s: %d of %d; %s", path.stem, len(shard.layouts), len(formulas), reasons.most_common(4))
    draft = path.with_suffix(".draft")
    draft.write_bytes(pickle.dumps(shard, protocol=5))
    draft.rename(path)


def _shard(printed: Iterable[PageOfMarks], formulas: Sequence[Formula], reasons: Counter[str]) -> Shard:
    numbers: dict[Font, int] = {}
    layouts: list[Layout] = []
    for page in printed:
        try:
            labels, bars = labels_of(page)
        except Unlabelled as reason:
            reasons[str(reason)] += 1
            continue
        if labels:
            layouts.append(_layout(page, labels, bars, formulas[page.number].tokens, numbers))
    return Shard(tuple(numbers), tuple(layouts))


def _layout(
    page: PageOfMarks,
    labels: Sequence[Label],
    bars: Sequence[Box],
    tokens: tuple[str, ...],
    numbers: dict[Font, int],
) -> Layout:
    drawn = [(numbers.setdefault(mark.font, len(numbers)), mark.code, mark.x, mark.y) for mark in page.marks]
    found = [(*_corners(label.box), label.baseline, label.size) for label in labels]
    return Layout(
        np.array(drawn, np.float32).reshape(-1, 4),
        np.array(page.rules, np.float32).reshape(-1, 4),
        np.array(found, np.float32).reshape(-1, 6),
        np.array([_corners(bar) for bar in bars], np.float32).reshape(-1, 4),
        tuple(label.symbol for label in labels),
        tokens,
    )


def _corners(box: Box) -> tuple[float, float, float, float]:
    return (box.x0, box.y0, box.x1, box.y1)


def load(path: Path) -> Shard:
    """Only files made here: a pickle runs what is in it."""
    shard = pickle.loads(path.read_bytes())
    if not isinstance(shard, Shard):
        raise TypeError(path)
    return shard
