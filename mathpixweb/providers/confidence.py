"""How sure a page was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def of_lines(lines: Sequence[Mapping[str, object]]) -> float:
    """The mean of the lines' confidence rates, each weighted by its length; 1 for an empty page."""
    weights = [(len(str(line["text"])), line.get("confidence_rate")) for line in lines]
    rated = [(weight, float(rate)) for weight, rate in weights if weight and isinstance(rate, int | float)]
    total = sum(weight for weight, _ in rated)
    return sum(weight * rate for weight, rate in rated) / total if total else 1.0
