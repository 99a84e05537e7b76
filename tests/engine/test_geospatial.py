"""Geospatial pictures, read by GDAL's programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mathpixweb.engine.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from mathpixweb.engine.readers import geospatial, image, image_kinds, picture_sizes
from tests.engine.drawn import encoded

ROOT = Path(__file__).parents[2]
GDAL = pytest.mark.skipif(shutil.which("gdal_translate") is None, reason="GDAL is not installed")
ERDAS = b"EHFA_HEADER_TAG" + bytes(100)
RAMP = np.linspace(0, 255, 60 * 40).reshape(40, 60)
HEIGHTS = (RAMP * 10 - 400).astype(np.float32)
COLOURS = np.stack([RAMP, RAMP[::-1], 255 - RAMP], axis=2).astype(np.uint8)
ON_EARTH = ("-a_srs", "EPSG:4326", "-a_ullr", "10", "50", "13", "48")
PLANET = """PDS_VERSION_ID = PDS3
RECORD_TYPE = FIXED_LENGTH
RECORD_BYTES = 60
FILE_RECORDS = 60
LABEL_RECORDS = 20
^IMAGE = {where}
OBJECT = IMAGE
  LINES = 40
  LINE_SAMPLES = 60
  SAMPLE_TYPE = MSB_UNSIGNED_INTEGER
  SAMPLE_BITS = 8
END_OBJECT = IMAGE
END
"""


def planet(where):
    return PLANET.format(where=where).replace("\n", "\r\n").encode().ljust(20 * 60)


@pytest.fixture
def made(tmp_path):
    """The picture in one of GDAL's formats, its bytes."""

    def make(pixels, name, *options):
        source, target = tmp_path / "source.tif", tmp_path / "target.nc"
        source.write_bytes(encoded(Image.fromarray(pixels), "TIFF"))
        command = ["gdal_translate", "-q", "-of", name, *options, str(source), str(target)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return target.read_bytes()

    return make


@GDAL
@pytest.mark.parametrize("name", ["NITF", "HFA", "PCIDSK", "ISIS3", "VICAR", "SGI"])
def test_colours_come_as_they_are(made, name):
    assert np.array_equal(image.read(made(COLOURS, name)).rgb, COLOURS)


@GDAL
@pytest.mark.parametrize(
    "name",
    [
        "HFA",
        "netCDF",
        "FITS",
        "GRIB",
        "HDF4Image",
        "AAIGrid",
        "BT",
        "GSAG",
        "GSBG",
        "GS7BG",
        "PCRaster",
        "VICAR",
    ],
)
def test_heights_are_spread_over_the_levels_of_grey(made, name):
    read = image.read(made(HEIGHTS, name, *ON_EARTH)).rgb
    assert read.shape == (40, 60, 3)
    assert np.abs(read[..., 0] - RAMP).max() < 2


@GDAL
def test_what_was_not_measured_is_black(made):
    gaps = HEIGHTS.copy()
    gaps[5:9, 5:9] = -9999
    read = image.read(made(gaps, "AAIGrid", *ON_EARTH, "-a_nodata", "-9999")).rgb[..., 0]
    assert (read[5:9, 5:9] == 0).all()
    assert np.abs(read[20:] - RAMP[20:]).max() < 2


@GDAL
def test_hdf5_is_read_as_its_rows_are_stored(made):
    read = image.read(made(HEIGHTS, "netCDF", *ON_EARTH, "-co", "FORMAT=NC4")).rgb  # from south to north
    assert np.abs(read[..., 0] - RAMP[::-1]).max() < 2


@GDAL
def test_of_several_quantities_the_first_is_shown(made):
    assert np.abs(image.read(made(COLOURS, "netCDF", *ON_EARTH)).rgb[..., 1] - RAMP).max() < 2


@GDAL
def test_of_several_parts_the_largest_is_shown():
    parts = {"small": "[8x9] small (8-bit)", "large": "[3x40x60] large (8-bit)", "flat": "[900] flat (8-bit)"}
    listed = {}
    for number, (name, description) in enumerate(parts.items(), 1):
        listed |= {f"SUBDATASET_{number}_NAME": name, f"SUBDATASET_{number}_DESC": description}
    assert geospatial.largest({"metadata": {"SUBDATASETS": listed}}) == "large"


@GDAL
def test_palettes_are_kept(made):
    grey = np.repeat(np.array([[0, 90, 255]], np.uint8), 30, axis=0).repeat(20, axis=1)
    assert np.abs(image.read(made(grey, "XPM")).rgb[..., 0].astype(int) - grey).max() < 2


@GDAL
def test_a_raster_in_a_geopackage_is_read(made):
    assert image.read(made(COLOURS, "GPKG", *ON_EARTH, "-co", "TILE_FORMAT=PNG")).rgb.shape == (40, 60, 3)


@GDAL
def test_pictures_of_planets_are_read():
    pixels = RAMP.astype(np.uint8)
    assert np.array_equal(image.read(planet(21) + pixels.tobytes()).rgb[..., 0], pixels)


@GDAL
def test_a_file_that_is_named_is_not_read(tmp_path):
    secret = tmp_path / "secret.img"
    secret.write_bytes(RAMP.astype(np.uint8).tobytes())
    with pytest.raises(UnreadableImage):
        image.read(planet(f'("{secret}", 1)'))


@GDAL
@pytest.mark.parametrize("name", ["netCDF", "FITS", "GRIB", "HFA"])
def test_they_are_read_by_a_process_that_cannot_write_files(made, name):
    reader = """import resource, sys
from mathpixweb.engine.readers import geospatial, image
geospatial.reserved()
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
content = sys.stdin.buffer.read()
assert image.read(content).rgb.shape == image.read(content).rgb.shape == (40, 60, 3)"""
    content = made(HEIGHTS, name, *ON_EARTH)
    done = subprocess.run([sys.executable, "-c", reader], input=content, cwd=ROOT, check=False)
    assert done.returncode == 0


@GDAL
def test_nothing_of_one_picture_is_left_for_the_next(made):
    content = made(RAMP.astype(np.uint8), "NITF")
    image.read(content)
    assert os.pread(geospatial.reserved(), len(content), 0) == bytes(len(content))


@GDAL
def test_large_pictures_are_read(made):
    assert image.read(made(np.full((1200, 1500), 77, np.uint8), "NITF")).rgb.shape == (1200, 1500, 3)


@GDAL
def test_the_size_is_judged_before_anything_is_decoded(made, monkeypatch):
    monkeypatch.setattr(picture_sizes, "MOST_PIXELS", 1000)
    monkeypatch.setattr(geospatial, "as_png", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageTooLarge):
        image.read(made(np.zeros((40, 60), np.uint8), "NITF"))


@GDAL
@pytest.mark.parametrize("content", [ERDAS, b"NITF02.10" + bytes(500), b"CDF\x01" + bytes(500), b"GRIB"])
def test_a_damaged_one_is_told(content):
    with pytest.raises(UnreadableImage, match="geospatial picture is damaged"):
        image.read(content)


@GDAL
def test_what_takes_too_long_is_told(made, monkeypatch):
    monkeypatch.setattr(geospatial, "SECONDS", 0.001)
    with pytest.raises(UnreadableImage, match="cannot be read"):
        image.read(made(RAMP.astype(np.uint8), "NITF"))


def test_pixels_in_another_file_are_not_looked_for(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(geospatial.bounded, "attempt", lambda *_, **__: pytest.fail("GDAL was started"))
    with pytest.raises(UnsupportedImage, match="another file"):
        image.read(ERDAS + b"ExternalRasterDMS" + b"/etc/passwd")


@pytest.mark.parametrize("content", [b"\x89HDF\r\n\x1a\n", b"PCIDSK  ", planet(21), ERDAS])
def test_what_may_name_other_files_is_not_opened_where_they_cannot_be_hidden(monkeypatch, content):
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(geospatial.confined, "landlock_version", lambda: 0)
    monkeypatch.setattr(geospatial.bounded, "attempt", lambda *_, **__: pytest.fail("GDAL was started"))
    with pytest.raises(UnsupportedImage, match="another file"):
        image.read(content)


@pytest.mark.parametrize(
    "content",
    [
        b'<VRTDataset rasterXSize="9"><SourceFilename>/etc/passwd</SourceFilename>',
        b"<GDAL_WMS><Service><ServerUrl>http://127.0.0.1/</ServerUrl></Service></GDAL_WMS>",
        b"<MRF_META><Raster><DataFile>/etc/passwd</DataFile></Raster></MRF_META>",
    ],
)
def test_formats_that_name_other_files_are_none(monkeypatch, content):
    monkeypatch.setattr(geospatial.bounded, "attempt", lambda *_, **__: pytest.fail("GDAL was started"))
    with pytest.raises(UnreadableImage):
        image.read(content)


def test_no_driver_is_let_at_files_that_only_name_others():
    drivers = {driver for names in geospatial.DRIVERS.values() for driver in names}
    assert not drivers & {"VRT", "WMS", "WMTS", "WCS", "HTTP", "MRF", "PDS4", "STACTA", "PostGISRaster"}


def test_without_gdal_they_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for content in (ERDAS, b"CDF\x01", b"\x89HDF\r\n\x1a\n", b"GRIB", b"SIMPLE  =", b"ncols 60"):
        assert image_kinds.kind_of(content) in geospatial.DRIVERS
        with pytest.raises(UnsupportedImage, match="Geospatial"):
            image.read(content)
