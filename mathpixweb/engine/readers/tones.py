"""Brightness beyond 8 bits made to fit into them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DARKEST, LIGHTEST = 0.1, 99.5  # percentiles that become black and white
FULL_16 = 65535.0
USED = 0.25  # of 16 bits; less is a camera's 10 or 12 bits, or depths of a scanner


def compressed(values: NDArray[Any]) -> NDArray[np.uint8]:
    """8 bits from 16-bit integers or floats.

    Whole numbers that use their range are scaled by it; everything else has no fixed white and is stretched.
    """
    numbers = np.nan_to_num(np.asarray(values, np.float32), nan=0.0, posinf=FULL_16, neginf=0.0)
    whole = np.issubdtype(values.dtype, np.integer)
    if whole and FULL_16 * USED < float(numbers.max(initial=0.0)) <= FULL_16:
        scaled: NDArray[np.uint8] = (numbers * (255.0 / FULL_16)).astype(np.uint8)
        return scaled
    low, high = (float(value) for value in np.percentile(numbers, (DARKEST, LIGHTEST)))
    if high <= low:
        low, high = float(numbers.min()), float(numbers.max())
    span = max(high - low, 1e-12)
    stretched: NDArray[np.uint8] = np.clip((numbers - low) * (255.0 / span), 0, 255).astype(np.uint8)
    return stretched
