"""A picture turned and cut as a person wants it read."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image

from mathpixweb.engine.errors import UnreadableImage
from mathpixweb.engine.readers import image as pictures

SMALLEST: Final = 4  # pixels of a side that is left
WHOLE: Final = (0.0, 0.0, 1.0, 1.0)
JPEG_MARK: Final = b"\xff\xd8\xff"
QUALITY: Final = 92


def framed(image: bytes, turns: int, frame: Sequence[float] = WHOLE) -> bytes:
    """The picture, turned clockwise by quarters and then cut to `frame`: left, top, right, bottom as shares.

    A photograph stays a JPEG, anything else becomes a PNG. Raises UnreadableImage.
    """
    shown = Image.fromarray(pictures.read(image).rgb)
    if turns % 4:
        shown = shown.rotate(-90 * (turns % 4), expand=True)
    cut = shown.crop(_pixels(shown.size, frame))
    out = BytesIO()
    if image.startswith(JPEG_MARK):
        cut.save(out, "JPEG", quality=QUALITY)
    else:
        cut.save(out, "PNG")
    return out.getvalue()


def _pixels(size: tuple[int, int], frame: Sequence[float]) -> tuple[int, int, int, int]:
    """Raises UnreadableImage where nothing would be left."""
    left, top, right, bottom = (min(max(share, 0.0), 1.0) for share in frame)
    box = (
        round(left * size[0]),
        round(top * size[1]),
        round(right * size[0]),
        round(bottom * size[1]),
    )
    if box[2] - box[0] < SMALLEST or box[3] - box[1] < SMALLEST:
        raise UnreadableImage("What is left of the picture is too small.")
    return box
