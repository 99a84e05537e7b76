"""Lines thinned to one pixel, after Guo and Hall (1989): others lose slanted lines of two pixels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

# The eight neighbours, clockwise from above, each a bit of the code of a pixel's surroundings.
_PLACES: Final = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
MOST_ROUNDS: Final = 60  # a line is thinner than twice as many pixels


def thin(mask: Mask) -> Mask:
    """The middle of every line; a pixel inside of a line has just two neighbours, diagonal ones included."""
    padded = np.pad(mask, 1).astype(np.uint8)
    left, width = padded.reshape(-1), padded.shape[1]
    set_ones = np.flatnonzero(left)
    for _ in range(MOST_ROUNDS):
        count = len(set_ones)
        for table in _TABLES:
            set_ones = _thinned(left, set_ones, width, table)
        if len(set_ones) == count:
            break
    for table in _STAIRS:
        set_ones = _thinned(left, set_ones, width, table)
    return np.asarray(padded[1:-1, 1:-1], bool)


def _thinned(
    left: NDArray[np.uint8], set_ones: NDArray[np.intp], width: int, table: NDArray[np.uint8]
) -> NDArray[np.intp]:
    """Clears the pixels that the table says; the places of those that stay set. Few of a page are."""
    around = np.zeros(len(set_ones), np.uint8)
    for bit, (down, right) in enumerate(_PLACES):
        around |= left[set_ones + (down * width + right)] << bit
    goes = table[around].astype(bool)
    left[set_ones[goes]] = 0
    return np.asarray(set_ones[~goes], np.intp)


def codes(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Which neighbours of each pixel (of value 0 or 1) are set, as bits."""
    kernel = np.zeros((3, 3), np.float32)
    for bit, (down, right) in enumerate(_PLACES):
        kernel[1 + down, 1 + right] = 1 << bit
    return np.asarray(cv2.filter2D(pixels, cv2.CV_8U, kernel, borderType=cv2.BORDER_CONSTANT), np.uint8)


def _bits(code: int) -> list[int]:
    return [code >> k & 1 for k in range(8)]


def _table(second: bool) -> NDArray[np.uint8]:
    """Which pixels go, by the code of their neighbours, in one half of a round."""
    table = np.zeros(256, np.uint8)
    for code in range(256):
        around = _bits(code)  # clockwise from above
        turned = around[4:] + around[:4] if second else around
        above, above_right, right, below_right = turned[:4]
        arms = sum(not around[k] and (around[k + 1] or around[(k + 2) % 8]) for k in range(0, 8, 2))
        pairs = [around[k] or around[(k + 1) % 8] for k in range(8)]
        fewest = min(sum(pairs[0::2]), sum(pairs[1::2]))
        edge = (above or above_right or not below_right) and right
        table[code] = arms == 1 and 2 <= fewest <= 3 and not edge
    return table


def _stair(corner: int) -> NDArray[np.uint8]:
    """Pixels that are the inner corner of a step, which their two neighbours can take without them."""
    table = np.zeros(256, np.uint8)
    for code in range(256):
        bits = _bits(code)
        around = [bits[(corner + k) % 8] for k in range(8)]  # a side, the diagonal, the next side, …
        table[code] = around[0] and around[2] and not any(around[4:7])
    return table


_STAIRS: Final = tuple(_stair(corner) for corner in (0, 2, 4, 6))
_TABLES: Final = (_table(False), _table(True))
