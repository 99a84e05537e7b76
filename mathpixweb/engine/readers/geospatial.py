"""Geospatial pictures by GDAL's programs where they are installed, from a file in memory.

GDAL is let at those of its formats only that are one file with a mark at its beginning. Some of them may name
other files all the same, so its programs are confined, and where the kernel cannot hide files from them,
those are not read. Nothing of a picture may reach a disk.
"""

from __future__ import annotations

import json
import mmap
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from mathpixweb.engine.errors import RenderFailed, UnreadableImage, UnsupportedImage
from mathpixweb.engine.writers.programs import bounded, confined
from mathpixweb.engine.writers.programs.programs import GDAL

SECONDS: Final = 30.0
MEMORY: Final = 1 << 30
ROOM: Final = 64 << 20  # bytes that a file may have
# GDAL's names of the kinds, and of what lies in their files
DRIVERS: Final[Mapping[str, tuple[str, ...]]] = {
    "arc grid": ("AAIGrid",),
    "binary terrain": ("BT",),
    "cals": ("CALS",),
    "dted": ("DTED",),
    "fits": ("FITS",),
    "geopackage": ("GPKG",),
    "golden grid": ("GSAG", "GSBG", "GS7BG"),
    "grib": ("GRIB",),
    "hdf4": ("HDF4", "HDF4Image"),
    "hdf5": ("HDF5", "HDF5Image"),
    "imagine": ("HFA",),
    "isis": ("ISIS3",),
    "netcdf": ("netCDF",),
    "nitf": ("NITF",),
    "pcidsk": ("PCIDSK",),
    "pcraster": ("PCRaster",),
    "pds": ("PDS",),
    "rmf": ("RMF",),
    "sgi": ("SGI",),
    "vicar": ("VICAR",),
    "xpm": ("XPM",),
}
NAMING_OTHERS: Final = frozenset({"geopackage", "hdf4", "hdf5", "imagine", "isis", "pcidsk", "pds", "vicar"})
OF_QUANTITIES: Final = frozenset({"fits", "grib", "hdf4", "hdf5", "netcdf"})  # bands are times, not colours
BY_THEMSELVES: Final = frozenset({"fits", "hdf4", "netcdf", "pcraster"})  # open it, and bear what follows
ELSEWHERE: Final = b"ExternalRasterDMS"  # what an ERDAS file says whose pixels lie in another one
COLOURS: Final = 3
NOWHERE: Final = Path("/proc/self/fdinfo")  # a folder in which nothing can be made, as nothing has to
CALMLY: Final = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_DRIVER_PATH": "disable",  # no drivers but its own
    "GDAL_NUM_THREADS": "1",
    "GDAL_PAM_ENABLED": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
}
_EXTENT: Final = re.compile(r"\[([\dx]+)\]")


@dataclass(frozen=True, slots=True)
class Rasters:
    """A file in memory while GDAL may read it."""

    kind: str
    path: str
    file: int

    def run(self, program: str, *words: str) -> bytes:
        """Raises UnreadableImage."""
        drivers = [word for driver in DRIVERS[self.kind] for word in ("-if", driver)]
        command = [program, *drivers, *words]
        try:
            ended = bounded.attempt(
                command, b"", NOWHERE, SECONDS, environment=CALMLY, memory=MEMORY, files=(self.file,)
            )
        except RenderFailed as error:
            raise UnreadableImage("The geospatial picture cannot be read.") from error
        if ended.status:
            raise UnreadableImage("The geospatial picture is damaged.")
        return ended.output


@dataclass(frozen=True, slots=True)
class Description:
    """`name` is GDAL's, `size` width and height in pixels, `bands` how many are shown."""

    name: str
    size: tuple[int, int]
    bands: int
    in_bytes: bool


@contextmanager
def opened(content: bytes, kind: str) -> Iterator[Rasters]:
    """The file, until the end of the block. Raises UnsupportedImage."""
    if GDAL.path() is None or not hasattr(os, "memfd_create"):
        raise UnsupportedImage("Geospatial pictures cannot be read here.")
    if ELSEWHERE in content or (kind in NAMING_OTHERS and not confined.landlock_version()):
        raise UnsupportedImage("Pictures whose pixels may lie in another file cannot be read here.")
    if len(content) > ROOM:
        raise UnsupportedImage("Geospatial pictures of that many bytes cannot be read here.")
    file = reserved()
    path = f"/proc/self/fd/{file}"
    if kind not in BY_THEMSELVES:
        path = f"/vsisubfile/0_{len(content)},{path}"
    with mmap.mmap(file, ROOM) as room:
        room[: len(content)] = content
        try:
            yield Rasters(kind, path, file)
        finally:
            room.madvise(mmap.MADV_REMOVE)


@cache
def reserved() -> int:
    """An empty file in memory, which takes none yet; for a process that later may not write any file."""
    file = os.memfd_create("picture")
    os.ftruncate(file, ROOM)
    return file


def described(rasters: Rasters) -> Description:
    """What the file's head tells of its picture, or of its largest one. Raises UnreadableImage."""
    name = rasters.path
    told = json.loads(rasters.run("gdalinfo", "-json", name))
    if not told.get("bands"):
        name = largest(told)
        told = json.loads(rasters.run("gdalinfo", "-json", name))
    types = [band["type"] for band in told.get("bands", ())]
    if not types:
        raise UnreadableImage("The picture has no bands.")
    shown = COLOURS if len(types) >= COLOURS and rasters.kind not in OF_QUANTITIES else 1
    width, height = told["size"]
    return Description(name, (width, height), shown, set(types[:shown]) == {"Byte"})


def largest(told: Mapping[str, Any]) -> str:
    """The name of the part with the most points, the first of such."""
    parts: Mapping[str, str] = told.get("metadata", {}).get("SUBDATASETS", {})
    names = [key for key in parts if key.endswith("_NAME")]
    if not names:
        raise UnreadableImage("The picture has no bands.")
    return parts[max(names, key=lambda key: _points(parts.get(key[: -len("NAME")] + "DESC", "")))]


def _points(description: str) -> int:
    """Of one layer of what GDAL describes as `[12x40x60] temperature (32-bit floating-point)`."""
    found = _EXTENT.match(description)
    sides: Sequence[str] = found[1].split("x")[-2:] if found else ()
    return int(sides[0]) * int(sides[1]) if len(sides) == 2 and all(sides) else 0


def as_png(rasters: Rasters, description: Description) -> bytes:
    """Its first bands; what is not in bytes is spread over them. Raises UnreadableImage."""
    made = ["-q", "-of", "PNG", "-a_nodata", "none"]
    for number in range(1, description.bands + 1):
        made += ["-b", str(number)]
    if not description.in_bytes:
        made += ["-ot", "Byte", *_spread(rasters, description)]
    return rasters.run("gdal_translate", *made, description.name, "/vsistdout/")


def _spread(rasters: Rasters, description: Description) -> Iterator[str]:
    """From the least to the most that was measured, which gdal_translate itself would only estimate."""
    told = json.loads(rasters.run("gdalinfo", "-json", "-mm", description.name))
    for number, band in enumerate(told["bands"][: description.bands], 1):
        if "computedMin" in band:  # not where nothing was measured
            yield from (f"-scale_{number}", str(band["computedMin"]), str(band["computedMax"]), "0", "255")
