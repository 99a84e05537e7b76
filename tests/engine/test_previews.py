"""Small pictures of what was sent in."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from mathpixweb.engine import previews
from mathpixweb.engine.errors import UnreadableImage
from tests.engine.drawn import encoded

POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"


def opened(preview):
    with Image.open(io.BytesIO(preview)) as picture:
        return picture.size, np.asarray(picture.convert("RGB"))


def test_a_preview_is_no_wider_than_asked_for():
    size, pixels = opened(previews.of_image(encoded(Image.new("RGB", (400, 100), "red"), "PNG"), 200))
    assert size == (200, 50)
    assert np.abs(pixels.mean((0, 1)) - (255, 0, 0)).max() < 4


def test_kinds_that_have_decoders_of_their_own_have_a_preview():
    ramp = np.tile(np.linspace(0, 1, 300, dtype=np.float32)[None, :, None], (50, 1, 3))
    size, pixels = opened(previews.of_image(cv2.imencode(".hdr", ramp)[1].tobytes(), 150))
    assert size == (150, 25)
    assert pixels[:, 0].mean() < 40
    assert pixels[:, -1].mean() > 215


def test_no_program_is_started_for_a_preview(monkeypatch):
    monkeypatch.setattr(
        EpsImagePlugin, "Ghostscript", lambda *_, **__: pytest.fail("Ghostscript was started")
    )
    monkeypatch.setattr(EpsImagePlugin, "has_ghostscript", lambda: True)
    with pytest.raises(UnreadableImage):
        previews.of_image(POSTSCRIPT, 100)
