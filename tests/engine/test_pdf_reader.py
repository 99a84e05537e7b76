from __future__ import annotations

import gc
import io
import tracemalloc
import weakref
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from mathpixweb.engine import page_images
from mathpixweb.engine.errors import EmptyDocument, EncryptedDocument, PageFailed, UnreadableDocument
from mathpixweb.engine.math import latex, structure
from mathpixweb.engine.readers import pdf, programs
from mathpixweb.engine.readers.fonts import Face
from mathpixweb.engine.readers.pdf import open_pdf
from tests import pdfs
from tests.engine.pages import assembled, deflated, form, page, written

LINE = "BT /F1 10 Tf 50 100 Td (ab) Tj ET"


def sheet_of(tmp_path, content):
    with open_pdf(written(tmp_path, content)) as document:
        return document.sheet(1)


def text_of(sheet):
    return "".join(glyph.char for glyph in sheet.glyphs)


def test_a_page_is_its_glyphs_with_places(tmp_path):
    sheet = sheet_of(tmp_path, page(LINE))
    assert (sheet.number, sheet.width, sheet.height) == (1, 200, 300)
    first, second = sheet.glyphs
    assert (first.name, first.char, first.font, first.family) == ("a", "a", "Helvetica", "sf")
    assert (first.x, first.y, first.size) == (50, 100, 10)
    assert first.advance == pytest.approx(5.56)
    assert second.x == pytest.approx(55.56)
    assert first.ink.y0 >= 100 < first.ink.y1 < second.ink.y1


def test_all_pages_can_be_read_in_any_order(tmp_path):
    with open_pdf(written(tmp_path, pdfs.with_numbered_pages(3))) as document:
        assert document.page_count == 3
        for number in (3, 1, 2, 3):
            assert text_of(document.sheet(number)).startswith(f"Thisispage{number}")
        with pytest.raises(PageFailed):
            document.sheet(4)


def test_a_large_file_with_its_scans_is_not_held_in_memory(tmp_path):
    size = 3 * pdf.IN_MEMORY
    head = (
        "<</Type/XObject/Subtype/Image/Width 1/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Length %d>>"
    )
    image = (head % (size, size)).encode() + b"stream\n" + bytes(size) + b"\nendstream"
    path = written(tmp_path, page("200 0 0 300 0 0 cm /X1 Do " + LINE, objects={10: image}))
    del image
    tracemalloc.start()
    try:
        with open_pdf(path) as document:
            assert [picture.raster for picture in document.sheet(1).pictures] == [True]
            assert tracemalloc.get_traced_memory()[0] < size / 2
    finally:
        tracemalloc.stop()


def test_spaces_are_no_glyphs_but_move_the_pen(tmp_path):
    sheet = sheet_of(tmp_path, page("BT /F1 10 Tf 3 Tw 1 Tc 50 100 Td [(a b) -500 (c)] TJ ET"))
    assert text_of(sheet) == "abc"
    assert sheet.glyphs[1].x == pytest.approx(50 + 5.56 + 1 + 2.78 + 1 + 3)
    assert sheet.glyphs[2].x == pytest.approx(sheet.glyphs[1].x + 5.56 + 1 + 5)


@pytest.mark.parametrize(
    ("rotate", "size", "content"),
    [
        (90, (300, 200), "BT /F1 10 Tf 0 1 -1 0 50 100 Tm (ab) Tj ET"),
        (180, (200, 300), "BT /F1 10 Tf -1 0 0 -1 50 100 Tm (ab) Tj ET"),
        (270, (300, 200), "BT /F1 10 Tf 0 -1 1 0 50 100 Tm (ab) Tj ET"),
        (-90, (300, 200), "BT /F1 10 Tf 0 -1 1 0 50 100 Tm (ab) Tj ET"),
    ],
)
def test_the_rotation_of_a_page_is_undone(tmp_path, rotate, size, content):
    sheet = sheet_of(tmp_path, page(content, f"/MediaBox[0 0 200 300]/Rotate {rotate}"))
    assert (sheet.width, sheet.height) == size
    first, second = sheet.glyphs
    assert first.y == second.y
    assert first.x < second.x


SIDEWAYS = "BT /F1 10 Tf 0 1 -1 0 50 100 Tm (stamp) Tj ET"


def test_a_stamp_that_is_not_upright_is_left_out(tmp_path):
    sheet = sheet_of(tmp_path, page(f"{SIDEWAYS} {LINE} {LINE}"))
    assert (text_of(sheet), sheet.turns) == ("abab", 0)


@pytest.mark.parametrize(
    ("turns", "matrix", "rotate"),
    [
        (1, "0 1 -1 0 50 100", 0),
        (2, "-1 0 0 -1 50 100", 0),
        (3, "0 -1 1 0 50 100", 0),
        (1, "-1 0 0 -1 150 100", 90),
        (3, "1 0 0 1 50 100", 90),
    ],
)
def test_a_page_whose_text_runs_sideways_is_turned(tmp_path, turns, matrix, rotate):
    content = f"BT /F1 10 Tf {matrix} Tm (sideways) Tj ET"
    path = written(tmp_path, page(content, f"/MediaBox[0 0 200 300]/Rotate {rotate}"))
    with open_pdf(path) as document:
        sheet = document.sheet(1)
    assert (text_of(sheet), sheet.turns) == ("sideways", turns)
    assert (sheet.width, sheet.height) == ((200, 300) if (turns + rotate // 90) % 2 == 0 else (300, 200))
    assert sheet.glyphs[0].y == pytest.approx(sheet.glyphs[-1].y)
    picture = Image.open(io.BytesIO(page_images.render(path, 1, 600)))
    assert (picture.width > picture.height) == (sheet.width > sheet.height)
    ink = ImageOps.invert(picture.convert("L")).getbbox()
    scale = picture.width / sheet.width
    assert ink[0] / scale == pytest.approx(sheet.glyphs[0].ink.x0, abs=2)


def test_text_that_is_placed_without_being_drawn_is_read_under_a_scan_only(tmp_path):
    unseen = f"BT 3 Tr ET {LINE}"
    scan = "q 200 0 0 300 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
    assert text_of(sheet_of(tmp_path, page(f"{unseen} 0 Tr {LINE.replace('ab', 'c')}"))) == "c"
    assert text_of(sheet_of(tmp_path, page(f"{scan} {unseen}"))) == "ab"


@pytest.mark.parametrize(("code", "char"), [("336", "fi"), ("337", "fl")])
def test_ligatures_of_the_macintosh_are_letters(tmp_path, code, char):
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/MacRomanEncoding>>"
    content = f"BT /F1 10 Tf 50 100 Td (\\{code}) Tj ET"
    sheet = sheet_of(tmp_path, page(content, objects={3: font}))
    assert [glyph.name for glyph in sheet.glyphs] == [char]


def test_places_count_from_the_corner_of_the_crop_box(tmp_path):
    sheet = sheet_of(tmp_path, page(LINE, "/MediaBox[-20 0 300 400]/CropBox[40 90 140 250]"))
    assert (sheet.width, sheet.height) == (100, 160)
    assert (sheet.glyphs[0].x, sheet.glyphs[0].y) == (10, 10)


def test_what_lies_outside_of_the_crop_box_is_not_there(tmp_path):
    assert not sheet_of(tmp_path, page(LINE, "/MediaBox[0 0 300 400]/CropBox[100 200 140 250]")).glyphs


@pytest.mark.parametrize(
    "box", ["[0 0 0.001 0.001]", "[0 0 1000000 1000000]", "[0 0 1e999 nan]", "[1 2]", "null"]
)
def test_a_page_of_no_sane_size_is_a_letter(tmp_path, box):
    sheet = sheet_of(tmp_path, page(LINE, f"/MediaBox{box}"))
    assert (sheet.width, sheet.height) == (612, 792)
    assert text_of(sheet) == "ab"


@pytest.mark.parametrize(
    "content",
    [
        "50 100 60 0.4 re f",
        "0.4 w 50 100.2 m 110 100.2 l S",
        "q 60 0 0 0.4 50 100 cm BI /W 1 /H 1 /IM true /BPC 1 ID \x00 EI Q",
    ],
    ids=["filled", "stroked", "image mask"],
)
def test_a_rule_is_a_rule_in_all_its_guises(tmp_path, content):
    (rule,) = sheet_of(tmp_path, page(content)).rules
    assert not rule.vertical
    assert (rule.box.x0, rule.box.x1) == (50, 110)
    assert rule.box.y0 == pytest.approx(100)
    assert rule.y == pytest.approx(100.2)


def test_upright_rules_are_told_from_flat_ones(tmp_path):
    assert sheet_of(tmp_path, page("50 100 0.4 60 re f")).rules[0].vertical


def test_the_sides_of_a_frame_are_four_rules(tmp_path):
    rules = sheet_of(tmp_path, page("50 100 60 40 re S")).rules
    assert sorted(rule.vertical for rule in rules) == [False, False, True, True]


def test_white_marks_are_invisible(tmp_path):
    assert not sheet_of(tmp_path, page("1 1 1 rg 50 100 60 0.4 re f 1 G 50 90 m 110 90 l S")).rules


def test_marks_are_numbered_in_the_order_in_which_they_are_drawn(tmp_path):
    sheet = sheet_of(
        tmp_path, page("BT /F1 9 Tf 50 99 Td (a) Tj ET 40 100 60 1 re f BT /F1 9 Tf 50 80 Td (b) Tj ET")
    )
    assert sheet.glyphs[0].index < sheet.rules[0].index < sheet.glyphs[1].index


def test_curves_near_each_other_are_one_picture(tmp_path):
    curves = "".join(f"{x} 100 m {x + 5} 140 {x + 10} 60 {x + 15} 100 c S " for x in range(40, 120, 10))
    sheet = sheet_of(tmp_path, page(curves + "35 55 100 90 re S"))
    (picture,) = sheet.pictures
    assert not picture.raster
    assert picture.box.x0 == pytest.approx(34.5, abs=1)
    assert picture.box.y1 == pytest.approx(145.5, abs=1)


def test_images_are_pictures(tmp_path):
    image = (
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n0\nendstream"
    )
    (picture,) = sheet_of(tmp_path, page("q 60 0 0 40 50 100 cm /X1 Do Q", objects={10: image})).pictures
    assert picture.raster
    assert (picture.box.x0, picture.box.y0, picture.box.x1, picture.box.y1) == (50, 100, 110, 140)


def test_links_know_their_address_and_place(tmp_path):
    annotation = (
        "/Annots[<</Type/Annot/Subtype/Link/Rect[50 90 70 110]/A<</S/URI/URI(https://example.org/a)>>>> 7]"
    )
    (link,) = sheet_of(tmp_path, page(LINE, "/MediaBox[0 0 200 300]" + annotation)).links
    assert link.url == "https://example.org/a"
    assert (link.box.x0, link.box.y1) == (50, 110)


def test_what_forms_draw_is_on_the_page(tmp_path):
    drawn = form("BT /F1 10 Tf 0 0 Td (in) Tj ET", "/Matrix[2 0 0 2 0 0]")
    glyph = sheet_of(tmp_path, page("q 1 0 0 1 30 40 cm /X1 Do Q", objects={10: drawn})).glyphs[0]
    assert (glyph.x, glyph.y, glyph.size) == (30, 40, 20)


def test_differences_and_to_unicode_name_the_glyphs(tmp_path):
    cmap = b"/CIDInit/ProcSet findresource begin begincmap 1 beginbfchar <41> <2264> endbfchar endcmap end"
    objects = {
        3: b"<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Custom/FirstChar 65/Widths[500 600]/ToUnicode 11 0 R"
        b"/Encoding<</Differences[65/g12/ffi]>>/FontDescriptor<</FontName/Custom/Flags 4>>>>",
        11: b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap),
    }
    first, second = sheet_of(tmp_path, page("BT /F1 10 Tf 50 100 Td (AB) Tj ET", objects=objects)).glyphs
    assert (first.char, first.font) == ("≤", "Custom")
    assert (second.name, second.char) == ("ffi", "ﬃ")


def test_a_glyph_at_code_zero_of_a_compact_font_has_its_name(tmp_path):
    # One glyph, "minus", whose code in the font's own encoding (00 01 00, after the name a6) is zero.
    compact = bytes.fromhex(
        "010004010001010105546573740001010110bd8bf856b305b00fb3108bd212b611000000000000a6000100"
        "000201010c17f888bd16f82495fc24060ef888bd16f824b3fc24060e"
    )
    objects = {
        3: b"<</Type/Font/Subtype/Type1/BaseFont 12 0 R/FirstChar 0/Widths[500]"
        b"/FontDescriptor<</FontName/Test/Flags 4/FontFile3 11 0 R>>>>",
        11: b"<</Subtype/Type1C/Length %d>>stream\n%s\nendstream" % (len(compact), compact),
        12: b"/ABCDEF+CMSY10",
    }
    (glyph,) = sheet_of(tmp_path, page("BT /F1 10 Tf 50 100 Td <00> Tj ET", objects=objects)).glyphs
    assert (glyph.name, glyph.font, glyph.family) == ("minus", "CMSY10", "sy")


def test_bitmap_glyphs_without_names_are_unknown_and_not_invented(tmp_path):
    proc = b"<</Length 27>>stream\n500 0 0 -100 450 700 d1 f \nendstream"
    objects = {
        3: b"<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 65"
        b"/LastChar 65/Widths[500]/Encoding<</Differences[65/a65]>>/CharProcs<</a65 11 0 R>>>>",
        11: proc,
    }
    (glyph,) = sheet_of(tmp_path, page("BT /F1 10 Tf 50 100 Td (A) Tj ET", objects=objects)).glyphs
    assert (glyph.name, glyph.char) == ("", "")
    assert (glyph.ink.y0, glyph.ink.y1) == (99, 107)


def test_a_broken_font_costs_its_own_text_only(tmp_path):
    objects = {3: b"<</Type/Font/Subtype/Type0/DescendantFonts 7>>"}
    sheet = sheet_of(tmp_path, page(LINE + " 50 100 60 0.4 re f", objects=objects))
    assert not sheet.glyphs
    assert sheet.rules


@pytest.mark.parametrize(
    "content", ["(((", "[[[[", "<< /a", "BT /F1 Tf (x) Tj", "1 2 3 re f", "q " * 5000, "\\ % ) > ] }"]
)
def test_malformed_content_is_skipped(tmp_path, content):
    assert text_of(sheet_of(tmp_path, page(LINE + " " + content))).startswith("ab")


# Files that are no documents, and documents that are traps


@pytest.mark.parametrize("content", [b"", b"\n \n", bytes(100)])
def test_a_file_with_nothing_in_it_is_empty(tmp_path, content):
    with pytest.raises(EmptyDocument):
        open_pdf(written(tmp_path, content))


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", b"<html><body>no</body></html>", pdfs.renamed_jpeg(), pdfs.truncated()],
    ids=["header only", "html", "jpeg", "truncated"],
)
def test_what_is_no_pdf_is_unreadable(tmp_path, content):
    with pytest.raises(UnreadableDocument):
        open_pdf(written(tmp_path, content))


def test_a_pdf_with_a_password_is_encrypted(tmp_path):
    with pytest.raises(EncryptedDocument):
        open_pdf(written(tmp_path, pdfs.encrypted()))


def test_a_page_count_that_lies_is_not_believed(tmp_path):
    content = page(LINE).replace(b"/Count 1>>", b"/Count 900>>")
    with open_pdf(written(tmp_path, content)) as document:
        assert document.page_count == 1


def test_a_page_tree_that_bites_its_tail_ends(tmp_path):
    content = page(LINE).replace(b"/Kids[4 0 R]", b"/Kids[4 0 R 2 0 R]")
    with open_pdf(written(tmp_path, content)) as document:
        assert document.page_count >= 1
        assert text_of(document.sheet(1)) == "ab"


def test_a_form_that_draws_itself_ends(tmp_path):
    resources = "/Resources<</Font<</F1 3 0 R>>/XObject<</X1 10 0 R>>>>"
    sheet = sheet_of(tmp_path, page("/X1 Do", objects={10: form(LINE + " /X1 Do", resources)}))
    assert text_of(sheet) == "ab"


def test_forms_that_double_each_other_fail_the_page_and_not_the_machine(tmp_path):
    objects = {
        number: form("/X Do " * 10, f"/Resources<</XObject<</X {number + 1} 0 R>>>>")
        for number in range(10, 20)
    }
    objects[20] = form(LINE, "/Resources<</Font<</F1 3 0 R>>>>")
    with pytest.raises(PageFailed):
        sheet_of(tmp_path, page("/X1 Do", objects=objects))


def test_content_that_swells_fails_the_page_and_not_the_machine(tmp_path):
    with pytest.raises(PageFailed):
        sheet_of(tmp_path, page("", objects={5: deflated(bytes(80_000_000))}))


def test_keywords_without_a_break_between_them_are_two(tmp_path):
    content = pdfs.with_numbered_pages(1)
    glued = content.replace(b"endstream\nendobj", b"endstreamendobj ")
    assert glued != content
    assert text_of(sheet_of(tmp_path, glued)).startswith("Thisispage1")


def test_a_damaged_page_does_not_harm_the_others(tmp_path):
    whole = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[4 0 R 6 0 R]/Count 2>>",
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        4: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R>>",
        5: deflated(bytes(80_000_000)),
        6: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 200]/Resources<</Font<</F1 3 0 R>>>>/Contents 7 0 R>>",
        7: b"<</Length %d>>stream\n%s\nendstream" % (len(LINE), LINE.encode()),
    }
    with open_pdf(written(tmp_path, assembled(whole))) as document:
        with pytest.raises(PageFailed):
            document.sheet(1)
        assert text_of(document.sheet(2)) == "ab"


# Files made with TeX: the same formula in Type 1 fonts (pdfTeX) and in an OpenType font (LuaTeX)

CASES = Path(__file__).parent / "cases" / "pdf"


@pytest.mark.parametrize("name", ["type1.pdf", "opentype.pdf"])
def test_a_formula_set_by_tex_is_read_from_the_file(name):
    with open_pdf(CASES / name) as document:
        sheet = document.sheet(1)
    assert (
        latex.write(structure.parse(sheet.glyphs, sheet.rules))
        == r"\sum_{i=1}^{n} \frac{x_{i}^{2}}{\sqrt{2}}"
    )


def test_ink_boxes_are_those_of_the_drawn_outlines():
    with open_pdf(CASES / "type1.pdf") as document:
        glyphs = {glyph.name: glyph for glyph in document.sheet(1).glyphs}
    total = glyphs["summationdisplay"]
    assert total.ink.height == pytest.approx(13.95, abs=0.05)
    assert total.y - total.ink.y1 == pytest.approx(0, abs=0.05)  # it hangs below its baseline
    assert glyphs["x"].ink.height == pytest.approx(4.52, abs=0.05)


def test_what_was_learnt_of_fonts_is_kept_in_the_cache_directory(tmp_path):
    programs.forget()
    with open_pdf(CASES / "type1.pdf", cache_directory=tmp_path) as document:
        first = document.sheet(1)
    kept = sorted(tmp_path.iterdir())
    assert kept
    programs.forget()
    with open_pdf(CASES / "type1.pdf", cache_directory=tmp_path) as document:
        assert document.sheet(1) == first
    kept[0].write_text("not what it was")
    programs.forget()
    with open_pdf(CASES / "type1.pdf", cache_directory=tmp_path) as document:
        assert document.sheet(1) == first


def test_a_code_may_be_a_letter_though_its_name_is_that_of_the_blank(tmp_path):
    table = "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <20> <0062> endbfchar"
    font = {
        3: b"<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Any/FirstChar 32/LastChar 32/Widths[500]"
        b"/ToUnicode 11 0 R>>",
        11: f"<</Length {len(table)}>>stream\n{table}\nendstream".encode(),
    }
    assert text_of(sheet_of(tmp_path, page("BT /F1 10 Tf 50 100 Td <20> Tj ET", objects=font))) == "b"


def test_a_closed_document_leaves_nothing_for_the_collector(monkeypatch):
    faces = []
    monkeypatch.setattr(
        pdf, "Face", lambda *arguments: faces.append(weakref.ref(made := Face(*arguments))) or made
    )
    gc.disable()
    try:
        with open_pdf(CASES / "type1.pdf") as document:
            assert document.sheet(1).glyphs
        del document
        assert faces
        assert all(face() is None for face in faces)
    finally:
        gc.enable()
