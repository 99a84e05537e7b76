"""Pages as pictures."""

from __future__ import annotations

import math
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from mathpixweb.engine import picture_files
from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.readers.pdfium import upright_page

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 16_000  # pixels


def render(path: Path, number: int, width_px: int) -> bytes:
    """Page `number`, from 1, about `width_px` pixels wide, less where it would have too many pixels.

    As PNG or JPEG. A page whose text runs sideways is turned as it is read. Raises PageFailed.
    """
    return picture_files.of(picture(path, number, width_px))


def picture(path: Path, number: int, width_px: int) -> Image.Image:
    """Page `number`, from 1, in red, green and blue. Raises PageFailed."""
    try:
        with upright_page(path, number) as page:
            width, height = page.get_size()
            image: Image.Image = page.render(scale=_scale(width, height, width_px)).to_pil().convert("RGB")
    except (pdfium.PdfiumError, OSError, ValueError) as error:  # ValueError: a page without extent
        raise PageFailed(f"Page {number} cannot be drawn.") from error
    return image


def _scale(width: float, height: float, width_px: int) -> float:
    """Pixels per point."""
    width, height = max(width, 1.0), max(height, 1.0)
    most = min(math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))
    return min(max(1, width_px) / width, most)
