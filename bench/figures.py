"""What was measured, and the table that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

ABSENT = "not installed"
HEAD = ("subject", "what", "figure", "rival", "its figure", "ratio", "goal")


@dataclass(frozen=True, slots=True)
class Figure:
    """`rival` names what was measured beside it in the same run; `goal` is what is wanted, in words.

    A rival without figures is one that is not installed.
    """

    what: str
    value: float
    unit: str
    rival: str = ""
    rivals: float | None = None
    goal: str = ""


class LeftOut(Exception):
    """Why a subject cannot be measured here, and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    subject: str
    figure: Figure

    def cells(self) -> tuple[str, ...]:
        figure = self.figure
        theirs = ABSENT if figure.rival else ""
        if figure.rivals is not None:
            theirs = f"{_short(figure.rivals)} {figure.unit}"
        ratio = f"{figure.value / figure.rivals:.2f}" if figure.rivals else ""
        value = f"{_short(figure.value)} {figure.unit}"
        return self.subject, figure.what, value, figure.rival, theirs, ratio, figure.goal


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """As Markdown, which reads as well in a terminal."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = [_line(line, widths) for line in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def middle(values: Sequence[float]) -> float:
    return percentile(values, 50)


def percentile(values: Sequence[float], percent: int) -> float:
    if len(values) < 2:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]
