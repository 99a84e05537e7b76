"""Geospatial pictures, NITF and ERDAS Imagine, by GDAL's programs where they are installed.

They read from a pipe and write into one, since nothing of a picture may reach a disk. GDAL's other formats
need a file or may name others, on this machine or elsewhere: it is let at none of them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.errors import UnreadableImage, UnsupportedImage

SECONDS: Final = 30.0
DRIVERS: Final = {"nitf": "NITF", "imagine": "HFA"}  # GDAL's names of the kinds
ELSEWHERE: Final = b"ExternalRasterDMS"  # what an ERDAS file says whose pixels lie in another one
MOST_BANDS: Final = 3  # that a picture on a screen has
CALMLY: Final = {
    "CPL_VSISTDIN_BUFFER_LIMIT": "-1",  # all that came may be looked at again
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_NUM_THREADS": "1",
    "GDAL_PAM_ENABLED": "NO",
}


@dataclass(frozen=True, slots=True)
class Description:
    """`size` is width and height in pixels; what is not in bytes is spread over them."""

    driver: str
    size: tuple[int, int]
    bands: int
    in_bytes: bool


def described(content: bytes, kind: str) -> Description:
    """What the file's head tells. Raises UnsupportedImage or UnreadableImage."""
    if shutil.which("gdal_translate") is None:
        raise UnsupportedImage("Geospatial pictures cannot be read here.")
    if ELSEWHERE in content:
        raise UnsupportedImage("Pictures whose pixels lie in another file cannot be read here.")
    told = json.loads(_run(["gdalinfo", "-json", "-if", DRIVERS[kind], "/vsistdin/"], content))
    width, height = told["size"]
    bands = told.get("bands", [])
    if not bands:
        raise UnreadableImage("The picture has no bands.")
    in_bytes = all(band["type"] == "Byte" for band in bands)
    return Description(DRIVERS[kind], (width, height), len(bands), in_bytes)


def as_png(content: bytes, description: Description) -> bytes:
    """Its first bands. Raises UnreadableImage."""
    shown = MOST_BANDS if description.bands >= MOST_BANDS else 1
    bands = [word for number in range(1, shown + 1) for word in ("-b", str(number))]
    spread = [] if description.in_bytes else ["-ot", "Byte", "-scale"]
    source = ["-if", description.driver, "/vsistdin/", "/vsistdout/"]
    return _run(["gdal_translate", "-q", "-of", "PNG", *bands, *spread, *source], content)


def _run(command: list[str], content: bytes) -> bytes:
    try:
        done = subprocess.run(
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={**os.environ, **CALMLY},
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UnreadableImage("The geospatial picture is damaged.") from error
    return done.stdout
