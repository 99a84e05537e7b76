"""Small pictures of what was sent in, for people to recognise it by."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from mathpixweb.engine.deferred import Deferred

_read_image: Final = Deferred("mathpixweb.engine.readers.image:read")  # which web servers need not hold
MARGIN = 20  # pixels around a drawing
PEN = 3  # pixels
QUALITY = 85


def of_image(content: bytes, width: int) -> bytes:
    """The picture as WebP, as it is read and at most `width` pixels wide. Raises UnreadableImage."""
    shown = Image.fromarray(_read_image(content).rgb)
    shown.thumbnail((width, 4 * width), Image.Resampling.LANCZOS)
    return _webp(shown)


def of_strokes(strokes: Sequence[Sequence[tuple[float, float]]], width: int) -> bytes:
    """The drawing as WebP, as black ink on white."""
    xs = [x for stroke in strokes for x, _ in stroke]
    ys = [y for stroke in strokes for _, y in stroke]
    extent = max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
    scale = (width - 2 * MARGIN) / extent
    left, top = min(xs), min(ys)
    size = (width, round((max(ys) - top) * scale) + 2 * MARGIN)
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [((x - left) * scale + MARGIN, (y - top) * scale + MARGIN) for x, y in stroke]
        if len(points) == 1:
            pen.circle(points[0], PEN, fill="black")
        else:
            pen.line(points, fill="black", width=PEN, joint="curve")
    return _webp(picture)


def _webp(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()
