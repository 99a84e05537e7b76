import io
import re
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
import typst
from lxml import etree
from PIL import Image

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import formats, molecules, overlay
from tests.engine.samples import SAMPLE, pdf_text, unpacked

COMMANDS = (Path(__file__).parent / "cases" / "supported_commands.txt").read_text().splitlines()
EVERY_COMMAND = "\n\n".join(f"\\[\n{latex}\n\\]" for latex in COMMANDS)
XHTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}math"
STRUCTURE = "Aspirin <smiles>CC(=O)Oc1ccccc1C(=O)O</smiles> and <smiles>no(structure</smiles> here"


# every command of the reference's list


def test_every_supported_command_is_a_native_equation_in_word(make):
    xml = unpacked(make("docx", EVERY_COMMAND))["word/document.xml"].decode()
    assert xml.count("<m:oMathPara>") == len(COMMANDS)
    assert "\\" not in "".join(re.findall(r"<[mw]:t[^>]*>([^<]*)", xml)).replace("a\\b", "")


def test_every_supported_command_is_mathml_in_a_book(make):
    text = b"".join(
        text for name, text in unpacked(make("epub", EVERY_COMMAND)).items() if "/ch" in name
    ).decode()
    assert text.count("<math ") == len(COMMANDS)


def test_every_supported_command_is_a_formula_of_typst(make):
    assert b"#raw(" not in make("typst", EVERY_COMMAND)


# epub


def test_a_book_can_be_opened_and_has_its_parts(make):
    content = make("epub")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert book.read("mimetype") == b"application/epub+zip"
    files = unpacked(content)
    package = etree.fromstring(files["EPUB/content.opf"])
    listed = [item.get("href") for item in package.iter("{http://www.idpf.org/2007/opf}item")]
    assert {f"EPUB/{href}" for href in listed} <= files.keys()
    pages = [etree.fromstring(files[name]) for name in files if name.endswith(".xhtml")]
    text = " ".join("".join(page.itertext()) for page in pages)
    for said in ("1 Introduction", "AT&T at once", "As in (1)", "First note", "It holds.", "We show"):
        assert said in text
    assert sum(len(list(page.iter(MATHML))) for page in pages) >= 8
    cells = [cell for page in pages for cell in page.iter(XHTML + "th", XHTML + "td")]
    assert [cell.get("colspan") for cell in cells].count("2") == 1
    assert [cell.get("rowspan") for cell in cells].count("2") == 1
    assert [name for name in files if name.endswith(".jpg")]
    assert "On " in "".join(package.itertext())


def test_a_book_runs_and_loads_nothing(make):
    hostile = '<script>alert(1)</script> <img src="https://x.example/y.png"> '
    hostile += '<iframe src="https://x.example"></iframe>'
    hostile += r"\( \href{javascript:alert(2)}{x} \cssId{b}{\style{color:red}{y \text{ z }}} \)"
    files = unpacked(make("epub", f"# A\n\n{hostile}"))
    everything = b"".join(files.values())
    assert b'href="javascript' not in everything and b'id="b"' not in everything
    [formula] = [f for name in files if "/ch" in name for f in etree.fromstring(files[name]).iter(MATHML)]
    assert {name for part in formula.iter() for name in part.attrib} <= {"alttext", "encoding"}
    assert b"<script" not in everything
    assert b'src="http' not in everything
    assert b"<iframe" not in everything


def test_tags_between_words_mean_in_other_formats_what_they_mean_in_html(make):
    xml = unpacked(make("docx", "H<sub>2</sub>O <b>bold</b> <u>line</u> <span onclick='x()'>plain</span>"))
    runs = xml["word/document.xml"].decode()
    assert 'w:vertAlign w:val="subscript"' in runs
    assert "<w:b />" in runs or "<w:b/>" in runs
    assert "plain" in runs
    page = b"".join(text for name, text in unpacked(make("epub", "H<sub>2</sub>O")).items() if "/ch" in name)
    assert b"<sub>2</sub>" in page


# typst


def test_the_typst_source_is_one_file_that_compiles_anywhere(make):
    content = make("typst")
    assert b"data:image/jpeg;base64," in content
    text = pdf_text(typst.compile(content))
    for said in ("1 Introduction", "AT&T at once", "Figure 1", "(1.2)", "First note", "We show"):
        assert said in text


def test_looks_of_typst_follow_the_options(make):
    content = make(
        "typst", "Words", fontSize="40", text_color="red", background_color="#ffeecc", margin=100
    ).decode()
    assert 'fill: rgb("#FF0000")' in content
    assert 'fill: rgb("#FFEECC")' in content
    assert "size: 30pt" in content
    assert "margin: 75pt" in content
    assert "numbering: none" in make("typst", "Words", disable_footer="true").decode()


def test_a_formula_that_typst_cannot_read_is_shown_as_its_source(make):
    text = pdf_text(typst.compile(make("typst", "Before \\( \\unheardof{x} \\) after \\( x^2 \\)")))
    assert "Before" in text
    assert "unheardof" in text
    assert "after" in text


def test_links_of_typst_lead_only_to_places_that_there_are(make):
    equation = '\\begin{equation} a \\label{eq:ö "1"} \\end{equation}'
    text = make("typst", f'See [there](#nowhere) and \\eqref{{eq:ö "1"}}.\n\n{equation}').decode()
    assert "#nowhere" not in text and text.count("#link(<eq:") == 1
    assert "numbered[(1)][$ a $]" in text


def test_typst_of_a_text_is_text(make):
    hostile = '#read("/etc/passwd") #import "@preview/x:1.0.0" $#read("/etc/passwd")$ '
    hostile += '`#read("/etc/passwd")`{=typst}'
    assert "root:" not in pdf_text(typst.compile(make("typst", hostile)))


# structures


def test_structures_are_drawn_and_what_is_none_is_shown(make):
    for name, folder in (("docx", "word/media/"), ("epub", "EPUB/media/"), ("tex.zip", "d1/images/")):
        files = unpacked(make(name, STRUCTURE))
        pictures = [content for path, content in files.items() if path.startswith(folder)]
        assert len(pictures) == 1, name
        image = Image.open(io.BytesIO(pictures[0]))
        assert image.width > 200
        assert image.getextrema()[0] < 50, "something is drawn"
    assert "no(structure" in unpacked(make("docx", STRUCTURE))["word/document.xml"].decode()


def test_structures_that_would_take_for_ever_are_left_as_text():
    text, _ = molecules.draw_structures("<smiles>" + "C1CC" * 5000 + "</smiles>", lambda url: None)
    assert "includegraphics" not in text


def test_structures_are_not_confused_with_pictures_of_the_text():
    _, images = molecules.draw_structures(
        "<smiles>CCO</smiles>", lambda url: b"own" if url == "a.jpg" else None
    )
    assert images("a.jpg") == b"own"
    assert images("structure-1.png").startswith(b"\x89PNG")
    assert images("structure-2.png") is None


# the searchable original


def original(tmp_path, rotation):
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(400, 600))
        page.obj.MediaBox = pikepdf.Array([10, 20, 410, 620])
        page.obj.Rotate = rotation
        pdf.save(tmp_path / "original.pdf")
    return tmp_path / "original.pdf"


LINE = {
    "text": "Hello \\( x^{2} \\) Wörld 漢 \U0001d465",
    "region": {"top_left_x": 100, "top_left_y": 200, "width": 300, "height": 40},
}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_text_over_a_page_is_found_at_its_place_and_not_seen(tmp_path, rotation):
    source = original(tmp_path, rotation)
    width, height = (800, 1200) if rotation in (0, 180) else (1200, 800)
    content = overlay.lay_over(source, [overlay.OriginalPage(1, width, height, [LINE])])
    document = pdfium.PdfDocument(content)
    page = document[0]
    text = page.get_textpage()
    assert text.get_text_range().replace("\r\n", "").startswith("Hello x^{2} Wörld 漢")
    found = text.search("Wörld").get_next()
    assert found is not None
    boxes = [text.get_charbox(i) for i in range(5)]
    middle = [sum(box[side] for box in boxes) / 5 for side in range(4)]
    across, down = turned((middle[0] + middle[2]) / 2 - 10, (middle[1] + middle[3]) / 2 - 20, rotation)
    assert 50 < across < 100
    assert 100 < down < 120
    assert page.render(scale=1).to_pil().convert("L").getextrema() == (255, 255)
    document.close()


@pytest.mark.parametrize("upwards", [True, False])
def test_lines_of_a_page_that_lies_on_its_side_run_along_it(tmp_path, upwards):
    lefts = (100, 200) if upwards else (200, 100)
    regions = [{"top_left_x": left, "top_left_y": 300, "width": 40, "height": 600} for left in lefts]
    lines = [
        {"text": text, "region": region}
        for text, region in zip(("Hello world", "again"), regions, strict=True)
    ]
    content = overlay.lay_over(original(tmp_path, 0), [overlay.OriginalPage(1, 800, 1200, lines)])
    with pdfium.PdfDocument(content) as document:
        text = document[0].get_textpage()
        found = text.search("Hello world").get_next()
        boxes = [text.get_charbox(found[0] + k) for k in (0, 10)]
    across = [(left + right) / 2 - 10 for left, _, right, _ in boxes]
    down = [620 - (bottom + top) / 2 for _, bottom, _, top in boxes]
    assert all(lefts[0] / 2 < x < lefts[0] / 2 + 20 for x in across)
    first, last = (down[0], down[1]) if not upwards else (down[1], down[0])
    assert 150 < first < 190 and 410 < last < 450


def turned(x, y, rotation):
    """From the page as it is drawn, origin below, to the page as it is shown, origin above."""
    return {0: (x, 600 - y), 90: (y, x), 180: (400 - x, y), 270: (600 - y, 400 - x)}[rotation]


def test_an_original_that_is_broken_or_missing_is_told(tmp_path, make):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(RenderFailed, match="cannot be written again"):
        overlay.lay_over(tmp_path / "x.pdf", [])
    with pytest.raises(RenderFailed, match="given as text"):
        make("mmd.overlay.pdf", SAMPLE)


def test_every_format_tells_its_kind():
    assert all("/" in each.content_type and each.extension for each in formats.FORMATS.values())
