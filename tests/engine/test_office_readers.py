from __future__ import annotations

import io
import select
import shutil
import socket
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from mathpixweb.engine import drawings, kinds
from mathpixweb.engine.errors import EncryptedDocument, MissingProgram, UnreadableDocument
from mathpixweb.engine.readers import djvu, palm, soffice
from mathpixweb.engine.writers.programs.programs import DJVULIBRE, LIBREOFFICE
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.local import LocalProvider
from tests import djvus, offices

ID = "2026_01_01_0123456789abcdef0123g"
OFFICE = pytest.mark.skipif(LIBREOFFICE.path() is None, reason="LibreOffice is not installed")


@pytest.fixture
def no_office(monkeypatch):
    """A machine without LibreOffice."""
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, *_: None if "office" in name else found(name))
    monkeypatch.setattr(
        "mathpixweb.engine.writers.programs.programs.shutil.which",
        lambda name, *_: None if "office" in name else found(name),
    )


@pytest.fixture
def read(tmp_path):
    """Reads a file as the worker does; the survey's detail and the pages."""

    def pages(content: bytes, options=None):
        source = tmp_path / "source.pdf"
        source.write_bytes(content)
        provider = LocalProvider()
        survey = provider.survey(source, {})
        wanted = [(number, number) for number in range(1, survey.page_count + 1)]
        return survey.detail, list(provider.read(source, ID, wanted, survey.detail, options or {}))

    return pages


def test_a_word_document_keeps_its_structure_and_its_formulas(read, no_office):
    detail, [page] = read(offices.word())
    assert detail == {"kind": "docx", "is_drawn": False}
    assert "\\section*{Small numbers}" in page.mmd
    assert "\\( \\frac{a}{b} \\)" in page.mmd
    assert "**and costs 5 \\$.**" in page.mmd
    assert "\\begin{itemize}\n\\item first item\n\\item second item\n\\end{itemize}" in page.mmd
    assert "\\multicolumn{2}{|c|}{wide}" in page.mmd
    assert "left & right \\& more" in page.mmd
    assert f"![](/cropped/{ID}-01.jpg?height=30&width=40&top_left_y=0&top_left_x=50000)" in page.mmd
    assert [(figure.width, figure.height) for figure in page.figures] == [(40, 30)]
    assert page.figures[0].jpeg.startswith(b"\xff\xd8\xff")


def test_numbers_that_word_counts_are_said(read, no_office):
    _, [page] = read(offices.word_counting())
    for heading in (
        "section*{1 Aims}",
        "subsection*{1.1 First aim}",
        "subsection*{1.2 Second aim}",
        "section*{2 Means}",
    ):
        assert f"\\{heading}" in page.mmd
    for item in ("[Article I] Parties", "[1.1] The seller", "[1.2] The buyer", "[Article II] Price"):
        assert f"\\item{item}" in page.mmd


def test_options_for_the_numbers_of_sections_heed_those_that_word_counts(read, no_office):
    _, [page] = read(offices.word_counting(), {"remove_section_numbering": True})
    assert "\\subsection*{First aim}" in page.mmd


def test_a_row_that_begins_late_keeps_its_cells_in_their_columns(read, no_office):
    _, [page] = read(offices.word_counting())
    assert "\\hline head & other \\\\\n\\hline  & late \\\\" in page.mmd


def test_emphasis_within_the_same_is_one(read):
    _, [page] = read(
        b"<!doctype html><p><b><strong>both</strong></b> <em>a <i>b</i></em> <s><del>c</del></s></p>"
    )
    assert page.mmd == "**both** *a b* ~~c~~"


def test_a_numbered_formula_comes_back_from_our_own_word_document(read, no_office, make):
    rows = "\\begin{align*}\na &= b \\tag{2} \\\\\n&= c\n\\end{align*}"
    text = f"Words\n\n\\[\nE=m c^{{2}} \\tag{{1.2}}\n\\]\n\n{rows}\n\nMore"
    _, [page] = read(make("docx", text), {"include_equation_tags": True})
    assert page.mmd.replace(" ", "") == text.replace(" ", "")


def test_what_was_never_on_paper_has_no_regions(read, no_office):
    _, [page] = read(offices.word())
    assert (page.width, page.height) == (0, 0)
    assert all("region" not in line and "cnt" not in line for line in page.lines)
    assert page.mmd == "".join(line["text_display"] for line in page.lines)


def test_the_request_says_which_delimiters_formulas_get(read, no_office):
    _, [page] = read(offices.word(), {"math_inline_delimiters": ["$", "$"]})
    assert "$\\frac{a}{b}$" in page.mmd


def test_each_slide_is_a_page_with_everything_in_its_place(read, no_office):
    _, [first, second] = read(offices.slides())
    assert first.mmd.startswith("\\section*{First slide}")
    assert "\\item one\n\\item two\n\n\\begin{itemize}\n\\item deeper\n\\end{itemize}" in first.mmd
    assert "ratio \\( \\frac{a}{b} \\)" in first.mmd
    assert "\\multicolumn{2}{|c|}{wide}" in second.mmd
    assert len(second.figures) == 1
    assert (second.width, second.height) == (2500, 1875)  # ten by seven and a half inches
    table = next(line for line in second.lines if line["type"] == "table")
    assert table["region"] == {"top_left_x": 250, "top_left_y": 500, "width": 1000, "height": 250}


def test_each_chapter_of_a_book_is_a_page(read):
    _, [first, second] = read(offices.book())
    assert "\\section*{One}" in first.mmd
    assert "\\( x^{2} \\)" in first.mmd
    assert "\\( y_1 \\)" in first.mmd
    assert len(first.figures) == 1
    assert second.mmd == "\n\n\\section*{Two}\n\nThe end."


def test_a_kindle_book_is_read_from_its_records(read):
    _, [first, second] = read(offices.kindle())
    assert first.mmd.startswith("\\section*{One}\n\nWords.")
    assert len(first.figures) == 1
    assert second.mmd == "\n\n\\section*{Two}"


def test_packed_text_repeats_what_it_had():
    assert palm.unpack_palmdoc(b"ab\x80\x10\xe3") == b"ababa c"


def test_a_web_page_keeps_formulas_and_says_nothing_of_its_scripts(read):
    page = "<!doctype html><h1>Page</h1><script>bad()</script><p>\\[a^2\\] at $5 and $6</p>"
    _, [read_page] = read(page.encode())
    assert "\\section*{Page}" in read_page.mmd
    assert "\\[\na^2\n\\]" in read_page.mmd
    assert "\\$5 and \\$6" in read_page.mmd
    assert "bad" not in read_page.mmd


def test_long_texts_have_pages_of_about_one_size(read):
    paragraphs = "".join(f"<p>{'word ' * 200}</p>" for _ in range(20))
    _, pages = read(f"<!doctype html><html><body>{paragraphs}</body></html>".encode())
    assert len(pages) == 5


def test_pictures_from_elsewhere_are_not_fetched(read):
    page = "<!doctype html><p>a <img src='http://127.0.0.1:9/a.png' alt='far'> <img src='file:///etc/passwd'></p>"
    _, [read_page] = read(page.encode())
    assert read_page.mmd == "a far"
    assert read_page.figures == ()


def test_nobody_follows_the_links_of_a_document(read):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/far.png"
        _, [page] = read(offices.word_linking(address))
        assert "Small numbers" in page.mmd
        assert select.select([server], [], [], 0)[0] == []


LOCKED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
    'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/></EncryptedData>'
    "</encryption>"
)


def test_a_locked_book_is_refused_in_words(read):
    with pytest.raises(ProviderError, match="locked by its seller") as refused:
        read(
            offices.book(
                {"META-INF/encryption.xml": LOCKED.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc")}
            )
        )
    assert refused.value.error_id == "pdf_encrypted"
    with pytest.raises(ProviderError, match="locked by its seller"):
        read(offices.kindle(locked=True))


@pytest.mark.parametrize("kind", [kinds.ODT, kinds.ODP])
def test_an_open_document_with_a_password_is_refused(read, no_office, kind):
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(ProviderError) as refused:
        read(offices.archive({"mimetype": kind.mime, "META-INF/manifest.xml": manifest}))
    assert refused.value.error_id == "pdf_encrypted"


def test_a_book_with_scrambled_fonts_is_open(read):
    _, pages = read(
        offices.book({"META-INF/encryption.xml": LOCKED.format("http://www.idpf.org/2008/embedding")})
    )
    assert len(pages) == 2


def test_kfx_is_refused_with_a_way_out(read):
    with pytest.raises(ProviderError, match="Send the book as EPUB"):
        read(b"CONT\x02\x00" + bytes(200))


def test_what_needs_libreoffice_says_so(read, no_office):
    with pytest.raises(ProviderError, match="doctor --install libreoffice"):
        read(b"\xffWPC" + bytes(500))
    with pytest.raises(MissingProgram):
        soffice.converted(Path("a.doc"), "doc", "docx")


def bomb() -> bytes:
    return offices.word_with({"word/media/zeros.bin": bytes(70 << 20)})


def many() -> bytes:
    return offices.archive({f"{number}": b"" for number in range(20_001)})


def entities() -> bytes:
    bad = '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><container>&b;</container>'
    return offices.book({"META-INF/container.xml": bad})


def with_damage(content: bytes, name: str) -> bytes:
    """The archive with other bytes in the middle of a packed part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(name)
    middle = part.header_offset + 30 + len(name) + part.compress_size // 2
    return (
        content[:middle] + bytes(byte ^ 255 for byte in content[middle : middle + 8]) + content[middle + 8 :]
    )


@pytest.mark.parametrize(
    "content",
    [
        bomb,
        many,
        entities,
        lambda: offices.word()[:3000],
        lambda: offices.archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<broken"}),
        lambda: offices.palm([bytes(8), b"x"]),
        lambda: offices.kindle()[:100],
        lambda: with_damage(offices.slides(), "ppt/slides/slide1.xml"),
        lambda: with_damage(offices.word(), "word/document.xml"),
        lambda: offices.archive({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}),
    ],
)
def test_what_is_broken_or_means_harm_gets_an_error(read, content):
    with pytest.raises(ProviderError) as refused:
        read(content())
    assert refused.value.error_id == "pdf_missing"


def test_a_document_with_a_damaged_picture_is_read_without_it(read, no_office):
    content = offices.word_with({"word/media/more.txt": "words " * 500})
    _, pages = read(with_damage(content, "word/media/more.txt"))
    assert "Small numbers" in pages[0].mmd


def test_names_that_lead_out_of_an_archive_lead_nowhere(read, no_office, tmp_path):
    _, [page] = read(
        offices.word_with({"../../../escaped.txt": "out", "word/media/../../../escaped2.png": offices.png()})
    )
    assert "Small numbers" in page.mmd
    assert [path.name for path in tmp_path.parent.rglob("escaped*")] == []


def test_the_kind_is_told_by_the_bytes(tmp_path):
    for content, kind in (
        (offices.word(), kinds.DOCX),
        (offices.slides(), kinds.PPTX),
        (offices.book(), kinds.EPUB),
        (offices.kindle(), kinds.MOBI),
        (b"{\\rtf1 a}", kinds.RTF),
        (offices.archive({"a": "b"}), None),
    ):
        path = tmp_path / "file"
        path.write_bytes(content)
        assert kinds.of_path(path) == kind


def test_a_protected_office_document_is_told_from_a_broken_one(tmp_path):
    path = tmp_path / "file"
    mark = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    path.write_bytes(mark + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(EncryptedDocument):
        kinds.of_path(path)
    path.write_bytes(mark)
    with pytest.raises(UnreadableDocument):
        kinds.of_path(path)


@OFFICE
def test_libreoffice_draws_the_pages_and_the_text_lies_on_them(read, tmp_path):
    detail, [page] = read(offices.word())
    assert detail["is_drawn"]
    assert drawings.drawing(tmp_path / "source.pdf").read_bytes().startswith(b"%PDF")
    heading = next(line for line in page.lines if line["type"] == "section_header")
    table = next(line for line in page.lines if line["type"] == "table")
    assert 0 < heading["region"]["top_left_y"] < table["region"]["top_left_y"] < page.height
    picture = LocalProvider().page_image(tmp_path / "source.pdf", 1, 200)
    assert Image.open(io.BytesIO(picture)).width == 200


@OFFICE
def test_old_formats_go_through_libreoffice(read, tmp_path):
    source = tmp_path / "source.docx"
    source.write_bytes(offices.word())
    _, [page] = read(soffice.converted(source, "docx", "odt"))
    assert "\\section*{Small numbers}" in page.mmd
    assert "\\frac{a}{b}" in page.mmd


def test_djvu_without_its_programs_says_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(type(DJVULIBRE), "path", lambda self: None)
    with pytest.raises(MissingProgram, match="doctor --install ddjvu"):
        djvu.as_pdf(tmp_path / "a.djvu")


@pytest.mark.skipif(
    shutil.which("c44") is None or DJVULIBRE.path() is None, reason="DjVuLibre is not installed"
)
def test_the_text_of_a_djvu_page_lies_where_the_page_has_it(read, tmp_path):
    _, [page] = read(djvus.with_text(tmp_path, "Hello from a page"))
    assert "Hello from a page" in page.mmd
