"""Pictures that came inside of a document, as JPEG of a bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

MOST_PIXELS: Final = 60_000_000
LONGEST_SIDE: Final = 2_000  # pixels
SMALLEST_SIDE: Final = 3  # smaller ones are for spacing or for spying
QUALITY: Final = 88


@dataclass(frozen=True, slots=True)
class Picture:
    jpeg: bytes
    width: int
    height: int


def taken(content: bytes) -> Picture | None:
    """The picture on white; None for what cannot be drawn here, as drawings of Windows cannot."""
    try:
        with Image.open(BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS or min(opened.size) < SMALLEST_SIDE:
                return None
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            shown = upright.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        return None
    white = Image.new("RGBA", shown.size, "white")
    white.alpha_composite(shown)
    out = BytesIO()
    white.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), *white.size)
