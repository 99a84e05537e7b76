"""Small pictures of pages, made from the big one when first asked for."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from mathpixweb.documents import storage
from mathpixweb.documents.models import Document
from mathpixweb.documents.output import previews

WIDTH = 240  # pixels: sharp at 120 CSS pixels on a dense screen


def thumbnail(document: Document, number: int) -> Path:
    """The page's small picture. Raises FileNotFoundError when there is no big one."""
    page = previews.page_image(document, number)
    small = page.with_suffix(".small")
    if not small.exists():
        storage.write(small, _shrunk(page))
    return small


def _shrunk(page: Path) -> bytes:
    with Image.open(page) as opened:
        picture = opened.convert("RGB")
        picture.thumbnail((WIDTH, 4 * WIDTH), Image.Resampling.LANCZOS)
        out = BytesIO()
        picture.save(out, "WEBP", quality=80)
    return out.getvalue()
