"""Drawn pages as files: print in greys, everything else as a photograph."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mathpixweb.engine import picture_files

SIZE = (620, 880)


def printed(ink: str = "black") -> Image.Image:
    page = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(page)
    for row in range(40):
        pen.text((40, 20 + 20 * row), "Every unevenness fades exponentially fast. " * 2, fill="black")
    pen.text((40, 840), "A word", fill=ink)
    return page


def photographed() -> Image.Image:
    shades = np.linspace(0, 255, SIZE[0] * SIZE[1]).astype(np.uint8).reshape(SIZE[::-1])
    return Image.fromarray(shades).convert("RGB")


@pytest.mark.parametrize(
    ("page", "format"),
    [(printed(), "PNG"), (printed("blue"), "JPEG"), (photographed(), "JPEG")],
)
def test_print_without_colour_is_png_and_the_rest_jpeg(page, format):  # noqa: A002
    assert Image.open(io.BytesIO(picture_files.of(page))).format == format


def test_a_page_looks_as_it_was_drawn():
    page = printed()
    kept = Image.open(io.BytesIO(picture_files.of(page))).convert("RGB")
    apart = abs(np.asarray(kept).astype(int) - np.asarray(page))
    assert apart.max() <= picture_files.STEP // 2
    assert not apart[0].any()
