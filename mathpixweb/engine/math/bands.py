"""Rows of a picture's formula: white bands through its whole width part them.

TeX and browsers never let the ink of two rows meet, so a band is surer than any measure of baselines. What is
above a fraction bar is parted from it by a band, too; so a band counts only if either side could be a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.items import Item
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.model import Rule

LEAST: Final = 0.04  # em of white between two rows
FULL_SIZE: Final = 0.85  # of the text's size is a symbol of a row
NEAR_BAR: Final = 0.9  # em from a fraction bar to what stands above or below it
IN_FRACTION: Final = 0.2  # em between what stands above each other under one bar
SAME_EDGE: Final = 0.15  # em by which edges that are aligned may differ
_ROW_KINDS: Final = (
    Kind.LETTER, Kind.DIGIT, Kind.ROMAN, Kind.REL, Kind.BIN, Kind.ORD, "fence", Kind.OP, Kind.INT, Kind.RAD,
)  # fmt: skip


@dataclass(slots=True)
class Band:
    """A row: what is in it, from `bottom` to `top` in points, y upwards."""

    top: float
    bottom: float
    items: list[Item] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    @property
    def left(self) -> float:
        return min(item.box.x0 for item in self.items)

    @property
    def right(self) -> float:
        return max(item.box.x1 for item in self.items)


def rows(items: Sequence[Item], rules: Sequence[Rule], size: float) -> list[Band]:
    """The rows from the top; one if there are no others. `size` is the text's, in points."""
    whole: list[Band] = []
    for band in _with_loose_ends(_bands(items, [rule for rule in rules if not rule.vertical]), size):
        if whole and not _is_row_apart(whole[-1], band, size):
            whole[-1] = _together(whole[-1], band)
        else:
            whole.append(band)
    return whole


def _with_loose_ends(bands: list[Band], size: float) -> list[Band]:
    """Accents, limits and bars go to the row that is nearer."""
    left = list(bands)
    while len(left) > 1:
        loose = next((k for k, band in enumerate(left) if not _may_be_row(band, size)), None)
        if loose is None:
            break
        above = left[loose - 1].bottom - left[loose].top if loose else float("inf")
        below = left[loose].bottom - left[loose + 1].top if loose + 1 < len(left) else float("inf")
        first = loose - 1 if above < below else loose
        left[first : first + 2] = [_together(left[first], left[first + 1])]
    return left


def _together(upper: Band, lower: Band) -> Band:
    return Band(upper.top, lower.bottom, upper.items + lower.items, upper.rules + lower.rules)


def alignment(found: Sequence[Band], size: float) -> str:
    """How the rows stand to each other."""
    lefts = [band.left for band in found]
    centres = [(band.left + band.right) / 2 for band in found]
    rights = [band.right for band in found]
    spread = {"l": _spread(lefts), "c": _spread(centres), "r": _spread(rights)}
    close = [letter for letter in "lcr" if spread[letter] < SAME_EDGE * size]
    return close[0] if close else "l"


def _bands(items: Sequence[Item], rules: Sequence[Rule]) -> list[Band]:
    """Everything in the order of its upper edge, parted where nothing goes on."""
    found: list[Band] = []
    marks: list[Item | Rule] = [*items, *rules]
    for mark in sorted(marks, key=lambda mark: -mark.box.y1):
        if not found or mark.box.y1 < found[-1].bottom:
            found.append(Band(mark.box.y1, mark.box.y0))
        band = found[-1]
        band.bottom = min(band.bottom, mark.box.y0)
        if isinstance(mark, Item):
            band.items.append(mark)
        else:
            band.rules.append(mark)
    return found


def _is_row_apart(upper: Band, lower: Band, size: float) -> bool:
    if upper.bottom - lower.top < LEAST * size:
        return False
    return not (_hangs_on(upper, lower, size) or _hangs_on(lower, upper, size))


def _may_be_row(band: Band, size: float) -> bool:
    return any(item.role in _ROW_KINDS and (item.size or 0.0) >= FULL_SIZE * size for item in band.items)


def _hangs_on(band: Band, other: Band, size: float) -> bool:
    """Whether all of `other` but scripts stands over or under fraction bars at the near edge of `band`."""
    above = band.bottom > other.top
    bars = [
        bar
        for bar in (rule.box for rule in band.rules)
        if (bar.y0 - other.top if above else other.bottom - bar.y1) < NEAR_BAR * size
        or _edge(bar, band, other, above=above) < IN_FRACTION * size
    ]
    text = [item.box for item in other.items if (item.size or size) >= FULL_SIZE * size]
    return all(
        any(bar.x0 - SAME_EDGE * size < box.cx < bar.x1 + SAME_EDGE * size for bar in bars)
        for box in text or [item.box for item in other.items]
    )


def _edge(bar: Box, band: Band, other: Band, *, above: bool) -> float:
    """White between `other` and what stands between it and the bar: a fraction within a fraction goes on."""
    beside = [item.box for item in band.items if bar.x0 < item.box.cx < bar.x1]
    if above:
        return min([bar.y0, *(box.y0 for box in beside if box.y1 < bar.y0)]) - other.top
    return other.bottom - max([bar.y1, *(box.y1 for box in beside if box.y0 > bar.y1)])


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)
