"""Pictures of text, drawn with the font that comes with Pillow."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont


def page(lines: Sequence[str], size: int = 30, margin: int = 40, ink: str = "black", paper: str = "white"):
    """The lines under each other, in `size` pixels."""
    font = ImageFont.load_default(size)
    width = max(round(font.getlength(line)) for line in lines) + 2 * margin
    picture = Image.new("RGB", (width, round(1.6 * size * len(lines)) + 2 * margin), paper)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((margin, margin + round(1.6 * size * number)), line, fill=ink, font=font)
    return picture


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()
