"""Pictures through the local provider: what v3/text is told of them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from mathpixweb import engine
from mathpixweb.engine.model import Options
from mathpixweb.engine.ocr import mathematics, tesseract
from mathpixweb.engine.writers.mmd import lines as page_lines
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.local import LocalProvider
from tests.engine.drawn import encoded, page
from tests.engine.formula_pictures import ITALIC, ROMAN, SYMBOL, Text, picture

POEM = [
    "The evening settled on the harbour",
    "and every lantern burned alone",
    "while somebody was counting seconds",
    "between the lightning and the stone",
]


@pytest.fixture(autouse=True)
def _without_tesseract(monkeypatch):
    """What is promised holds on every machine; Tesseract has its own tests."""
    monkeypatch.setattr(tesseract, "_installed", frozenset)


@pytest.fixture(scope="module")
def poem():
    return page(POEM)


def read(picture, **options):
    content = picture if isinstance(picture, bytes) else encoded(picture)
    return LocalProvider().read_image(content, options)


def words_of(result):
    return " ".join(result.text.split())


def test_lines_are_read_in_their_order(poem):
    result = read(poem)
    assert result.text.split("\n") == POEM
    assert result.confidence_rate > 0.9
    assert result.printed
    assert not result.handwritten
    assert result.alphabets == ("en",)


def test_a_line_has_its_place_in_the_sent_picture(poem):
    result = read(poem)
    second = result.lines[1]
    xs, ys = zip(*second["cnt"], strict=True)
    dark = np.asarray(poem.convert("L")) < 128
    dark[: min(ys)] = dark[max(ys) :] = False
    rows, columns = np.nonzero(dark)
    assert abs(min(xs) - columns.min()) < 12
    assert abs(max(xs) - columns.max()) < 12
    assert min(ys) <= rows.min() <= rows.max() <= max(ys)


def test_every_word_has_a_place_and_a_confidence(poem):
    words = read(poem).words
    assert [word["text"] for word in words] == " ".join(POEM).split()
    lefts = [min(x for x, _ in word["cnt"]) for word in words[:5]]
    assert lefts == sorted(lefts)
    assert all(0.5 < word["confidence"] <= 1 for word in words)
    assert words[0]["latex"] == f"\\text {{ {words[0]['text']} }}"


@pytest.mark.parametrize(("turned", "degrees"), [(90, -90), (180, 180), (270, 90)])
def test_a_turned_picture_is_put_upright(poem, turned, degrees):
    result = read(poem.rotate(turned, expand=True))
    assert words_of(result) == " ".join(POEM)
    assert result.rotate_degrees == degrees
    assert result.rotate_confidence > 0.99
    ys = [y for _, y in result.lines[0]["cnt"]]
    if turned == 180:
        assert min(ys) > poem.height / 2


def test_columns_are_read_one_after_the_other(poem):
    beside = page([line.replace(" the ", " a ") for line in POEM])
    both = Image.new("RGB", (poem.width + beside.width, poem.height), "white")
    both.paste(poem, (0, 0))
    both.paste(beside, (poem.width, 0))
    assert words_of(read(both)) == " ".join([*POEM, *(line.replace(" the ", " a ") for line in POEM)])


def test_a_displayed_formula_stands_before_the_short_line_under_it():
    sheet = Image.new("RGB", (1300, 420), "white")
    sheet.paste(page([POEM[0] + " " + POEM[1]]), (0, 0))
    formula = picture(
        [Text(ITALIC, "E", 0, 0), Text(SYMBOL, "=", 9, 0), Text(ITALIC, "mgh", 18, 0)], 60, 8, 4
    )
    sheet.paste(Image.fromarray(formula), (800, 150))
    sheet.paste(page(["so it fell."]), (0, 270))
    result = read(sheet)
    assert [line["type"] for line in result.lines] == ["text", "math", "text"]
    assert "E=m" in result.lines[1]["text"]


def test_an_upright_picture_is_not_turned(poem):
    result = read(poem)
    assert (result.rotate_degrees, result.rotate_confidence) == (0, 0.0)


def test_no_picture_is_turned_if_the_threshold_is_one(poem):
    result = read(poem.rotate(180), auto_rotate_confidence_threshold=1)
    assert words_of(result) != " ".join(POEM)


def test_a_picture_askew_is_levelled(poem):
    slanted = poem.rotate(4, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert words_of(read(slanted)) == " ".join(POEM)


def test_light_text_on_a_dark_ground_is_read():
    result = read(page(POEM, ink="white", paper="#102040"))
    assert words_of(result) == " ".join(POEM)
    assert result.detections["is_inverted"] is True


def test_a_shadow_over_the_paper_does_no_harm(poem):
    light = np.linspace(0.35, 1.0, poem.width)[None, :, None]
    shaded = Image.fromarray((np.asarray(poem) * light).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(0.7)
    )
    assert words_of(read(shaded)) == " ".join(POEM)


def test_only_the_region_is_read(poem):
    region = {"top_left_x": 0, "top_left_y": 85, "width": poem.width, "height": 45}
    result = read(poem, region=region)
    assert words_of(result) == POEM[1]
    assert (result.width, result.height) == poem.size
    assert all(80 <= y <= 140 for _, y in result.lines[0]["cnt"])


def test_a_region_outside_of_the_picture_is_refused(poem):
    region = {"top_left_x": 5000, "top_left_y": 0, "width": 10, "height": 10}
    with pytest.raises(ProviderError) as raised:
        read(poem, region=region)
    assert raised.value.error_id == "opts_value_out_of_range"


def test_only_blue_ink_is_read_with_the_blue_filter():
    picture = page(["printed in black", "signed in blue"])
    below = picture.height // 2
    blue = page(["printed in black", "signed in blue"], ink="#2030d0").crop(
        (0, below, picture.width, picture.height)
    )
    picture.paste(blue, (0, below))
    assert words_of(read(picture, enable_blue_hsv_filter=True)) == "signed in blue"


def test_nothing_written_is_nothing_read():
    result = read(Image.new("RGB", (300, 200), "white"))
    assert result.lines == []
    assert result.detections["is_blank"] is True
    assert (result.printed, result.handwritten) == (False, False)


def test_noise_is_nothing_to_read():
    pixels = np.random.default_rng(1).integers(0, 255, (400, 600, 3), np.uint8)
    assert read(Image.fromarray(pixels)).lines == []


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1)])
def test_nothing_is_read_in_a_picture_a_hairs_breadth_wide(size):
    assert read(Image.new("RGB", size, "black")).text == ""


def test_letters_of_alphabets_that_are_not_allowed_are_not_read(poem):
    result = read(poem, alphabets_allowed={"en": False})
    assert not any(char.isascii() and char.isalpha() for char in result.text)


@pytest.mark.parametrize(
    ("content", "error_id"),
    [
        (b"nothing of the kind", "image_decode_error"),
        (b"%PDF-1.7 and so on", "image_not_supported"),
        (b"P5\n90000 90000\n255\n" + bytes(100), "image_max_size"),
    ],
)
def test_what_cannot_be_decoded_has_the_error_of_the_contract(content, error_id):
    with pytest.raises(ProviderError) as raised:
        read(content)
    assert raised.value.error_id == error_id


def scanned(tmp_path, picture, dpi=150.0):
    content = io.BytesIO()
    picture.save(content, "PDF", resolution=dpi)
    path = tmp_path / "scan.pdf"
    path.write_bytes(content.getvalue())
    return path


def test_a_scanned_page_is_read_like_a_page(tmp_path, poem):
    path = scanned(tmp_path, poem)
    survey = engine.survey(path)
    found = engine.read_page(path, 1, survey, Options())
    lines = page_lines.write(found, Options(), "p-01", True, lambda *_: "")
    assert " ".join(line["text"] for line in lines if line["conversion_output"]) == " ".join(POEM)
    assert abs(found.width - poem.width * 72 / 150) < 1
    first = lines[0]["region"]
    assert abs(first["top_left_x"] - 40 * 250 / 150) < 12
    assert lines[0]["confidence_rate"] > 0.9


def test_the_places_on_a_scanned_page_that_lies_on_its_side_are_those_of_the_paper(tmp_path, poem):
    path = scanned(tmp_path, poem.rotate(180))
    found = engine.read_page(path, 1, engine.survey(path), Options())
    first = found.blocks[0].lines[0]
    assert "evening" in "".join(span.text for span in first.spans)
    assert first.box.cy < found.height / 2


def test_a_formula_that_is_not_sure_is_not_taken_for_drawings(monkeypatch):
    monkeypatch.setattr(mathematics, "SURE_WHOLE", 1.0)
    small = picture([Text(ITALIC, "x", 0, 4), Text(SYMBOL, "=", 8, 4), Text(ROMAN, "1", 16, 4)], 24, 14)
    assert read(Image.fromarray(small)).equation == "x=1"


def test_headings_are_told_where_the_picture_is_a_page():
    sheet = Image.new("RGB", (700, 220), "white")
    sheet.paste(page(["1 Harbour"], size=40, margin=10), (10, 0))
    sheet.paste(page([f"{line} {line.split()[0]}" for line in POEM[:2]], size=26, margin=10), (10, 90))
    assert read(sheet, enable_document_layout=True).text.startswith("\\section*{1 Harbour}\n\nThe evening")
    assert read(sheet).text.startswith("1 Harbour\n\nThe evening")


def test_numbers_and_quantities_are_formulas_where_they_are_to_be():
    picture = page(["The answer is 2 ms or 42 days."])
    asked = {"numbers_default_to_math": True, "math_fonts_default_to_math": True}
    assert read(picture).text == "The answer is 2 ms or 42 days."
    assert read(picture, **asked).text == r"The answer is \( 2 \mathrm{~ms} \) or \( 42 \) days."
