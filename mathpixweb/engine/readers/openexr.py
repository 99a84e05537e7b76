"""OpenEXR pictures, of which the size is read first and the pixels by the format's own library.

It is loaded with the first of them. Deep pictures are none that a viewer shows, and refused by name.
"""

from __future__ import annotations

import io
import struct
from typing import Final

import Imath
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from mathpixweb.engine.errors import UnreadableImage, UnsupportedImage
from mathpixweb.engine.readers import picture_sizes

WANTED: Final = ("R", "G", "B", "Y", "A")
_DEEP: Final = 0x800  # in the version
_FLOAT: Final = Imath.PixelType(Imath.PixelType.FLOAT)

Floats = NDArray[np.float32]


def read(content: bytes) -> Floats:
    """Rows by columns by red, green, blue; linear light made to look as on a screen.

    Raises UnsupportedImage, ImageTooLarge or UnreadableImage.
    """
    try:
        width, height = _size(content)
        planes = _planes(content, (height, width))
    except (struct.error, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise UnreadableImage("The OpenEXR picture is damaged.") from error
    fallback = planes.get("Y", next(iter(planes.values())))
    colours = [planes.get(name, fallback) for name in "RGB"]
    linear = np.nan_to_num(np.stack(colours, axis=2), nan=0.0, posinf=1e4, neginf=0.0)
    if "A" in planes:
        linear = linear + (1.0 - np.clip(planes["A"], 0.0, 1.0))[..., None]
    screen: Floats = np.power(np.clip(linear, 0.0, None), 1 / 2.2, dtype=np.float32)
    return screen


def _size(content: bytes) -> tuple[int, int]:
    """Width and height of the first picture, before the library takes memory for it."""
    (version,) = struct.unpack_from("<I", content, 4)
    if version & _DEEP:
        raise UnsupportedImage("Deep OpenEXR pictures cannot be read here.")
    at = 8
    while content[at]:
        name, at = _text(content, at)
        _, at = _text(content, at)
        (size,) = struct.unpack_from("<I", content, at)
        if name == "dataWindow":
            x0, y0, x1, y1 = struct.unpack_from("<4i", content, at + 4)
            width, height = x1 - x0 + 1, y1 - y0 + 1
            picture_sizes.check(width, height)
            return width, height
        at += 4 + size
    raise UnreadableImage("The OpenEXR picture has no complete header.")


def _text(content: bytes, at: int) -> tuple[str, int]:
    end = content.index(b"\x00", at)
    return content[at:end].decode("latin-1"), end + 1


def _planes(content: bytes, shape: tuple[int, int]) -> dict[str, Floats]:
    """The colours by their names, or whatever there is under others."""
    picture = OpenEXR.InputFile(io.BytesIO(content))
    there = picture.header()["channels"]
    full = [name for name, channel in there.items() if (channel.xSampling, channel.ySampling) == (1, 1)]
    if not full:
        raise UnsupportedImage("OpenEXR pictures with subsampled colours cannot be read here.")
    names = [name for name in WANTED if name in full] or full[:1]
    return {name: np.frombuffer(picture.channel(name, _FLOAT), np.float32).reshape(shape) for name in names}
