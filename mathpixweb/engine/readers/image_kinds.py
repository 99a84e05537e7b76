"""What kind of picture some bytes are, and its size where no decoder should be trusted to tell."""

from __future__ import annotations

import re
import struct
from typing import Final

_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\x59\xa6\x6a\x95", "sun"),
    (b"#?RADIANCE", "hdr"),
    (b"#?RGBE", "hdr"),
    (b"\x76\x2f\x31\x01", "exr"),
    (b"%PDF-", "pdf"),
    (b"%!PS", "postscript"),
    (b"8BPS", "psd"),
    (b"CDF\x01", "netcdf"),
    (b"CDF\x02", "netcdf"),
    (b"CDF\x05", "netcdf"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x0e\x03\x13\x01", "hdf4"),
    (b"GRIB", "grib"),
    (b"SIMPLE  =", "fits"),
    (b"NITF", "nitf"),
    (b"NSIF", "nitf"),
    (b"EHFA_HEADER_TAG", "imagine"),
    (b"PCIDSK  ", "pcidsk"),
    (b"RSW\x00", "rmf"),
    (b"UHL1", "dted"),
    (b"binterr1", "binary terrain"),
    (b"DSAA", "golden grid"),
    (b"DSBB", "golden grid"),
    (b"DSRB", "golden grid"),
    (b"Object = IsisCube", "isis"),
    (b"PDS_VERSION_ID", "pds"),
    (b"LBLSIZE=", "vicar"),
    (b"RUU CROSS SYSTEM MAP FORMAT", "pcraster"),
    (b"srcdocid:", "cals"),
    (b"\x01\xda", "sgi"),
    (b"/* XPM */", "xpm"),
)
UNSUPPORTED: Final = {
    "pdf": "PDF files are read by v3/pdf;",
    "postscript": "PostScript",
    "psd": "Photoshop",
    "svg": "SVG",
    "heif": "HEIC",
}
_FLOAT_MAP_SIZE: Final = re.compile(rb"P[Ff]\n(\d{1,6})\s+(\d{1,6})\s")
_ANY_MAP_SIZE: Final = re.compile(rb"WIDTH (\d{1,6})\n(?:.*\n)*?HEIGHT (\d{1,6})\n")
_GEOPACKAGES: Final = (b"GPKG", b"GP10", b"GP11")
_AVIF_BRANDS: Final = (b"avif", b"avis")
_HEIF_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


def kind_of(content: bytes) -> str:
    """One of those above or below, such as webp, `float map` or svg, or an empty text."""
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and (kind := _boxed(content)):
        return kind
    if content[:3] in (b"PF\n", b"Pf\n", b"P7\n"):
        return "float map" if content[1:2] != b"7" else "any map"
    if re.match(rb"P[1-6]\s", content[:3]):
        return "pnm"
    if re.match(rb"ncols\s+\d", content[:32], re.IGNORECASE):
        return "arc grid"
    if content.startswith(b"SQLite format 3\x00") and content[68:72] in _GEOPACKAGES:
        return "geopackage"
    if b"<svg" in content[:1024]:
        return "svg"
    return ""


def _boxed(content: bytes) -> str:
    """Which of two kinds in the same boxes it is, which their brands tell: the main one or one like it."""
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = [content[at : at + 4] for at in (8, *range(16, length, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return "avif"
    return "heif" if brands[0] in _HEIF_BRANDS else ""


def size_of(kind: str, content: bytes) -> tuple[int, int] | None:
    """Width and height, for those kinds whose decoders take memory for the whole picture at once."""
    try:
        match kind:
            case "webp":
                return _webp(content)
            case "float map" | "any map":
                pattern = _FLOAT_MAP_SIZE if kind == "float map" else _ANY_MAP_SIZE
                found = pattern.search(content[:1024])
                return (int(found[1]), int(found[2])) if found else None
            case "tiff":
                return _tiff(content)
    except (struct.error, IndexError):
        pass
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    chunk = content[12:16]
    if chunk == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if chunk == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _tiff(content: bytes) -> tuple[int, int] | None:
    """Of the first picture of a classic TIFF."""
    order = "<" if content[:2] == b"II" else ">"
    version, at = struct.unpack(f"{order}HL", content[2:8])
    if version != 42:
        return None
    (count,) = struct.unpack(f"{order}H", content[at : at + 2])
    sizes: dict[int, int] = {}
    for entry in range(min(count, 512)):
        start = at + 2 + 12 * entry
        tag, kind, _ = struct.unpack(f"{order}HHL", content[start : start + 8])
        if tag in (256, 257):
            form = f"{order}H" if kind == 3 else f"{order}L"
            sizes[tag] = struct.unpack_from(form, content, start + 8)[0]
    return (sizes[256], sizes[257]) if len(sizes) == 2 else None
