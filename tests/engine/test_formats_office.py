import io
import re

import openpyxl
import pytest
from lxml import etree
from pptx import Presentation
from pptx.util import Pt

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.slides import slides
from tests.engine.samples import SAMPLE, unpacked

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
LONG = "\\section{One}\n\n" + "\n\n".join(f"Sentence {n} of a long text. " + "word " * 60 for n in range(30))


def slide_trees(content):
    files = unpacked(content)
    names = [name for name in files if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    names.sort(key=lambda name: int(re.sub(r"\D", "", name)))
    return [etree.fromstring(files[name]) for name in names]


def words(tree):
    """The text of a slide as a program shows it that knows the choice."""
    for fallback in list(tree.iter(COMPATIBILITY + "Fallback")):
        fallback.getparent().remove(fallback)
    return " ".join("".join(part.itertext()) for part in tree.iter(DRAWING + "p"))


# pptx


def test_each_heading_begins_a_slide_and_nothing_is_lost(make):
    texts = [words(tree) for tree in slide_trees(make("pptx"))]
    assert "A. Author" in texts[0]
    assert texts[1].startswith("Abstract We show")
    assert texts[2].startswith("1 Introduction")
    everything = " ".join(texts)
    for said in ("AT&T at once", "As in (1)", "One", "Two", "It holds.", "First note", "Second", "Figure 1"):
        assert said in everything
    assert "Abstract" in everything
    assert "We show" in everything


def test_formulas_on_slides_are_native_with_their_text_for_other_programs(make):
    trees = slide_trees(make("pptx"))
    choices = [choice for tree in trees for choice in tree.iter(COMPATIBILITY + "Choice")]
    formulas = [formula for choice in choices for formula in choice.iter(MATH)]
    assert len(formulas) == sum(len(list(tree.iter(MATH))) for tree in trees) >= 8
    required = {(choice.get("Requires"), choice.nsmap[choice.get("Requires")]) for choice in choices}
    assert required == {("drawing2010", "http://schemas.microsoft.com/office/drawing/2010/main")}
    fallbacks = ["".join(each.itertext()) for tree in trees for each in tree.iter(COMPATIBILITY + "Fallback")]
    assert len(fallbacks) == len(choices)
    assert any("|x|" in text for text in fallbacks)
    assert not any("\\" in words(tree) for tree in trees)


def test_a_table_on_a_slide_is_a_table_with_its_spans(make):
    table = next(table for tree in slide_trees(make("pptx")) for table in tree.iter(DRAWING + "tbl"))
    cells = list(table.iter(DRAWING + "tc"))
    assert [cell.get("gridSpan") for cell in cells].count("2") == 1
    assert [cell.get("rowSpan") for cell in cells].count("2") == 1
    assert [cell.get("hMerge") for cell in cells].count("1") == 1
    assert [cell.get("vMerge") for cell in cells].count("1") == 1


def test_a_picture_is_on_a_slide_within_its_borders(make):
    presentation = Presentation(io.BytesIO(make("pptx")))
    pictures = [shape for slide in presentation.slides for shape in slide.shapes if hasattr(shape, "image")]
    assert len(pictures) == 1
    assert pictures[0].left >= 0
    assert pictures[0].top + pictures[0].height <= presentation.slide_height


def test_a_long_text_goes_on_to_slides_with_the_same_title(make):
    texts = [words(tree) for tree in slide_trees(make("pptx", LONG))]
    assert len(texts) > 5
    assert all(text.startswith("1 One") for text in texts)
    room = slides.Room.for_type(16, 48)
    assert all(len(text) <= room.lines * room.letters * 1.2 for text in texts)
    assert all(f"Sentence {number} of" in " ".join(texts) for number in range(30))
    assert len(slide_trees(make("pptx", LONG, fontSize="28"))) > len(texts), "large letters need more slides"
    assert len(slide_trees(make("pptx", LONG, margin=150))) > len(texts)


def test_a_long_table_goes_on_with_its_head(make):
    rows = "".join(f"| {number} | value {number} |\n" for number in range(40))
    trees = slide_trees(make("pptx", f"| Name | Value |\n|---|---|\n{rows}"))
    tables = [table for tree in trees for table in tree.iter(DRAWING + "tbl")]
    assert len(tables) > 2
    assert all("Name" in "".join(table.itertext()) for table in tables)
    assert "value 39" in "".join(tables[-1].itertext())


def test_looks_of_slides_follow_the_options(make):
    content = make(
        "pptx",
        SAMPLE,
        fontSize="20",
        text_color="#112233",
        background_color="navy",
        margin=60,
        custom_css="h1 { color: #ff0000; font-size: 40px } p { font-family: 'Noto Sans', serif }",
    )
    files = unpacked(content)
    master, theme = (
        files["ppt/slideMasters/slideMaster1.xml"].decode(),
        files["ppt/theme/theme1.xml"].decode(),
    )
    title, body = (
        re.search(r"<p:titleStyle>.*?</p:titleStyle>", master, re.DOTALL)[0],
        re.search(r"<p:bodyStyle>.*?</p:bodyStyle>", master, re.DOTALL)[0],
    )
    assert f'sz="{20 * 75}"' in body
    assert "112233" in body
    assert 'typeface="Noto Sans"' in body
    assert f'sz="{40 * 75}"' in title
    assert "FF0000" in title
    assert "000080" in theme
    presentation = Presentation(io.BytesIO(content))
    left = presentation.slides[2].shapes.title.left
    assert left == 60 * Pt(0.75)


@pytest.mark.parametrize(
    "css", ["img { color: red }", "h1 { position: absolute }", "p { background: url(http://127.0.0.1/x) }"]
)
def test_rules_that_slides_cannot_follow_are_refused(make, css):
    with pytest.raises(RenderFailed, match="custom_css of slides knows"):
        make("pptx", "Text", custom_css=css)


# xlsx

HOSTILE = r"""\begin{tabular}{l|r}
=cmd|'/c calc'!A0 & 12.5 \\
+1+1 & -3 \\
@SUM(A1) & 007 \\
=HYPERLINK("http://x.example","y") & 1,234 \\
http://x.example/ & \(\frac{a}{b}\)
\end{tabular}"""


def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_each_table_is_a_sheet_with_merged_cells_and_numbers(make):
    sheet = book(make("xlsx")).active
    assert sheet.title.startswith("Table 1")
    assert sheet["A1"].value == "Table 1: Values of v"
    assert {str(cells) for cells in sheet.merged_cells.ranges} == {"A2:B2", "A3:A4"}
    assert sheet["A2"].value == "Both"
    assert sheet["C3"].value == 3
    assert sheet["B4"].value == "b"


def test_nothing_in_a_workbook_computes_or_opens_anything(make):
    content = make("xlsx", HOSTILE)
    cells = [cell for row in book(content).active.rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    values = [cell.value for cell in cells]
    assert values[0].startswith("=cmd|")
    assert values[1::2][:4] == [12.5, -3, "007", "1,234"]
    assert b"<f>" not in unpacked(content)["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    ("form", "value"), [("linearmath", "a/b"), ("latex", r"\frac{a}{b}"), ("asciimath", "(a)/(b)")]
)
def test_formulas_in_cells_are_written_as_asked(make, form, value):
    assert [*book(make("xlsx", HOSTILE, mathOutputFormat=form)).active.rows][-1][1].value == value


def test_tables_share_a_sheet_when_that_is_asked(make):
    two = HOSTILE + "\n\nWords\n\n" + HOSTILE
    assert len(book(make("xlsx", two)).sheetnames) == 2
    together = book(make("xlsx", two, singleSheet="true"))
    assert len(together.sheetnames) == 1
    assert together.active.max_row == 11


def test_size_zoom_and_width_of_a_workbook_follow_the_options(make):
    wide = "\\begin{tabular}{ll} " + "x" * 100 + " & y \\end{tabular}"
    sheet = book(make("xlsx", wide, fontSize="20", zoomScale=150, maxColumnWidthChars=30)).active
    assert sheet["A1"].font.sz == 20
    assert sheet.sheet_view.zoomScale == 150
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)
    assert book(make("xlsx", wide)).active.column_dimensions["A"].width > 90


def test_sheets_have_names_that_excel_takes_and_tells_apart(make):
    table = "\\begin{table}\\caption{History: [a]/b*?}\\begin{tabular}{l} a \\end{tabular}\\end{table}\n\n"
    names = book(make("xlsx", table + table)).sheetnames
    assert len({name.lower() for name in names}) == 2
    assert all(len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)


def test_a_document_without_a_table_makes_no_workbook(make):
    with pytest.raises(RenderFailed, match="no table"):
        make("xlsx", "Only words.")


def test_a_list_of_a_slide_counts_from_where_it_begins(make):
    said = make("pptx", "# Two\n\n3. three\n4. four\n\nBetween.\n\n1. one\n2. two\n")
    marks = [mark.get("startAt") for tree in slide_trees(said) for mark in tree.iter(DRAWING + "buAutoNum")]
    assert marks == ["3", "3", "1", "1"]
