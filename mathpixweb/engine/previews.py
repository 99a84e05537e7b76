"""Small pictures of what was sent in, for people to recognise it by."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from mathpixweb.engine.errors import UnreadableImage

MOST_PIXELS = 120_000_000
MARGIN = 20  # pixels around a drawing
PEN = 3  # pixels
QUALITY = 85


def of_image(image: bytes, width: int) -> bytes:
    """The picture as WebP, upright and at most `width` pixels wide. Raises UnreadableImage."""
    try:
        with Image.open(BytesIO(image)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise UnreadableImage("It has too many pixels.")
            shown = ImageOps.exif_transpose(opened)
            has_alpha = "A" in shown.getbands() or "transparency" in shown.info
            shown = _on_white(shown.convert("RGBA")) if has_alpha else shown.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableImage(str(error)) from error
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


def _on_white(picture: Image.Image) -> Image.Image:
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    return white.convert("RGB")


def _webp(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()
