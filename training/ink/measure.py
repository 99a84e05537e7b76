"""How well composed formulas are read: drawings and formulas that were not trained on."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice, repeat

import numpy as np

from mathpixweb.engine.math.latex import MATHPIX
from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX, NOTHING
from mathpixweb.engine.readers import strokes
from training.ink import examples, samples
from training.ink.formulas import NAMES, Tree

_FRAME = re.compile(r"\\(?:begin|end)\{[a-zA-Z]+\}(?:\{[lcr|]+\})?|\\(?:left|right)\.")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S")
_SAME = {
    r"\overline": r"\bar",
    r"\widehat": r"\hat",
    r"\widetilde": r"\tilde",
    r"\overrightarrow": r"\vec",
    r"\mid": "|",
}
_SILENT = frozenset(
    {r"\left", r"\right", "{", "}", "&", r"\operatorname", r"\mathrm", r"\text", r"\quad", r"\limits"}
)
_MARKS = {"-": r"\bar", r"\wedge": r"\hat", r"\sim": r"\tilde", r"\rightarrow": r"\vec", ".": r"\dot"}


def tokens(latex: str) -> list[str]:
    """LaTeX without what is not seen on paper; scripts keep their marks."""
    found = _TOKEN.findall(_FRAME.sub(" ", latex))
    return [_SAME.get(token, token) for token in found if token not in _SILENT]


def latex_of(tree: Tree | None) -> str:
    if tree is None:
        return ""
    if isinstance(tree, str):
        return "\\" + tree + " " if tree in NAMES else tree + " "
    first, *rest = tree.parts
    if tree.kind == "lines":
        return r" \\ ".join(latex_of(part) for part in tree.parts)
    if tree.kind == "grid":
        rows = r" \\ ".join(latex_of(row) for row in rest[1:])
        return latex_of(first) + rows + latex_of(rest[0])
    if tree.kind == "stack":
        return _stacked(first, *(latex_of(part) for part in rest))
    if tree.kind == "frac":
        return rf"\frac{{{latex_of(first)}}}{{{latex_of(rest[0])}}}"
    if tree.kind == "sqrt":
        index = latex_of(rest[0]) if rest else ""
        return (rf"\sqrt[{index}]" if index else r"\sqrt") + f"{{{latex_of(first)}}}"
    if tree.kind == "accent":
        return rf"{_MARKS[str(first)]}{{{latex_of(rest[0])}}}"
    if tree.kind == "scripts":
        sub, sup = (latex_of(part) for part in rest)
        return latex_of(first) + (f"_{{{sub}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")
    return "".join(latex_of(part) for part in tree.parts)


def _stacked(base: Tree | None, below: str, above: str) -> str:
    """Limits of an operator are written as scripts; what stands over a relation is stacked on it."""
    if isinstance(base, str) and CLASSES[INDEX.get(base, 0)].kind == "rel":
        return rf"\stackrel{{{above}}}{{{latex_of(base)}}}"
    return latex_of(base) + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    truth: list[str]
    read: list[str]
    confidence: float
    evidence: tuple[float, ...]
    symbols: int
    found: int  # symbols whose strokes were grouped rightly …
    named: int  # … and whose likeliest class is right
    seconds: float

    @property
    def exact(self) -> bool:
        return self.truth == self.read


def outcomes(
    bank: samples.Bank, supply: Sequence[Tree], count: int, seed: int, *, pictured: bool = False
) -> Iterator[Outcome]:
    """`pictured` are only such whose strokes were found in a picture, else only such as people drew them."""
    rng = random.Random(seed)
    trees = (examples.any_tree(supply, rng) for _ in repeat(None))
    drawings = (examples.draw(tree, bank, rng, float(pictured)) for tree in trees)
    for drawn in islice((one for one in drawings if one.pictured is pictured), count):
        ink = [trace.points for trace in drawn.ink.traces]
        start = time.process_time()
        reading = strokes.read(ink, timed=drawn.timed)
        seconds = time.process_time() - start
        groups, read = strokes.looked_at(drawn.ink, timed=drawn.timed)
        rows = strokes.covers(groups, read, len(drawn.ink.traces), 1)[0].rows
        pairs = [(drawn.label(groups[row]), int(np.argmax(read.classes[row, :-1]))) for row in rows]
        whole = [pair for pair in pairs if pair[0] != NOTHING]
        best = reading.candidates[0] if reading.candidates else strokes.Candidate("", 0.0, 0.0, 0)
        others = strokes.wholes(drawn.ink, MATHPIX, timed=drawn.timed)
        yield Outcome(
            tokens(latex_of(drawn.tree)),
            tokens(best.latex),
            best.confidence,
            strokes.evidence(others[0], strokes.shares(others)[0]),
            len(drawn.symbols),
            len(whole),
            sum(a == b for a, b in whole),
            seconds,
        )


def calibration(found: Sequence[Outcome]) -> list[float]:
    """Weights of the evidence that make probabilities of it: a logistic regression by Newton's method."""
    seen = np.array([outcome.evidence for outcome in found])
    right = np.array([float(outcome.exact) for outcome in found])
    weights = np.zeros(seen.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-seen @ weights))
        bend = seen.T @ (seen * (chance * (1 - chance))[:, None]) + 0.1 * np.eye(len(weights))
        weights += np.linalg.solve(bend, seen.T @ (right - chance) - 0.1 * weights)
    return [round(float(weight), 3) for weight in weights]


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error of (confidence, whether right)."""
    error = 0.0
    for k in range(bins):
        inside = [(c, r) for c, r in pairs if k / bins <= c < (k + 1) / bins or (k == bins - 1 and c == 1.0)]
        if inside:
            error += abs(sum(c for c, _ in inside) - sum(r for _, r in inside)) / len(pairs)
    return error


def report(found: Sequence[Outcome]) -> str:
    symbols = sum(o.symbols for o in found)
    seconds = sorted(o.seconds for o in found)
    half, most = (1e3 * seconds[int(share * len(seconds))] for share in (0.5, 0.95))
    error = calibration_error([(o.confidence, o.exact) for o in found])
    alike = sum(SequenceMatcher(None, o.truth, o.read, autojunk=False).ratio() for o in found) / len(found)
    short = [o for o in found if o.symbols <= 6]
    return (
        f"{len(found)} formulas, {symbols} symbols: grouped {sum(o.found for o in found) / symbols:.3f}, "
        f"named {sum(o.named for o in found) / symbols:.3f}, "
        f"tokens {alike:.3f}, exact {sum(o.exact for o in found) / len(found):.3f}, "
        f"up to six symbols {sum(o.exact for o in short) / max(1, len(short)):.3f}; "
        f"calibration error {error:.3f}; CPU time {half:.0f} ms, 95 % below {most:.0f} ms; "
        f"weights of the confidence {calibration(found)}"
    )
