"""Lines and words as another server tells them: what readers rely on is what it should be, or is not there.

All else, known or not, stays as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SIDES = ("top_left_x", "top_left_y", "width", "height")
FURTHEST = 1_000_000  # pixels


def fit(line: Mapping[str, Any]) -> dict[str, Any]:
    """The line without those fields that are not what the contract says."""
    return {name: value for name, value in line.items() if name not in _CHECKS or _CHECKS[name](value)}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_rate(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _is_pixels(value: object) -> bool:
    return isinstance(value, int | float) and -FURTHEST <= value <= FURTHEST


def _is_region(value: object) -> bool:
    return isinstance(value, Mapping) and all(_is_pixels(value.get(side)) for side in SIDES)


def _is_contour(value: object) -> bool:
    return isinstance(value, list) and all(_is_point(point) for point in value)


def _is_point(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_pixels, value))


_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "id": _is_text,
    "parent_id": _is_text,
    "children_ids": _are_texts,
    "selected_labels": _are_texts,
    "type": _is_text,
    "subtype": _is_text,
    "text": _is_text,
    "text_display": _is_text,
    "latex": _is_text,
    "figure_label": _is_text,
    "region": _is_region,
    "cnt": _is_contour,
    "confidence": _is_rate,
    "confidence_rate": _is_rate,
    "line": _is_pixels,
    "column": _is_pixels,
    "font_size": _is_pixels,
}
