"""Tagged PDFs that bring their formulas along: what they bring is taken if it is what is printed."""

from __future__ import annotations

import pytest

from mathpixweb.engine.layout import understand
from mathpixweb.engine.layout.surveying import survey_of
from mathpixweb.engine.model import Options
from mathpixweb.engine.readers.pdf import open_pdf
from mathpixweb.engine.writers.mmd import lines, mmd
from tests.engine.pages import page, written

# "Let x2 be more than y" in one face and size: nothing but the tag tells that there is a formula.
CONTENT = """BT /F1 10 Tf 20 200 Td /P <</MCID 0>> BDC (Let ) Tj EMC /Formula <</MCID 1>> BDC (x2) Tj EMC
/P <</MCID 2>> BDC ( be large.) Tj EMC ET"""
SQUARE = '<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>x</mi><mn>2</mn></msup></math>'
TEXT_TREE = b"<</Type/StructElem/S/P/P 20 0 R/K[0 2]>>"


def stream(content, entries=""):
    data = content.encode()
    return f"<</Length {len(data)}{entries}>>stream\n".encode() + data + b"\nendstream"


def tagged(formula, content=CONTENT, more=None):
    """A page whose first and third mark are text, and whose second is the element `formula`."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 20 0 R>>",
        20: b"<</Type/StructTreeRoot/K[21 0 R 22 0 R]/Namespaces[23 0 R]"
        b"/ParentTree<</Nums[0[21 0 R 22 0 R 21 0 R]]>>>>",
        21: TEXT_TREE,
        22: b"<</Type/StructElem/S/Formula/P 20 0 R/K[1]" + formula + b">>",
        23: b"<</NS(http://www.w3.org/1998/Math/MathML)>>",
    }
    return page(content, "/MediaBox[0 0 200 300]/StructParents 0", objects | (more or {}))


def attached(text, kind="application#2Fmathml+xml"):
    return {
        30: b"<</Type/Filespec/AFRelationship/Supplement/EF<</F 31 0 R>>>>",
        31: stream(text, f"/Type/EmbeddedFile/Subtype/{kind}"),
    }


def read(tmp_path, content, **options):
    with open_pdf(written(tmp_path, content)) as document:
        sheet = document.sheet(1)
    read_page = understand(sheet, survey_of([sheet], 1), Options(**options))
    return mmd.of(lines.write(read_page, Options(**options), "x", True, str))


def test_the_mathml_of_an_associated_file_is_the_formula(tmp_path):
    assert read(tmp_path, tagged(b"/AF[30 0 R]", more=attached(SQUARE))) == r"Let \( x^{2} \) be large."


def test_latex_of_an_associated_file_is_the_formula(tmp_path):
    source = attached("$x^{2}$", "application#2Fx-tex")
    assert read(tmp_path, tagged(b"/AF 30 0 R", more=source)) == r"Let \( x^{2} \) be large."


@pytest.mark.parametrize("entry", [b"/Alt($x^{2}$)", b"/ActualText(x^{2})", f"/Alt({SQUARE})".encode()])
def test_latex_or_mathml_in_the_place_of_words_is_the_formula(tmp_path, entry):
    assert read(tmp_path, tagged(entry)) == r"Let \( x^{2} \) be large."


def test_a_formula_may_be_spelled_out_in_the_structure(tmp_path):
    content = CONTENT.replace("(x2) Tj EMC", "(x) Tj EMC /mn <</MCID 3>> BDC (2) Tj EMC")
    elements = {
        20: b"<</Type/StructTreeRoot/K[21 0 R 22 0 R]/Namespaces[23 0 R]/ParentTree<</Kids[40 0 R]>>>>",
        40: b"<</Limits[0 0]/Nums[0[21 0 R 42 0 R 21 0 R 43 0 R]]>>",
        22: b"<</S/Formula/P 20 0 R/K 41 0 R>>",
        41: b"<</S/math/P 22 0 R/K[44 0 R]/NS 23 0 R>>",
        44: b"<</S/msup/P 41 0 R/K[42 0 R 43 0 R]/NS 23 0 R>>",
        42: b"<</S/mi/P 44 0 R/K 1/A<</O/NSO/NS 23 0 R/mathvariant(bold)>>>>",
        43: b"<</S/mn/P 44 0 R/K[<</Type/MCR/MCID 3>>]>>",
    }
    assert read(tmp_path, tagged(b"", content, elements)) == r"Let \( \mathbf{x}^{2} \) be large."


def test_text_to_be_read_instead_of_what_is_drawn_may_be_latex(tmp_path):
    content = (
        "BT /F1 10 Tf 20 200 Td (Let ) Tj /Span <</ActualText(x^{2})>> BDC (x2) Tj EMC ( be large.) Tj ET"
    )
    assert read(tmp_path, page(content)) == r"Let \( x^{2} \) be large."


@pytest.mark.parametrize(
    "entry",
    [
        b"/Alt(x squared)",
        b"/Alt($y^{3}$)",
        rb"/Alt($\\mymacro x^{2}$)",
        b"/Alt($x^{2$)",
        b"/AF[30 0 R]",
        b"/AF 99 0 R",
        b"",
    ],
)
def test_what_is_not_printed_or_cannot_be_read_does_not_count(tmp_path, entry):
    other = attached(SQUARE.replace(">x<", ">q<").replace(">2<", ">8<"))
    assert read(tmp_path, tagged(entry, more=other)) == "Let x2 be large."


def test_a_broken_tree_is_no_reason_to_fail(tmp_path):
    loop = {20: b"<</ParentTree 40 0 R>>", 40: b"<</Kids[40 0 R]>>"}
    assert read(tmp_path, tagged(b"", more=loop)) == "Let x2 be large."


def test_code_stays_code(tmp_path):
    courier = {3: b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>"}
    assert r"\(" not in read(tmp_path, tagged(b"/AF[30 0 R]", more=attached(SQUARE) | courier))


ALIGNED = """BT /F1 10 Tf 20 240 Td /P <</MCID 0>> BDC (Some words that stand above it.) Tj EMC
/Formula <</MCID 1>> BDC 30 -25 Td (a2 = b) Tj 0 -14 Td (c + d = e) Tj EMC
/P <</MCID 2>> BDC -30 -25 Td (Some words that stand below it.) Tj EMC ET"""
ROWS = (
    '<math display="block" xmlns="http://www.w3.org/1998/Math/MathML"><mtable>'
    "<mtr><mtd><msup><mi>a</mi><mn>2</mn></msup></mtd><mtd><mo>=</mo><mi>b</mi></mtd></mtr>"
    "<mtr><mtd><mi>c</mi><mo>+</mo><mi>d</mi></mtd><mtd><mo>=</mo><mi>e</mi></mtd></mtr>"
    "</mtable></math>"
)


def test_rows_of_a_display_are_lines_of_their_own(tmp_path):
    said = read(tmp_path, tagged(b"/AF[30 0 R]", ALIGNED, attached(ROWS)), idiomatic_eqn_arrays=True)
    assert "\\begin{aligned}\na^{2} & =b \\\\\nc+d & =e\n\\end{aligned}" in said


def test_rows_of_latex_are_lines_of_their_own(tmp_path):
    said = tagged(rb"/Alt(\\begin{align} a^{2} & = b \\\\ c+d & = e \\end{align})", ALIGNED)
    assert "a^{2} & = b \\\\\nc+d & = e\n" in read(tmp_path, said)


def test_a_display_whose_rows_are_not_told_apart_is_whole_in_its_first(tmp_path):
    text = ROWS.replace("<mtable>", "<mi>a</mi><mtable>").replace("<mi>e</mi>", "")
    said = read(tmp_path, tagged(b"/AF[30 0 R]", ALIGNED, attached(text)))
    assert said.count(r"\[") == 1
    assert r"a \begin{array}{cc}a^{2} & =b \\ c+d & =\end{array}" in said


def test_a_formula_is_told_for_its_own_glyphs(tmp_path):
    with open_pdf(written(tmp_path, tagged(b"/AF[30 0 R]", more=attached(SQUARE)))) as document:
        sheet = document.sheet(1)
    (found,) = sheet.enclosed
    assert [g.char for g in sheet.glyphs if found.first <= g.index <= found.last] == ["x", "2"]
