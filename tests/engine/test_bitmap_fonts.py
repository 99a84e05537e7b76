"""Fonts of bitmaps: those of TeX are known by their measures, the others make a page a picture."""

from __future__ import annotations

import pytest

from mathpixweb.engine import scanned
from mathpixweb.engine.readers import bitmap_fonts
from mathpixweb.engine.readers.pdf import open_pdf
from tests.engine.pages import page, written

# Advance, left, lower, right and upper edge in thousandths of an em, as the fonts' own files have it.
MEASURES = {
    "CMR10": {72: (750, 33, 0, 716, 683), 101: (444, 28, -11, 415, 448), 33: (278, 86, 0, 192, 716)},
    "CMMI10": {97: (529, 43, -10, 506, 442), 11: (640, 41, -11, 614, 442), 102: (490, 55, -205, 552, 705)},
    "CMSY10": {0: (778, 83, 230, 694, 270), 2: (778, 147, 9, 630, 491), 50: (667, 84, -40, 583, 540)},
}
EM = 83.022  # pixels: ten points of TeX at 600 dots per inch
POINT = 72 / 600


def pixels(name):
    """The measures in whole pixels, as a printer has them."""
    return {code: tuple(round(EM * n / 1000) for n in of) for code, of in MEASURES[name].items()}


@pytest.mark.parametrize("name", MEASURES)
def test_a_font_of_tex_is_known_by_its_measures(name):
    font = bitmap_fonts.identified(pixels(name))
    assert font is not None
    assert font.name == name
    assert font.em == pytest.approx(EM, rel=0.01)


def test_codes_have_the_names_of_their_font():
    minus = bitmap_fonts.identified(pixels("CMSY10"))
    alpha = bitmap_fonts.identified(pixels("CMMI10"))
    assert (minus.encoding[0], alpha.encoding[11]) == ("minus", "alpha")


def test_letters_beyond_ascii_are_those_of_the_cork_encoding():
    # Č, e, i of ecrm1000, of which only advance, depth and height are known
    font = bitmap_fonts.identified(
        {131: (60, 5, 0, 55, 73), 101: (37, 2, 0, 34, 36), 105: (23, 2, 0, 20, 54)}
    )
    assert font is not None
    assert font.name.startswith("SF")
    assert font.encoding[131] == "Ccaron"


@pytest.mark.parametrize(
    "measures",
    [
        {},
        {65: (100, 0, 0, 10, 300), 66: (10, 0, -200, 90, 5)},
        {65: (0, 0, 0, 0, 0)},
        {3000: (50, 0, 0, 40, 40)},
    ],
)
def test_what_measures_like_no_font_of_tex_is_unknown(measures):
    assert bitmap_fonts.identified(measures) is None


def type3(measures, turn=1):
    """Objects of a font whose glyphs are boxes of these measures, measured in pixels."""
    names = "".join(f" {code}/a{code}" for code in measures)
    drawn = "".join(f"/a{code} {20 + k} 0 R" for k, code in enumerate(measures))
    first, last = min(measures), max(measures)
    widths = " ".join(str(measures[code][0] if code in measures else 0) for code in range(first, last + 1))
    font = (
        f"<</Type/Font/Subtype/Type3/FontBBox[0 -20 90 63]/FontMatrix[1 0 0 {turn} 0 0]/FirstChar {first}"
        f"/LastChar {last}/Widths[{widths}]/Encoding<</Differences[{names}]>>/CharProcs<<{drawn}>>>>"
    )
    objects = {3: font.encode()}
    for k, (width, *box) in enumerate(measures.values()):
        proc = f"{width} 0 {' '.join(map(str, box))} d1 f"
        objects[20 + k] = f"<</Length {len(proc)}>>stream\n{proc}\nendstream".encode()
    return objects


def sheet_of(tmp_path, content, objects):
    with open_pdf(written(tmp_path, page(content, objects=objects))) as document:
        return document.sheet(1)


@pytest.mark.parametrize("turn", [1, -1])
def test_text_in_bitmaps_of_tex_is_text(tmp_path, turn):
    content = f"BT /F1 1 Tf {POINT} 0 0 {turn * POINT} 20 200 Tm (He!) Tj ET"
    sheet = sheet_of(tmp_path, content, type3(pixels("CMR10"), turn))
    assert [glyph.char for glyph in sheet.glyphs] == ["H", "e", "!"]
    assert [glyph.size for glyph in sheet.glyphs] == pytest.approx([10.0] * 3, rel=0.01)
    assert {glyph.font for glyph in sheet.glyphs} == {"CMR10"}
    first, second, _ = sheet.glyphs
    assert (round(first.ink.y1 - 200, 1), round(second.x - 20, 1)) == (6.8, 7.4)
    assert not scanned.is_scan(sheet)


def test_pictures_of_glyphs_may_have_their_axis_downwards_in_upright_text(tmp_path):
    font = type3({65: (8, 1, -7, 6, 2)}, turn=-1)
    sheet = sheet_of(tmp_path, "BT /F1 1 Tf 1 0 0 1 20 200 Tm (A) Tj ET", font)
    ink = sheet.glyphs[0].ink
    assert (ink.y0, ink.y1) == pytest.approx((198, 207))


def test_a_page_of_bitmaps_that_nobody_knows_is_a_picture(tmp_path):
    strange = {code: (40 + 17 * (code % 5), 1, -9 * (code % 3), 35, 30) for code in range(65, 75)}
    content = f"BT /F1 1 Tf {POINT} 0 0 -{POINT} 20 200 Tm (ABCDEFGHIJ) Tj ET"
    sheet = sheet_of(tmp_path, content, type3(strange))
    assert len(sheet.glyphs) == 10
    assert scanned.is_scan(sheet)
