"""Pictures: bytes of any kind to pixels as a person would see them.

The size is taken from the header and judged before anything is decoded. What EXIF says of the camera's
position is undone, transparency lies on white, or on black if all that is drawn is white, and 16 bits, floats
and CMYK become 8 bits of RGB. "The picture as it was sent" is the one that any viewer shows, so EXIF's turn
is part of it; of a file with several pictures it is the first.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.errors import UnreadableImage, UnsupportedImage
from mathpixweb.engine.readers import geospatial, image_kinds, picture_sizes, radiance, tones

FAINTEST: Final = (
    240  # level of each colour; a transparent picture with nothing darker on it was meant for a dark ground
)
BAND: Final = 256  # rows that are turned into red, green and blue at once
# Only these decoders are let at strangers' bytes; Pillow has others, of which some start programs.
PILLOW: Final = ("AVIF", "BMP", "DIB", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "SUN", "TIFF", "WEBP")

_read_openexr: Final = Deferred("mathpixweb.engine.readers.openexr:read")  # with the format's library

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Raster:
    """A decoded picture: rows by columns by red, green and blue."""

    rgb: Pixels

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])


def told_size(content: bytes) -> tuple[int, int] | None:
    """Width and height as the file's head tells them; None if it cannot be read so."""
    if (size := image_kinds.size_of(image_kinds.kind_of(content), content)) is not None:
        return size
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=PILLOW) as opened:
                return opened.size
    except Exception:  # noqa: BLE001 - whatever a broken head makes the decoders stumble over
        return None


def read(content: bytes) -> Raster:
    """The picture in these bytes. Raises ImageTooLarge, UnsupportedImage or UnreadableImage."""
    kind = image_kinds.kind_of(content)
    if kind in image_kinds.UNSUPPORTED:
        raise UnsupportedImage(f"{image_kinds.UNSUPPORTED[kind]} pictures cannot be read here.")
    size = image_kinds.size_of(kind, content)
    if size is not None:
        picture_sizes.check(*size)
    decode = _DECODERS.get(kind, _by_pillow)
    raster = Raster(decode(content))
    picture_sizes.check(raster.width, raster.height)  # of kinds whose size only their decoder knows
    return raster


def _by_pillow(content: bytes) -> Pixels:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, and of sizes that are judged here
            with Image.open(io.BytesIO(content), formats=PILLOW) as opened:
                picture_sizes.check(*opened.size)
                return _eight_bits(opened)
    except UnreadableImage:
        raise
    except Image.DecompressionBombError as error:  # Pillow's own limit, far above ours
        raise picture_sizes.far_too_large() from error
    except Exception as error:  # noqa: BLE001  decoders raise whatever a broken file makes them stumble over
        return _by_opencv(content, error)


def _eight_bits(opened: Image.Image) -> Pixels:
    """In bands: a page in colours has 25 million bytes, of which Pillow makes three copies on the way."""
    ImageOps.exif_transpose(opened, in_place=True)
    if opened.mode in ("F", "I") or opened.mode.startswith("I;"):
        return np.repeat(tones.compressed(np.asarray(opened))[..., None], 3, axis=2)
    pixels = _on(opened, "white")
    if not _is_transparent(opened) or pixels.min() < FAINTEST:
        return pixels
    dark = _on(opened, "black")
    return dark if dark.max() > FAINTEST else pixels


def _on(opened: Image.Image, ground: str) -> Pixels:
    pixels = np.empty((opened.height, opened.width, 3), np.uint8)
    for top in range(0, opened.height, BAND):
        bottom = min(opened.height, top + BAND)
        band = opened.crop((0, top, opened.width, bottom))
        if _is_transparent(opened):
            coloured = band.convert("RGBA")
            band = Image.new("RGBA", coloured.size, ground)
            band.alpha_composite(coloured)
        pixels[top:bottom] = np.asarray(band.convert("RGB"))
    return pixels


def _is_transparent(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _by_opencv(content: bytes, cause: Exception | None = None) -> Pixels:
    """Maps of floats, and what Pillow stumbles over, such as some depths of TIFF."""
    try:
        picture_sizes.check(*_opencv_size(content))
        decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
    except cv2.error:
        decoded = None
    if decoded is None or decoded.size == 0:
        raise UnreadableImage("The data is not a picture, or it is damaged.") from cause
    bright = decoded if decoded.dtype == np.uint8 else tones.compressed(decoded)
    colour = cv2.COLOR_GRAY2RGB if bright.ndim == 2 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(bright, colour), np.uint8)


def _opencv_size(content: bytes) -> tuple[int, int]:
    size = image_kinds.size_of(image_kinds.kind_of(content), content)
    if size is None:
        raise UnreadableImage("The data is not a picture, or it is damaged.")
    return size


def _by_openexr(content: bytes) -> Pixels:
    return tones.compressed(_read_openexr(content))


def _by_radiance(content: bytes) -> Pixels:
    return tones.compressed(radiance.read(content))


def _by_gdal(content: bytes) -> Pixels:
    with geospatial.opened(content, image_kinds.kind_of(content)) as rasters:
        described = geospatial.described(rasters)
        picture_sizes.check(*described.size)
        return _by_pillow(geospatial.as_png(rasters, described))


_DECODERS: Final[dict[str, Callable[[bytes], Pixels]]] = {
    "hdr": _by_radiance,
    "float map": _by_opencv,
    "any map": _by_opencv,
    "exr": _by_openexr,
    **dict.fromkeys(geospatial.DRIVERS, _by_gdal),
}
