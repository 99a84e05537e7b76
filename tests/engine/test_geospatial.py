"""Geospatial pictures, read by GDAL's programs."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from mathpixweb.engine.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from mathpixweb.engine.readers import geospatial, image, picture_sizes
from tests.engine.drawn import encoded

GDAL = pytest.mark.skipif(shutil.which("gdal_translate") is None, reason="GDAL is not installed")
ERDAS = b"EHFA_HEADER_TAG" + bytes(100)
RAMP = np.linspace(0, 255, 60 * 40).reshape(40, 60)


@pytest.fixture
def made(tmp_path):
    """The picture in one of GDAL's formats, its bytes."""

    def make(picture, name, *options):
        source, target = tmp_path / "source.tif", tmp_path / f"target.{name}"
        source.write_bytes(encoded(picture, "TIFF"))
        command = ["gdal_translate", "-q", "-of", name, *options, str(source), str(target)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return target.read_bytes()

    return make


@GDAL
@pytest.mark.parametrize("name", ["NITF", "HFA"])
def test_colours_come_as_they_are(made, name):
    colours = np.stack([RAMP, RAMP[::-1], 255 - RAMP], axis=2).astype(np.uint8)
    assert np.array_equal(image.read(made(Image.fromarray(colours), name)).rgb, colours)


@GDAL
def test_heights_are_spread_over_the_levels_of_grey(made):
    heights = Image.fromarray((RAMP * 10 - 400).astype(np.float32))
    read = image.read(made(heights, "HFA")).rgb
    assert read.shape == (40, 60, 3)
    assert np.abs(read[..., 0] - RAMP).max() < 2


@GDAL
def test_pictures_larger_than_what_a_pipe_keeps_are_read(made):
    assert image.read(made(Image.new("L", (1500, 1200), 77), "NITF")).rgb.shape == (1200, 1500, 3)


@GDAL
def test_the_size_is_judged_before_anything_is_decoded(made, monkeypatch):
    monkeypatch.setattr(picture_sizes, "MOST_PIXELS", 1000)
    monkeypatch.setattr(geospatial, "as_png", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageTooLarge):
        image.read(made(Image.new("L", (60, 40)), "NITF"))


@GDAL
@pytest.mark.parametrize("content", [ERDAS, b"NITF02.10" + bytes(500)], ids=["ERDAS", "NITF"])
def test_a_damaged_one_is_told(content):
    with pytest.raises(UnreadableImage, match="geospatial picture is damaged"):
        image.read(content)


def test_pixels_in_another_file_are_not_looked_for(monkeypatch):
    monkeypatch.setattr(geospatial.shutil, "which", lambda name: name)
    monkeypatch.setattr(geospatial, "_run", lambda *_: pytest.fail("GDAL was started"))
    with pytest.raises(UnsupportedImage, match="another file"):
        image.read(ERDAS + b"ExternalRasterDMS" + b"/etc/passwd")


def test_formats_that_name_other_files_are_none(monkeypatch):
    monkeypatch.setattr(geospatial, "_run", lambda *_: pytest.fail("GDAL was started"))
    with pytest.raises(UnreadableImage):
        image.read(b'<VRTDataset rasterXSize="9"><SourceFilename>/etc/passwd</SourceFilename>')


def test_without_gdal_they_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(geospatial.shutil, "which", lambda _: None)
    with pytest.raises(UnsupportedImage, match="Geospatial"):
        image.read(ERDAS)
