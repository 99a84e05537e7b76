"""The lines of a table: horizontal bars and upright stems, their segments joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.model import Rule

SEGMENT_GAP = 3.5  # points between segments of one line; it is broken where a double line crosses it
DOUBLE_LINE = 3.5  # points between the two lines of a double one
SHORTEST_STEM = 5.0  # points


@dataclass(frozen=True, slots=True)
class Rulings:
    """`bars` from top to bottom, `stems` from left to right."""

    bars: tuple[Box, ...] = ()
    stems: tuple[Box, ...] = ()

    def within(self, box: Box) -> Rulings:
        """The lines inside the box, those on its edges too."""
        around = box.grown(3)
        return Rulings(
            tuple(bar for bar in self.bars if around.contains_point(bar.cx, bar.cy)),
            tuple(stem for stem in self.stems if around.contains_point(stem.cx, stem.cy)),
        )

    def bars_between(self, upper: float, lower: float) -> list[Box]:
        """The bars between two heights."""
        return [bar for bar in self.bars if lower < bar.cy < upper]

    def stems_across(self, y: float) -> list[float]:
        """Where stems cross the height, from left to right."""
        return [stem.cx for stem in self.stems if stem.y0 - 1 < y < stem.y1 + 1]


def rulings_of(rules: Iterable[Rule]) -> Rulings:
    """The lines that the rules make."""
    rules = list(rules)
    stems = [rule.box for rule in rules if rule.vertical and rule.box.height > SHORTEST_STEM]
    return Rulings(tuple(_bars(rule.box for rule in rules if not rule.vertical)), tuple(_stems(stems)))


def _bars(boxes: Iterable[Box]) -> list[Box]:
    bars: list[Box] = []
    for box in sorted(boxes, key=lambda box: (-round(box.cy), box.x0)):
        last = bars[-1] if bars else None
        if last is not None and abs(last.cy - box.cy) < 1 and box.x0 - last.x1 < SEGMENT_GAP:
            bars[-1] = union((last, box))
        else:
            bars.append(box)
    return sorted(bars, key=lambda bar: -bar.cy)


def _stems(boxes: Iterable[Box]) -> list[Box]:
    """Segments above each other joined, then double lines."""
    stems: list[Box] = []
    for box in sorted(boxes, key=lambda box: (round(box.cx), -box.y1)):
        last = stems[-1] if stems else None
        if last is not None and abs(last.cx - box.cx) < 1 and last.y0 - box.y1 < SEGMENT_GAP:
            stems[-1] = union((last, box))
        else:
            stems.append(box)
    single: list[Box] = []
    for stem in sorted(stems, key=lambda stem: stem.cx):
        twin = next((s for s in single if stem.x0 - s.x1 < DOUBLE_LINE and s.y_overlap(stem) > 0), None)
        if twin is None:
            single.append(stem)
        else:
            single[single.index(twin)] = union((twin, stem))
    return single
