"""The answers that a question offers: labels such as (A), b) or a circle where lines and columns begin."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr.sightings import FoundSymbol

FEWEST: Final = 3  # labels that make a question
NAMED: Final = 0.5  # of them are seen as what they are, at least
# All in em.
WITHIN: Final = 0.35  # between the signs of one label …
HOLLOW: Final = 0.9  # … and between brackets whose letter was not seen
FREE: Final = 0.8  # before a label
ANSWER: Final = 2.5  # from a label to its answer
SAME_ROW: Final = 0.4  # by which labels beside each other may stand higher or lower
ROUND: Final = frozenset((r"\circ", r"\bigcirc", r"\odot", r"\bigodot"))
_SERIES: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits[1:])
_NAMES: Final = (Kind.LETTER, Kind.ROMAN, Kind.DIGIT, Kind.ORD)


@dataclass(frozen=True, slots=True)
class Label:
    """`text` is what it says, as its place in the series tells; `baseline` and `size` are its letters'."""

    text: str
    box: Box
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """`form` is the label with * for its name, which is empty where it was not seen."""

    form: str
    name: str
    box: Box
    baseline: float
    size: float

    def named(self, name: str) -> Label:
        return Label(self.form.replace("*", name), self.box, self.baseline, self.size)


Placed = TypeVar("Placed", Label, _Seen)


def labels(symbols: Sequence[FoundSymbol]) -> list[Label]:
    """The labels of the picture's question in the order of their series; none if it offers no choice."""
    seen = [label for label in _seen(symbols) if _stands_free(label, symbols)]
    for form in ("(*)", "*)", "*.", "*"):
        alike = [label for label in seen if label.form == form]
        if len(alike) >= FEWEST and (named := _named(alike)):
            return named
    return []


def rows(found: Sequence[Placed]) -> list[list[Placed]]:
    """Those that stand beside each other, from left to right, and from top to bottom."""
    out: list[list[Placed]] = []
    for label in sorted(found, key=lambda label: label.box.cy):
        if out and abs(out[-1][0].box.cy - label.box.cy) < SAME_ROW * label.size:
            out[-1].append(label)
        else:
            out.append([label])
    return [sorted(row, key=lambda label: label.box.x0) for row in out]


def _seen(symbols: Sequence[FoundSymbol]) -> Iterator[_Seen]:
    """What may be labels, wherever they stand."""
    signs = [symbol for symbol in symbols if symbol.best.kind in (Kind.CLOSE, Kind.PUNCT, Kind.ORD)]
    for sign in signs:
        if sign.best.latex not in (")", "."):
            continue
        before = _left_of(sign, symbols, WITHIN)
        opening = before if before is not None and before.best.latex == "(" else None
        name = before if opening is None else None
        if before is None:
            opening = _left_of(sign, [s for s in symbols if s.best.latex == "("], HOLLOW)
        elif name is not None and name.best.kind in _NAMES:
            opening = _left_of(name, [s for s in symbols if s.best.latex == "("], WITHIN)
        if (opening or name) is None or (name is not None and name.best.kind not in _NAMES):
            continue
        parts = [part.box for part in (opening, name, sign) if part is not None]
        form = "*." if sign.best.latex == "." else "(*)" if opening else "*)"
        if form == "(*)" or (name is not None and not (form == "*." and name.best.kind is Kind.DIGIT)):
            yield _Seen(form, _letter(name) if name else "", union(parts), sign.baseline, sign.size)
    for symbol in symbols:
        if symbol.best.latex in ROUND:
            yield _Seen("*", "", symbol.box, symbol.baseline, symbol.size)


def _letter(symbol: FoundSymbol) -> str:
    """Without its style."""
    return symbol.best.latex.rstrip("}").rpartition("{")[2]


def _left_of(symbol: FoundSymbol, others: Sequence[FoundSymbol], gap: float) -> FoundSymbol | None:
    near = [
        other
        for other in others
        if -0.1 * symbol.size < symbol.box.x0 - other.box.x1 < gap * symbol.size
        and abs(other.baseline - symbol.baseline) < WITHIN * symbol.size
    ]
    return max(near, key=lambda other: other.box.x1, default=None)


def _stands_free(label: _Seen, symbols: Sequence[FoundSymbol]) -> bool:
    """Whether nothing is close before it, and something after it, as its answer."""
    level = [
        s
        for s in symbols
        if s.box.y_overlap(label.box) > 0 and not label.box.contains_point(s.box.cx, s.box.cy)
    ]
    before = any(
        -FREE * s.size < s.box.x1 - label.box.x0 < 0.5 * s.size for s in level if s.box.cx < label.box.x0
    )
    return not before and any(0 < s.box.cx - label.box.x1 < ANSWER * s.size for s in level)


def _named(seen: Sequence[_Seen]) -> list[Label]:
    """The labels by the series that most of them are of, row by row or column by column."""
    if seen[0].form == "*":
        in_rows = rows(seen)
        beside = len(in_rows) < len(seen)
        aligned = (
            beside or max(each.box.x0 for each in seen) - min(each.box.x0 for each in seen) < seen[0].size
        )
        return [each.named("◯") for row in in_rows for each in row] if aligned else []
    by_row = [each for row in rows(seen) for each in row]
    by_column = sorted(seen, key=lambda each: (round(each.box.x0 / (2 * each.size)), each.box.y0))
    best: tuple[float, list[Label]] = (0.0, [])
    for series in _SERIES:
        for order in (by_row, by_column):
            told = [each.name for each in order]
            names = told if _are_of(series, told) else list(series[: len(order)])
            right = sum(name == own for name, own in zip(names, told, strict=False)) / len(seen)
            if right > best[0] and len(names) == len(order):
                best = right, [each.named(name) for each, name in zip(order, names, strict=True)]
    return best[1] if best[0] >= NAMED else []


def _are_of(series: str, names: Sequence[str]) -> bool:
    """Whether all were seen as some of the series, in its order: others of it may have been missed."""
    places = [series.find(name) if name else -1 for name in names]
    return places[0] >= 0 and all(before < after for before, after in pairwise(places))
