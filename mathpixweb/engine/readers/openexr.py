"""OpenEXR pictures in the forms in which they are mostly saved: rows of pixels, raw or zipped.

Tiles, several parts and the wavelet and lossy compressions are refused by name; the format's own library is
not part of the builds of OpenCV and Pillow.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.errors import ImageTooLarge, UnreadableImage, UnsupportedImage

MOST_PIXELS: Final = 64_000_000
_TYPES: Final = {0: "<u4", 1: "<f2", 2: "<f4"}
_ROWS_OF: Final = {0: 1, 2: 1, 3: 16}  # compression: raw, each row zipped, sixteen rows zipped
_OTHERS: Final = {1: "RLE", 4: "PIZ", 5: "PXR24", 6: "B44", 7: "B44A", 8: "DWAA", 9: "DWAB"}
_TILED, _MULTIPART, _DEEP = 0x200, 0x1000, 0x800

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Header:
    channels: tuple[tuple[str, str], ...]  # name and numpy type, in the order in which they are stored
    compression: int
    window: tuple[int, int, int, int]
    end: int

    @property
    def width(self) -> int:
        return self.window[2] - self.window[0] + 1

    @property
    def height(self) -> int:
        return self.window[3] - self.window[1] + 1


def read(content: bytes) -> Floats:
    """Rows by columns by red, green, blue; linear light made to look as on a screen.

    Raises UnsupportedImage, ImageTooLarge or UnreadableImage.
    """
    try:
        header = _header(content)
        planes = _planes(content, header)
    except (struct.error, LookupError, zlib.error, ValueError) as error:
        raise UnreadableImage("The OpenEXR picture is damaged.") from error
    fallback = planes.get("Y", next(iter(planes.values())))
    colours = [planes.get(name, fallback) for name in "RGB"]
    linear = np.nan_to_num(np.stack(colours, axis=2), nan=0.0, posinf=1e4, neginf=0.0)
    if "A" in planes:
        linear = linear + (1.0 - np.clip(planes["A"], 0.0, 1.0))[..., None]
    screen: Floats = np.power(np.clip(linear, 0.0, None), 1 / 2.2, dtype=np.float32)
    return screen


def _header(content: bytes) -> _Header:
    (version,) = struct.unpack_from("<I", content, 4)
    if version & (_TILED | _MULTIPART | _DEEP):
        raise UnsupportedImage("OpenEXR pictures of tiles or of several parts cannot be read here.")
    at = 8
    values: dict[str, bytes] = {}
    while content[at]:
        name, at = _text(content, at)
        _, at = _text(content, at)
        (size,) = struct.unpack_from("<I", content, at)
        values[name] = content[at + 4 : at + 4 + size]
        at += 4 + size
    missing = {"channels", "compression", "dataWindow"} - values.keys()
    if missing:
        raise UnreadableImage("The OpenEXR picture has no complete header.")
    compression = values["compression"][0]
    if compression not in _ROWS_OF:
        name = _OTHERS.get(compression, "this")
        raise UnsupportedImage(f"OpenEXR pictures with {name} compression cannot be read here.")
    x0, y0, x1, y1 = struct.unpack("<4i", values["dataWindow"])
    if x1 < x0 or y1 < y0:
        raise UnreadableImage("The picture has no extent.")
    if (x1 - x0 + 1) * (y1 - y0 + 1) > MOST_PIXELS:
        raise ImageTooLarge(f"The picture has {x1 - x0 + 1} x {y1 - y0 + 1} pixels.")
    return _Header(_channels(values["channels"]), compression, (x0, y0, x1, y1), at + 1)


def _text(content: bytes, at: int) -> tuple[str, int]:
    end = content.index(b"\x00", at)
    return content[at:end].decode("latin-1"), end + 1


def _channels(value: bytes) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    at = 0
    while value[at]:
        name, at = _text(value, at)
        (kind,) = struct.unpack_from("<i", value, at)
        x_sampling, y_sampling = struct.unpack_from("<2i", value, at + 8)
        if (x_sampling, y_sampling) != (1, 1):
            raise UnsupportedImage("OpenEXR pictures with subsampled colours cannot be read here.")
        found.append((name, _TYPES[kind]))
        at += 16
    return tuple(found)


def _planes(content: bytes, header: _Header) -> dict[str, Floats]:
    rows_of_chunk = _ROWS_OF[header.compression]
    chunks = -(-header.height // rows_of_chunk)
    offsets = struct.unpack_from(f"<{chunks}Q", content, header.end)
    planes = {name: np.zeros((header.height, header.width), np.float32) for name, _ in header.channels}
    for offset in offsets:
        y, size = struct.unpack_from("<iI", content, offset)
        first = y - header.window[1]
        rows = min(rows_of_chunk, header.height - first)
        if rows < 1 or first < 0:
            raise ValueError("a row outside the picture")
        _fill(planes, header, first, rows, content[offset + 8 : offset + 8 + size])
    return planes


def _fill(planes: dict[str, Floats], header: _Header, first: int, rows: int, packed: bytes) -> None:
    row_bytes = header.width * sum(np.dtype(kind).itemsize for _, kind in header.channels)
    raw = packed if header.compression == 0 else _unzipped(packed, rows * row_bytes)
    at = 0
    for row in range(first, first + rows):
        for name, kind in header.channels:
            planes[name][row] = np.frombuffer(raw, kind, header.width, at)
            at += header.width * np.dtype(kind).itemsize


def _unzipped(packed: bytes, size: int) -> bytes:
    """The bytes of a chunk, which are stored as differences, the even ones before the odd ones."""
    if len(packed) == size:
        return packed
    unpacker = zlib.decompressobj()
    differences = np.frombuffer(unpacker.decompress(packed, size), np.uint8).astype(np.int64)
    if len(differences) != size:
        raise ValueError("a chunk of the wrong size")
    differences[1:] -= 128
    halves = (np.cumsum(differences) & 0xFF).astype(np.uint8)
    raw = np.empty(size, np.uint8)
    raw[0::2], raw[1::2] = halves[: (size + 1) // 2], halves[(size + 1) // 2 :]
    return raw.tobytes()
