"""Formulas of a PDF file that bring their LaTeX along, between two points that nobody sees."""

import pytest

from mathpixweb.engine.model import Options, Source, SourceRow
from mathpixweb.engine.readers.pdf import open_pdf
from tests.engine.pages import page, written
from tests.engine.sheets import said_of


def begin(latex, x, y, size=10):
    said = latex.encode("utf-16-be").hex()
    return f"q 1 0 0 1 {x} {y} cm /MathSource << /LaTeX <{said}> /Size {size} >> DP Q\n"


def end(x, y):
    return f"q 1 0 0 1 {x} {y} cm /MathSource << >> DP Q\n"


def text(said, x, y, size=10):
    return f"BT /F1 {size} Tf {x} {y} Td ({said}) Tj ET\n"


def formula(latex, said, x, y):
    return begin(latex, x, y) + text(said, x, y) + end(x + 6 * len(said), y)


def sheet_of(content, folder, width=400):
    with open_pdf(written(folder, page(content, f"/MediaBox[0 0 {width} 300]"))) as document:
        return document.sheet(1)


def test_a_formula_is_what_it_was_written_as(tmp_path):
    content = (
        text("Let", 50, 200)
        + formula(r"\(\boldsymbol {x} _{1}\)", "x1", 70, 200)
        + text(", so that", 83, 200)
    )
    assert said_of(sheet_of(content, tmp_path)) == r"Let \( \boldsymbol{x} _{1} \), so that"


def test_rules_of_a_formula_go_with_it(tmp_path):
    content = (
        begin(r"\(\underline {x}\)", 70, 200) + text("x", 70, 200) + "70 198 6 0.4 re f\n" + end(76, 200)
    )
    assert said_of(sheet_of(text("Let", 50, 200) + content, tmp_path)) == r"Let \( \underline{x} \)"


def test_points_are_where_the_page_has_them(tmp_path):
    sheet = sheet_of("q 2 0 0 2 10 20 cm " + formula(r"\(x\)", "x", 30, 40) + " Q", tmp_path)
    (found,) = sheet.enclosed
    assert found.source == Source("x", (SourceRow(("x",), ""),), display=False)
    assert (found.x, found.y, found.end_x, found.end_y) == (70, 100, 82, 100)
    assert found.size == pytest.approx(20 * 72 / 72.27)
    assert (found.first, found.last) == (sheet.glyphs[0].index, sheet.glyphs[0].index)


def test_a_formula_within_another_is_part_of_it(tmp_path):
    content = begin(r"\(x \text {if y}\)", 70, 200) + text("x if ", 70, 200)
    content += formula(r"\(y\)", "y", 90, 200) + end(100, 200)
    assert [found.source.latex for found in sheet_of(content, tmp_path).enclosed] == [r"x \text{if y}"]


@pytest.mark.parametrize(
    "latex",
    [
        r"\(y\)",  # other letters than are printed
        r"\(x\) and \(x\)",  # more than one formula
        r"\(x\text{" + "very long " * 20 + r"}\)",
        r"\[x\]\)",
    ],
)
def test_latex_that_cannot_be_what_is_printed_is_not_believed(tmp_path, latex):
    content = text("Let", 50, 200) + formula(latex, "x", 70, 200) + text("be so", 83, 200)
    assert said_of(sheet_of(content, tmp_path)) == "Let x be so"


@pytest.mark.parametrize(
    "content",
    [
        end(1, 1),
        begin(r"\(x\)", 50, 200) + text("x", 50, 200),
        begin(r"\(x\)", 50, 200) * 100 + text("x", 50, 200) + end(1, 1),
        text("x", 50, 200) + "/MathSource << /LaTeX (x) >> DP /MathSource /x DP DP 1 2 DP\n",
        text("x", 50, 200) + "/MathSource << /LaTeX [1] /Size (big) >> DP /MathSource << >> DP\n",
        text("x", 50, 200) + begin(r"\(x\)", 1, 1) + end(1, 1),
    ],
)
def test_points_that_make_no_sense_do_no_harm(tmp_path, content):
    assert said_of(sheet_of(content + text("is", 60, 200), tmp_path)) in ("is", "x is")


def test_what_touches_a_formula_is_text(tmp_path):
    content = text("\\(", 50, 200) + formula(r"\(x\)", "x", 53.4, 200) + text("\\)-axis 5", 59.4, 200)
    assert said_of(sheet_of(content, tmp_path)) == r"(\( x \))-axis 5"


def test_a_formula_over_two_lines_is_one(tmp_path):
    content = text("It is long and longer to the end of line, where", 50, 200)
    content += begin(r"\(a+b\)", 275, 200) + text("a +", 275, 200) + text("b", 50, 188) + end(55.6, 188)
    content += text(". Then it goes on to the end of the second line", 55.6, 188)
    said = said_of(sheet_of(content, tmp_path))
    assert "\n" not in said
    assert r"where \( a+b \). Then" in said


def test_a_formula_may_end_with_its_second_line(tmp_path):
    content = text("It is long and longer to the end of line, where", 50, 200)
    content += begin(r"\(a+b=c+d+e+f+g+h+i+j+k+l\)", 275, 200) + text("a +", 275, 200)
    content += text("b =  c  +  d  +  e  +  f  +  g  +  h  +  i  +  j  +  k  +  l", 50, 188) + end(280, 188)
    content += text("and then it goes on to the end of this line, too", 50, 176)
    assert r"where \( a+b=c+d+e+f+g+h+i+j+k+l \) and then" in said_of(sheet_of(content, tmp_path))


def test_rows_of_a_display_have_the_numbers_that_are_printed_beside_them(tmp_path):
    source = "\\begin {align} a &= b \\label {one}\\\\ c &= d \\notag \\\\ e &= f \\end {align}"
    content = text("Before the display", 50, 230) + begin(source, 120, 200) + text("a = b", 120, 200)
    content += text("\\(1\\)", 300, 200) + text("c = d", 120, 185) + text("e = f", 120, 170) + end(150, 170)
    content += text("\\(2\\)", 300, 170) + text("after the display", 50, 140)
    assert said_of(sheet_of(content, tmp_path)).split("\n\n") == [
        "Before the display",
        "\\begin{align*}\na & = b \\tag{1} \\\\\nc & = d \\\\\ne & = f \\tag{2}\n\\end{align*}",
        "after the display",
    ]
    plain = said_of(sheet_of(content, tmp_path), Options())
    assert "\\[\n\\begin{array}{rl}\na & = b \\\\\nc & = d \\\\\ne & = f\n\\end{array}\n\\]" in plain


def test_two_displays_stay_two(tmp_path):
    content = begin(r"\[ x = \tag {A} 1 \]", 120, 200) + text("x = 1", 120, 200) + end(150, 200)
    content += (
        text("\\(A\\)", 300, 200) + begin(r"\[ y = 2 \]", 120, 186) + text("y = 2", 120, 186) + end(150, 186)
    )
    assert said_of(sheet_of(content, tmp_path)).split("\n\n") == [
        "\\[\nx = 1 \\tag{A}\n\\]",
        "\\[\ny = 2\n\\]",
    ]
