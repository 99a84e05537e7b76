"""Figures cut from pages, at signed addresses: whoever holds a text can fetch its pictures, and no others."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass

from django.utils.crypto import constant_time_compare, salted_hmac
from PIL import Image, UnidentifiedImageError

from mathpixweb.documents import storage
from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.output import previews

SALT = "mathpixweb.crops"
SIGNATURE_LENGTH = 32  # hexadecimal digits: 128 bits
LARGEST = 100_000  # pixels of a page's side; no page has more
QUALITY = 90


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in the pixel space of lines.json; `x` and `y` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int


def url(image_id: str, x: int, y: int, width: int, height: int) -> str:
    """The address of a figure on this server, without scheme and host."""
    signature = _signature(image_id, Region(x, y, width, height))
    place = f"height={height}&width={width}&top_left_y={y}&top_left_x={x}"
    return f"/cropped/{image_id}.jpg?{place}&sig={signature}"


def check(image_id: str, query: Mapping[str, str]) -> Region | None:
    """The region that an address asks for; None unless the address was made by `url`."""
    sides = [_pixels(query.get(name)) for name in ("top_left_x", "top_left_y", "width", "height")]
    numbers = [side for side in sides if side is not None]
    if len(numbers) < len(sides):
        return None
    region = Region(*numbers)
    given = query.get("sig") or ""
    signed = given.isascii() and constant_time_compare(given, _signature(image_id, region))
    return region if signed else None


def jpeg(document: Document, page: Page, region: Region) -> bytes | None:
    """The figure that came with the page, or a part of the page's picture; None where there is none."""
    with suppress(FileNotFoundError, NotStored):
        return storage.present(storage.figure(document, page.number, astuple(region))).read_bytes()
    try:
        picture = Image.open(previews.page_image(document, page.number))
    except (FileNotFoundError, UnidentifiedImageError):
        return None
    with picture:
        box = _box(region, picture.width / max(page.width, 1), picture.size)
        if box is None:
            return None
        made = io.BytesIO()
        picture.crop(box).convert("RGB").save(made, "JPEG", quality=QUALITY, optimize=True)
        return made.getvalue()


def _box(region: Region, scale: float, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The region in the picture's own pixels, cut to the picture; None when nothing is left."""
    left, top = int(region.x * scale), int(region.y * scale)
    right = min(round((region.x + region.width) * scale), size[0])
    bottom = min(round((region.y + region.height) * scale), size[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _pixels(text: str | None) -> int | None:
    """A plain whole number of pixels."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > len(str(LARGEST)):
        return None
    return int(text) if int(text) <= LARGEST else None


def _signature(image_id: str, region: Region) -> str:
    message = "|".join(map(str, (image_id, *astuple(region))))
    return salted_hmac(SALT, message, algorithm="sha256").hexdigest()[:SIGNATURE_LENGTH]
