"""One document with every construct of Mathpix Markdown, through every format."""

import io
import math
import re
from html import unescape
from pathlib import Path

import docx
import pypdfium2 as pdfium
import pytest
import typst
from docx.oxml.ns import qn
from lxml import etree
from pptx import Presentation

from mathpixweb.engine.layout import understand
from mathpixweb.engine.layout.surveying import survey_of
from mathpixweb.engine.model import Options
from mathpixweb.engine.readers.pdf import open_pdf
from mathpixweb.engine.writers import overlay
from mathpixweb.engine.writers.mmd import lines
from mathpixweb.web.engines import east_asian_fonts
from tests.engine.samples import pdf_text, unpacked

EVERYTHING = (Path(__file__).parent / "cases" / "everything.mmd").read_text()
SAID = """
Ada A. Author|University of One|bold by LaTeX|emphasised|two lines below|And one inside.|A subsubsection
1.1|section 1.|Cells that span|Table 2|A caption that is counted|upper|HTML|Figure 1|A blue box|Deeper
With a mark of its own|Theorem 6.1|(Pythagoras)|Lemma 6.2|Remark.|By theorem 6.1|Corollary 1|another|Day|BaSO
The text of the first note|The text that belongs to the mark|A note by LaTeX|A note below a page|not bold
indented code|中文|In the middle.|To the right.|More to open|Hidden until it is opened.|The last page
https://three.example/path_with_underscores|dashes below|Marked by a star|Counted by letters|It is shown.|QED
A text below the page without one
"""
SOURCE = (
    r"\emph|\href|[[toc]]|sec:words|tab:counted|thm:p|"
    r"\diagbox|\renew|\addcontents|\dotul|\blfoot|+++|\footnote|==marked|++ins|\texorp|\hline|\item"
)
DRAWN = {"Day", "BaSO"}  # what some PDF files have in pieces


def words(content, name):
    """What the file says, in one line."""
    if content[:4] == b"%PDF":
        said = pdf_text(content)
    elif content[:2] == b"PK":
        parts = unpacked(content)
        chosen = [
            part for part in sorted(parts) if re.search(r"document\.xml|footnotes\.xml|/ch\d|/slide\d", part)
        ]
        said = " ".join(tagless(parts[part].decode()) for part in chosen if not part.endswith(".rels"))
    else:
        said = tagless(content.decode().partition("<main")[2] or content.decode())
    return " ".join(said.split())


def tagless(markup):
    markup = re.sub(r"<annotation\b.*?</annotation>|<style.*?</style>", "", markup, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"</(?:w:p|a:p|p|td|th|div|li)>", " ", markup)))


@pytest.mark.parametrize("name", ["docx", "html", "pdf", "latex.pdf", "pptx", "epub", "typst"])
def test_every_construct_is_said_and_none_is_shown_as_its_source(make, name):
    content = make(name, EVERYTHING)
    content = typst.compile(content) if name == "typst" else content
    said = words(content, name)
    wanted = {part for line in SAID.strip().splitlines() for part in line.split("|")} - DRAWN
    if content[:4] == b"%PDF" and east_asian_fonts() is None:
        wanted.remove("中文")  # no font has it
    assert {part for part in wanted if part not in said} == set()
    assert [part for part in SOURCE.split("|") if part in said] == []


def test_every_construct_is_markdown(make):
    said = make("md", EVERYTHING).decode()
    for part in (
        "# Everything that Mathpix Markdown can say, with $E=mc^{2}$ in its title",
        "## 1 Words",
        "- Words\n  - A subsection",
        "Text refers to section 1.",
        "\\begin{align*}\na &= b+c \\tag{2}\\\\\nd &= e  \\\\\nf &= g \\tag{3}\n\\end{align*}",
        "In MathML:  \n$\\frac{m}{n}$.",
        "| $\\vert x \\vert$ |",
        "4.  Four",
        "\n$\\star$ Marked by a star\n",
        "**Theorem 6.1** (Pythagoras)**.** *In a right triangle $a^{2}+b^{2}=c^{2}$.*",
        "A note by Markdown[^1], again<sup>1</sup>, one in place[^2], one by LaTeX[^3],",
        "one with a mark[^4] and one as the reader of pages writes it[^5].",
        "``` python\ndef area(r):  # $not math$ \\textbf{not bold}",
        "Aspirin `CC(=O)Oc1ccccc1C(=O)O`",
    ):
        assert part in said, part


# Word


def test_the_word_document_has_every_formula_as_office_mathematics(make):
    root = etree.fromstring(unpacked(make("docx", EVERYTHING))["word/document.xml"])
    formulas = list(root.iter(qn("m:oMath")))
    assert len(formulas) >= 30
    typed = [text.text or "" for text in root.iter(qn("w:t"))]
    shown = (
        "# $not math$",
        "/* \\end{verbatim}",
        "\\frac{a",
        "Time \\ Day",
        "code with $dollars$",
        "Prices are $5",
        "$20",
        "$5 &",
    )
    assert [text for text in typed if ("\\" in text or "$" in text) and not text.startswith(shown)] == []


def test_numbered_formulas_of_the_word_document_have_their_number_on_the_right(make):
    document = docx.Document(io.BytesIO(make("docx", EVERYTHING)))
    rows = [
        row
        for table in document.tables
        for row in table.rows
        if len(row.cells) == 3 and not row.cells[0].text
    ]
    numbers = [row.cells[2].text for row in rows if re.fullmatch(r"\(.*\)", row.cells[2].text)]
    assert numbers == ["(1)", "(A.1)", "(6)", "(7)", "(3.7)"]
    row = next(row for row in rows if row.cells[2].text == "(1)")
    assert len(list(row.cells[1]._tc.iter(qn("m:oMathPara")))) == 1


def test_numbers_of_a_book_stand_at_the_right_and_its_strokes_are_drawn_by_its_styles(make):
    files = unpacked(make("epub", EVERYTHING))
    text = b"".join(content for name, content in files.items() if "/ch" in name).decode()
    assert re.findall(r'class="margin tag">.*?<mtext>(.*?)</mtext>', text) == [
        f"({number})" for number in ("1", "2", "3", "A.1", "4", "5", "6", "7", "3.7")
    ]
    kinds = re.findall(r'<mrow class="(enclosed [a-z ]*)"', text)
    assert kinds == ["enclosed longdiv", "enclosed updiagonalstrike", "enclosed box"]
    styles = files["EPUB/styles/stylesheet1.css"].decode()
    assert all(f".{kind.replace(' ', '.')}" in styles for kind in kinds)
    assert "menclose" not in text and "data-mjx" not in text
    assert r'<annotation encoding="application/x-tex">\frac{m}{n}</annotation>' in text


def test_numbers_and_references_of_typst_are_its_own(make):
    source = make("typst", EVERYTHING).decode()
    assert re.findall(r"#numbered\[\((.*?)\)\]", source) == ["1", "A.1", "6", "7", "3.7"]
    links = re.findall(r"#link\(<(.*?)>\)", source)
    assert {"sec:words", "eq:energy", "eq:tagged", "tab:counted", "fig:box", "thm:p"} <= set(links)


def test_headings_with_nothing_below_have_a_slide_as_parts(make):
    slides = Presentation(io.BytesIO(make("pptx", EVERYTHING))).slides
    parts = [slide for slide in slides if slide.slide_layout.name == "Section Header"]
    assert ["".join(slide.element.itertext()).strip()[:16] for slide in parts] == [
        "1.1 A subsection",
        "A section withou",
    ]
    assert not any(list(slide.element.iter("{*}xfrm"))[1:] for slide in parts)


def test_tables_of_the_word_document_have_the_lines_of_the_text(make):
    document = docx.Document(io.BytesIO(make("docx", EVERYTHING)))
    table = next(table for table in document.tables if table.cell(0, 0).text == "Both")
    lines = [
        {line.tag.partition("}")[2]: line.get(qn("w:val")) for line in cell._tc.iter(*map(qn, SIDES))}
        for cell in (table.cell(0, 0), table.cell(1, 1))
    ]
    assert lines == [
        dict.fromkeys(("top", "left", "bottom", "right"), "single"),
        {"bottom": "single", "right": "single"},
    ]
    other = next(table for table in document.tables if table.cell(0, 0).text == "Name")
    assert {line.get(qn("w:val")) for line in other._tbl.iter(qn("w:bottom"))} == {"double", "single"}
    assert not list(other._tbl.iter(qn("w:left")))
    assert other.cell(1, 0).tables[0].cell(1, 0).text == "lower"


SIDES = ("w:top", "w:left", "w:bottom", "w:right")


def test_references_of_the_word_document_lead_to_their_places(make):
    root = etree.fromstring(unpacked(make("docx", EVERYTHING))["word/document.xml"])
    places = {mark.get(qn("w:name")) for mark in root.iter(qn("w:bookmarkStart"))}
    targets = {link.get(qn("w:anchor")) for link in root.iter(qn("w:hyperlink")) if link.get(qn("w:anchor"))}
    assert {"sec:words", "tab:counted", "fig:box", "thm:p", "eq:energy"} <= targets
    assert targets <= places | {"eq:first_eq:last"}


def test_paragraphs_that_run_to_the_left_do_so_in_word(make):
    document = docx.Document(io.BytesIO(make("docx", EVERYTHING)))
    turned = [
        p.text
        for p in document.paragraphs
        if p._p.pPr is not None and p._p.pPr.find(qn("w:bidi")) is not None
    ]
    assert len(turned) == 2
    assert turned[0].startswith("العربية")
    assert turned[1].startswith("עברית")


# looks


def test_pictures_are_as_wide_as_the_text_wants_them(make):
    document = docx.Document(io.BytesIO(make("docx", EVERYTHING)))
    widths = [round(shape.width.cm, 1) for shape in document.inline_shapes]
    text = 6 * 2.54  # inches
    assert widths[0] == pytest.approx(20 / 96 * 2.54, abs=0.1)
    assert widths[1] == widths[2] == pytest.approx(text / 2, abs=0.3)
    page = make("html", EVERYTHING).decode()
    assert re.findall(r'<img src="data:[^"]*" alt="[^"]*" style="([^"]*)"', page)[:3] == [
        "width:20px",
        "width:50%",
        "width:50%",
    ]
    source = unpacked(make("tex.zip", EVERYTHING))["d1/d1.tex"].decode()
    assert "[width=15bp]" in source
    assert "[width=0.5\\linewidth]" in source


def test_slides_have_one_title_each_and_captions_below_what_they_tell_of(make):
    presentation = Presentation(io.BytesIO(make("pptx", EVERYTHING)))
    titles = [list(slide.element.iter("{*}ph")) for slide in presentation.slides]
    assert all(any("itle" in each.get("type", "") for each in slide) for slide in titles)
    slide = next(
        slide for slide in presentation.slides if any("Table 2:" in words_of(s) for s in slide.shapes)
    )
    caption = next(shape for shape in slide.shapes if "Table 2:" in words_of(shape))
    table = next(shape for shape in slide.shapes if shape.has_table)
    assert caption.top > table.top
    assert caption.top + caption.height <= presentation.slide_height
    assert not any("data:image" in (shape._element.xml) for shape in slide.shapes)


def words_of(shape):
    return shape.text_frame.text if shape.has_text_frame else ""


def test_the_radical_of_a_formula_is_in_the_font_of_the_page(make):
    page = make("pdf", "\\( \\sqrt{x} \\)")
    document = pdfium.PdfDocument(page)
    picture = document[0].render(scale=4).to_pil().convert("L")
    document.close()
    left, _, right, _ = (
        picture.crop((0, 0, picture.width, picture.height // 2)).point(lambda p: 255 - p).getbbox()
    )
    assert (right - left) / 4 > 12, "wider than the letter alone"


# the searchable original


def test_what_is_laid_over_an_original_is_where_it_is_printed(make, tmp_path):
    (tmp_path / "original.pdf").write_bytes(make("latex.pdf", EVERYTHING))
    laid = overlay.lay_over(tmp_path / "original.pdf", list(pages_of(tmp_path / "original.pdf", 2)))
    document = pdfium.PdfDocument(laid)
    for word in ("University", "subsubsection", "crossed", "refers", "Displayed", "Formulas"):
        places = [place for page in (0, 1) for place in found_at(document[page], word)]
        apart = [min(distance(one, other) for other in places if other is not one) for one in places]
        assert len(places) >= 2, word
        assert max(apart) < 24, (word, places)
    document.close()


def pages_of(source, count):
    options = Options()
    with open_pdf(source) as original:
        sheets = [original.sheet(number) for number in range(1, count + 1)]
    survey = survey_of(sheets, count)
    for sheet in sheets:
        page = understand(sheet, survey, options)
        told = lines.write(page, options, "x", sheet.number == 1, lambda *_: "")
        yield overlay.OriginalPage(sheet.number, *lines.page_size(page), told)


def found_at(page, word):
    """The middles of the places at which a page has a word."""
    text, places = page.get_textpage(), []
    search = text.search(word, match_case=True)
    while found := search.get_next():
        left, bottom, _, _ = text.get_charbox(found[0])
        _, _, right, top = text.get_charbox(found[0] + found[1] - 1)
        places.append((page, (left + right) / 2, (bottom + top) / 2))
    return places


def distance(one, other):
    return 1e9 if one[0] is not other[0] else math.dist(one[1:], other[1:])
