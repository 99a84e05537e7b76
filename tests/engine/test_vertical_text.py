"""PDFs with vertical text: where its characters are, and that it goes down."""

from __future__ import annotations

import pytest

from mathpixweb.engine.readers.pdf import open_pdf
from mathpixweb.engine.readers.vertical_text import reads_downwards
from tests.engine.pages import HELVETICA, page, written
from tests.engine.sheets import Setter

TEXT = "線形代数入門書、線形代数"
FONT = {
    3: b"<</Type/Font/Subtype/Type0/BaseFont/Gothic/Encoding/UniJIS-UCS2-V/DescendantFonts[11 0 R]>>",
    11: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Gothic/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)"
    b"/Supplement 2>>/FontDescriptor 12 0 R/DW 1000>>",
    12: b"<</Type/FontDescriptor/FontName/Gothic/Flags 4/Ascent 880/Descent -120>>",
}


def sheet_of(tmp_path, content, objects=None):
    with open_pdf(written(tmp_path, page(content, objects=objects))) as document:
        return document.sheet(1)


def test_a_vertical_font_draws_below_and_around_its_origin(tmp_path):
    text = TEXT.encode("utf-16-be").hex()
    sheet = sheet_of(tmp_path, f"BT /F1 10 Tf 100 280 Td <{text}> Tj ET", FONT)
    assert "".join(glyph.char for glyph in sheet.glyphs) == TEXT
    first, second = sheet.glyphs[:2]
    assert (first.x, first.y, first.advance) == pytest.approx((95, 271.2, 10))
    assert (second.x, second.y) == pytest.approx((95, 261.2))
    assert sheet.downwards


def test_words_that_lie_are_kept_where_text_goes_down(tmp_path):
    text = TEXT.encode("utf-16-be").hex()
    lying = "BT /F2 10 Tf 0 -1 1 0 97 150 Tm (ab) Tj ET"
    more = {
        4: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]/Contents 5 0 R"
        b"/Resources<</Font<</F1 3 0 R/F2 13 0 R>>>>>>",
        13: HELVETICA.encode(),
    }
    sheet = sheet_of(tmp_path, f"BT /F1 10 Tf 100 280 Td <{text}> Tj ET {lying}", FONT | more)
    assert [(glyph.char, glyph.x, glyph.y) for glyph in sheet.sideways] == [
        ("a", pytest.approx(150), pytest.approx(97)),
        ("b", pytest.approx(155.56), pytest.approx(97)),
    ]


def test_elsewhere_they_are_left_out(tmp_path):
    sheet = sheet_of(tmp_path, "BT /F1 10 Tf 20 280 Td (text) Tj 0 -1 1 0 97 150 Tm (ab) Tj ET")
    assert (sheet.downwards, sheet.sideways) == (False, ())


@pytest.mark.parametrize(
    ("column", "down"), [("線形代数入門書線形代数", True), ("𝐴𝐵𝐶𝐷𝐸𝐹𝐺𝐻𝐼𝐽𝐾", False), ("ﬁﬁﬁﬁﬁﬁﬁﬁﬁﬁ", False)]
)
def test_only_ideographs_go_down(column, down):
    setter = Setter()
    for place, char in enumerate(column):
        setter.set(char, 100, 700 - 10 * place)
    assert reads_downwards(setter.glyphs) is down
