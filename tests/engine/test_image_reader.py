"""Bytes of pictures to pixels: every kind, every depth, and what is refused."""

from __future__ import annotations

import contextlib
import pickle
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest
from PIL import Image

from mathpixweb.engine.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from mathpixweb.engine.readers import image, image_kinds, radiance
from tests.engine.drawn import encoded
from tests.server import ROOT

BLACK_AT, RED_AT, WHITE_AT = (20, 15), (20, 35), (2, 2)  # rows and columns in the sample


@pytest.fixture(scope="module")
def sample() -> Image.Image:
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste((0, 0, 0), (10, 10, 20, 30))
    picture.paste((255, 0, 0), (30, 10, 40, 30))
    return picture


def bgr(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture)[..., ::-1].copy()


def by_opencv(extension: str, pixels: np.ndarray) -> bytes:
    done, content = cv2.imencode(extension, pixels)
    assert done
    return content.tobytes()


def is_sample(rgb: np.ndarray) -> bool:
    black, red, white = (rgb[at].astype(int) for at in (BLACK_AT, RED_AT, WHITE_AT))
    return black.max() < 30 and white.min() > 225 and red[0] > 200 and red[1:].max() < 60


@pytest.mark.parametrize(
    "kind", ["JPEG", "PNG", "BMP", "JPEG2000", "WEBP", "PPM", "TIFF", "GIF", "DIB"], ids=str.lower
)
def test_kinds_of_pictures_are_decoded(sample, kind):
    assert is_sample(image.read(encoded(sample, kind)).rgb)


@pytest.mark.parametrize("extension", [".png", ".tiff"])
def test_sixteen_bits_become_eight(sample, extension):
    assert is_sample(image.read(by_opencv(extension, bgr(sample).astype(np.uint16) * 257)).rgb)


@pytest.mark.parametrize("extension", [".hdr", ".pfm", ".tiff"])
def test_floats_become_eight_bits(sample, extension):
    assert is_sample(image.read(by_opencv(extension, bgr(sample).astype(np.float32) / 255)).rgb)


@pytest.mark.parametrize("options", [(), (cv2.IMWRITE_HDR_COMPRESSION, cv2.IMWRITE_HDR_COMPRESSION_NONE)])
@pytest.mark.parametrize("width", [6, 60])
def test_radiance_pictures_are_decoded_as_opencv_decodes_them(sample, width, options):
    small = cv2.resize(bgr(sample), (width, 40)).astype(np.float32) / 255
    content = cv2.imencode(".hdr", small, options)[1].tobytes()
    theirs = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
    assert np.allclose(radiance.read(content) ** 2.2, theirs[..., ::-1], atol=1e-4)


@pytest.mark.parametrize("size", [b"+Y 40 +X 60", b"-Y 40 -X 60"])
def test_radiance_pictures_are_put_upright(sample, size):
    content = by_opencv(".hdr", bgr(sample).astype(np.float32) / 255)
    turned = radiance.read(content.replace(b"-Y 40 +X 60", size))
    axis = 0 if size.startswith(b"+") else 1
    assert np.array_equal(np.flip(turned, axis), radiance.read(content))


def test_a_radiance_picture_that_is_cut_off_is_unreadable(sample):
    content = by_opencv(".hdr", bgr(sample).astype(np.float32) / 255)
    for length in range(0, len(content) - 1, 97):
        with pytest.raises(UnreadableImage):
            radiance.read(content[:length])


def test_radiance_pictures_in_other_colours_are_refused_by_name(sample):
    content = by_opencv(".hdr", bgr(sample).astype(np.float32) / 255)
    with pytest.raises(UnsupportedImage, match="XYZ"):
        image.read(content.replace(b"rle_rgbe", b"rle_xyze"))


def test_every_kind_is_decoded_by_a_process_that_cannot_write_files(sample):
    kinds = ("JPEG", "PNG", "BMP", "JPEG2000", "WEBP", "PPM", "TIFF", "GIF")
    floats = bgr(sample).astype(np.float32) / 255
    contents = [encoded(sample, kind) for kind in kinds]
    contents += [by_opencv(extension, floats) for extension in (".hdr", ".pfm", ".tiff")]
    contents += [by_opencv(".ras", bgr(sample)), openexr(floats, "PIZ")]
    reader = """import pickle, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from mathpixweb.engine.readers import image
assert {image.read(content).rgb.shape for content in pickle.load(sys.stdin.buffer)} == {(40, 60, 3)}"""
    done = subprocess.run([sys.executable, "-c", reader], input=pickle.dumps(contents), cwd=ROOT, check=False)
    assert done.returncode == 0


def test_sun_rasters_are_decoded(sample):
    assert is_sample(image.read(by_opencv(".ras", bgr(sample))).rgb)


@pytest.mark.parametrize(
    "compression", ["NO", "RLE", "ZIPS", "ZIP", "PIZ", "PXR24", "B44", "B44A", "DWAA", "DWAB"]
)
@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_openexr_is_decoded(sample, compression, kind):
    linear = (np.asarray(sample).astype(kind) / 255) ** 2.2
    assert is_sample(image.read(openexr(linear, compression)).rgb)


def test_openexr_of_tiles_and_of_luminance_is_decoded(sample):
    linear = ((np.asarray(sample).astype(np.float32) / 255) ** 2.2).astype(np.float16)
    assert is_sample(image.read(openexr(linear, "PIZ", tiled=True)).rgb)
    gray = image.read(openexr(np.ascontiguousarray(linear[..., 1]), "ZIP", name="Y")).rgb
    assert gray[BLACK_AT].tolist() == gray[RED_AT].tolist() == [0, 0, 0]


def test_deep_openexr_is_refused_by_name(sample):
    content = bytearray(openexr(np.zeros((4, 4, 3), np.float16)))
    content[5] |= 0x8
    with pytest.raises(UnsupportedImage, match="Deep"):
        image.read(bytes(content))


def test_broken_openexr_is_unreadable():
    content = openexr(np.random.default_rng(1).random((40, 30, 3), np.float32), "PIZ")
    for length in range(0, len(content), 97):
        with contextlib.suppress(UnreadableImage):
            assert image.read(content[:length]).rgb.shape == (40, 30, 3)


@pytest.mark.parametrize("side", [89_999, 2**31 - 2])
def test_an_openexr_bomb_is_refused_before_its_library_sees_it(monkeypatch, side):
    monkeypatch.setattr(OpenEXR, "InputFile", lambda _: pytest.fail("it was opened"))
    content = openexr(np.zeros((4, 4, 3), np.float16))
    window = struct.pack("<4i", 0, 0, 3, 3)
    with pytest.raises(ImageTooLarge):
        image.read(content.replace(window, struct.pack("<4i", 0, 0, side, side)))


def test_avif_is_decoded(sample):
    content = encoded(sample, "AVIF", quality=100)
    assert is_sample(image.read(content).rgb)
    general = content.replace(b"ftypavif", b"ftypmif1")
    assert image_kinds.kind_of(general) == "avif"


def test_an_avif_bomb_is_refused(sample):
    content = encoded(sample, "AVIF")
    told = b"ispe" + bytes(4)
    size = struct.pack(">2I", 60, 40)
    assert told + size in content
    with pytest.raises(ImageTooLarge):
        image.read(content.replace(told + size, told + struct.pack(">2I", 12_000, 12_000)))


def test_cmyk_becomes_red_green_and_blue(sample):
    assert is_sample(image.read(encoded(sample.convert("CMYK"), "TIFF")).rgb)


def test_what_is_transparent_is_white(sample):
    clear = sample.convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 8, 40))
    assert image.read(encoded(clear)).rgb[20, 3].tolist() == [255, 255, 255]


def test_white_on_a_transparent_ground_is_seen():
    clear = Image.new("RGBA", (40, 300), (0, 0, 0, 0))  # higher than a band
    clear.paste((255, 255, 255, 255), (10, 280, 20, 290))
    found = image.read(encoded(clear)).rgb
    assert (found[285, 15].tolist(), found[0, 0].tolist()) == ([255] * 3, [0] * 3)
    assert image.read(encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)))).rgb.min() == 255


def test_the_camera_is_held_upright(sample):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    found = image.read(encoded(sample.rotate(90, expand=True), "JPEG", exif=exif))
    assert (found.width, found.height) == (60, 40)
    assert is_sample(found.rgb)


def test_the_first_of_several_pictures_is_read(sample):
    other = Image.new("RGB", (10, 10), "blue")
    assert is_sample(image.read(encoded(sample, "TIFF", save_all=True, append_images=[other])).rgb)


def bomb_png(width: int = 100_000, height: int = 100_000) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def bomb_webp() -> bytes:
    size = (16383 - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + size
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


BOMBS = {
    "png": bomb_png(),
    "webp": bomb_webp(),
    "hdr": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 90000 +X 90000\n" + bytes(64),
    "hdr with another size before": b"#?RADIANCE\nA=\n-Y 1 +X 1 \n\n-Y 90000 +X 90000\n" + bytes(64),
    "pfm": b"PF\n90000 90000\n-1.0\n" + bytes(64),
    "pgm": b"P5\n90000 90000\n255\n" + bytes(64),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_too_many_pixels_are_refused_before_they_are_decoded(kind):
    with pytest.raises(ImageTooLarge, match="pixels"):
        image.read(BOMBS[kind])


@pytest.mark.parametrize("kind", ["webp", "pfm"])
def test_no_decoder_sees_what_its_header_says_is_too_large(kind, monkeypatch):
    def decode(_content):
        raise AssertionError("decoded")

    monkeypatch.setattr(image, "_by_pillow", decode)
    monkeypatch.setattr(image, "_DECODERS", dict.fromkeys(image._DECODERS, decode))
    with pytest.raises(ImageTooLarge):
        image.read(BOMBS[kind])


def test_sizes_below_pillows_own_limit_are_judged_before_decoding():
    with pytest.raises(ImageTooLarge, match="9000 x 8000"):
        image.read(bomb_png(9000, 8000))


def test_a_picture_that_is_too_long_is_refused_though_it_has_few_pixels():
    with pytest.raises(ImageTooLarge, match="50000 x 1"):
        image.read(b"#?RADIANCE\n\n-Y 1 +X 50000\n" + bytes(200_000))


def test_no_other_decoders_of_pillow_are_let_at_the_bytes(sample):
    with pytest.raises(UnreadableImage):
        image.read(encoded(sample, "TGA"))


def test_a_tiff_bomb_is_refused(sample):
    content = bytearray(encoded(sample, "TIFF"))
    for tag in (256, 257):
        at = content.index(struct.pack("<HH", tag, 4)) if struct.pack("<HH", tag, 4) in content else -1
        at = at if at >= 0 else content.index(struct.pack("<HH", tag, 3))
        content[at + 2 : at + 12] = struct.pack("<HII", 4, 1, 60_000)
    with pytest.raises(ImageTooLarge):
        image.read(bytes(content))


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"P5\n"])
def test_what_is_no_picture_is_unreadable(content):
    with pytest.raises(UnreadableImage):
        image.read(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_cut_off_picture_is_unreadable_or_read_but_never_a_crash(sample, kind):
    content = encoded(sample.resize((600, 400)), kind)
    for length in range(0, len(content), max(1, len(content) // 23)):
        with contextlib.suppress(UnreadableImage):
            assert image.read(content[:length]).rgb.shape == (400, 600, 3)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7", "PDF"), (b"8BPS" + bytes(30), "Photoshop"), (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC")],
)
def test_pictures_without_a_decoder_are_named(content, name):
    with pytest.raises(UnsupportedImage, match=name):
        image.read(content)


def test_a_kind_is_known_by_its_first_bytes(sample):
    assert image_kinds.kind_of(encoded(sample, "WEBP")) == "webp"
    assert image_kinds.size_of("webp", encoded(sample, "WEBP")) == (60, 40)
    assert image_kinds.size_of("webp", encoded(sample, "WEBP", lossless=True)) == (60, 40)


def openexr(linear: np.ndarray, compression: str = "NO", *, name: str = "RGB", tiled: bool = False) -> bytes:
    header = {"compression": getattr(OpenEXR, f"{compression}_COMPRESSION"), "type": OpenEXR.scanlineimage}
    if tiled:
        header |= {"type": OpenEXR.tiledimage, "tiles": OpenEXR.TileDescription()}
    with tempfile.NamedTemporaryFile(suffix=".exr") as file:
        OpenEXR.File(header, {name: linear}).write(file.name)
        return Path(file.name).read_bytes()
