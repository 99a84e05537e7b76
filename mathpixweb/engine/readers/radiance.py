"""Radiance pictures: red, green and blue with a common exponent.

OpenCV reads them, but only from a file, and whoever reads strangers' pictures here cannot write any.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.errors import UnreadableImage, UnsupportedImage
from mathpixweb.engine.readers import picture_sizes

_HEAD: Final = re.compile(rb"#\?(?:RADIANCE|RGBE)\n(?:[^\n]*\n)*?\n([-+])Y (\d{1,6}) ([-+])X (\d{1,6})\n")
_LONGEST_HEAD: Final = 65_536  # bytes
_PACKED_WIDTHS: Final = range(8, 32_768)  # in which rows are packed, each colour by itself
_REPEATED: Final = 128  # bytes from which on the count of a run tells how often one byte follows
_EXPONENT: Final = 128 + 8

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def read(content: bytes) -> Floats:
    """Rows by columns by red, green, blue; linear light made to look as on a screen.

    Raises UnsupportedImage, ImageTooLarge or UnreadableImage.
    """
    found = _HEAD.match(content[:_LONGEST_HEAD])
    if found is None:
        raise UnreadableImage("The Radiance picture has no complete header.")
    if b"\nFORMAT=32-bit_rle_xyze" in found[0]:
        raise UnsupportedImage("Radiance pictures in XYZ colours cannot be read here.")
    height, width = int(found[2]), int(found[4])
    picture_sizes.check(width, height)
    try:
        pixels = _pixels(content[found.end() :], width, height)
    except (IndexError, ValueError) as error:
        raise UnreadableImage("The Radiance picture is damaged.") from error
    upright = pixels[:: -1 if found[1] == b"+" else 1, :: -1 if found[3] == b"-" else 1]
    scale = np.ldexp(np.float32(1), upright[..., 3].astype(np.int32) - _EXPONENT)
    linear = upright[..., :3] * scale[..., None]
    screen: Floats = np.power(linear, 1 / 2.2, dtype=np.float32)
    return screen


def _pixels(stored: bytes, width: int, height: int) -> Bytes:
    """Rows by columns by red, green, blue and exponent."""
    if width in _PACKED_WIDTHS and stored[:2] == b"\x02\x02":
        return _unpacked(stored, width, height)
    quads = np.frombuffer(stored, np.uint8, 4 * width * height)
    return quads.reshape(height, width, 4)


def _unpacked(stored: bytes, width: int, height: int) -> Bytes:
    planes = np.empty((height, 4, width), np.uint8)
    at = 0
    for row in planes:
        if stored[at : at + 4] != bytes((2, 2, width >> 8, width & 255)):
            raise ValueError("a row that is not packed")
        at += 4
        for plane in row:
            at = _unpack(stored, at, plane)
    return np.moveaxis(planes, 1, 2)


def _unpack(stored: bytes, at: int, plane: Bytes) -> int:
    """Fills one colour of a row, and tells where the next one begins."""
    filled = 0
    while filled < len(plane):
        count = stored[at]
        if count > _REPEATED:
            count -= _REPEATED
            plane[filled : filled + count] = stored[at + 1]
            at += 2
        elif count:
            plane[filled : filled + count] = np.frombuffer(stored, np.uint8, count, at + 1)
            at += 1 + count
        else:
            raise ValueError("a run of nothing")
        filled += count
    if filled > len(plane):
        raise ValueError("a run beyond the end of its row")
    return at
