"""What the same work costs at Mathpix's list price, in US dollars."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

PAGE = Decimal("0.005")
IMAGE = Decimal("0.002")
FREE = Decimal(0)  # conversions of a result, and what has no list price

PRICES: Mapping[str, Decimal] = {
    "pdf-page": PAGE,
    "pdf-async": PAGE,
    "image": IMAGE,
    "image-async": IMAGE,
    "strokes": IMAGE,
}


def cost(counts: Mapping[str, int]) -> Decimal:
    """The price of so many of each usage type."""
    return sum((PRICES.get(usage_type, FREE) * count for usage_type, count in counts.items()), FREE)
