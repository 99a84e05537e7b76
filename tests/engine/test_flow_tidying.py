import pytest

from mathpixweb.engine.flow import equation_rows
from mathpixweb.engine.flow.model import cell, paragraph, table, text
from mathpixweb.engine.flow.tidying import tidied


@pytest.mark.parametrize(
    ("latex", "tidy"),
    [
        ("\\begin{array}{r}\na^{2} + b^{2}\\  \\times \\ 23\n\\end{array}", "a^{2}+b^{2}\\times 23"),
        (r"\int_{}^{}{(2x + 1){dx}}", r"\int (2x+1)dx"),
        (r"\sum_{k = 0}^{n}{\binom{n}{k}a^{n - k}}", r"\sum_{k=0}^{n}\binom{n}{k}a^{n-k}"),
        (r"∯_{0}^{2\pi}{idt} ≠ ℝ", r"\oiint_{0}^{2\pi}idt \neq ℝ"),
        (r"E = mc^{2}\#(1.2)", r"E=mc^{2}\tag{1.2}"),
        (r"\left( \frac{a}{b} \right)^{2}", r"\left(\frac{a}{b}\right)^{2}"),
        (r"- \infty < x < \infty", r"-\infty<x<\infty"),
        (r"a, b \in A", r"a, b \in A"),
    ],
)
def test_formulas_are_written_as_people_write_them(latex, tidy):
    assert tidied(latex) == tidy


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{a}{b}{c}",
        r"\sqrt{dx}",
        r"\text{ a = b }",
        r"f{(x)}^{2}",
        r"{}_{2}^{3}H",
        r"\mathbf{x}{y}",
        r"\overset{a}{b}{c}",
        r"x\ \text{if}\ y",
        r"\mspace{20mu}a",
        r"\begin{array}{l}a\\b\end{array}",
    ],
)
def test_what_means_something_stays(latex):
    assert tidied(latex) == latex


FORMULA = [paragraph([{"t": "Math", "c": [{"t": "DisplayMath"}, "a=b"]}])]
NUMBER = [paragraph(text("(3.1)"))]
WORDS = [paragraph(text("words"))]


def test_a_row_with_a_formula_and_its_number_is_a_formula():
    rows = [[cell([]), cell(FORMULA), cell(NUMBER)], [cell(FORMULA), cell([]), cell([])]]
    first, second = equation_rows.formulas([table(rows, 3)])
    assert first["c"][0]["c"][1] == r"a=b\tag{3.1}"
    assert second["c"][0]["c"][1] == "a=b"


@pytest.mark.parametrize(
    "rows",
    [
        [[cell(FORMULA), cell(WORDS)]],
        [[cell(FORMULA), cell([])]],
        [[cell(FORMULA), cell(NUMBER)], [cell(WORDS), cell(NUMBER)]],
        [[cell(FORMULA), cell(FORMULA)]],
    ],
)
def test_other_tables_stay_tables(rows):
    kept = list(equation_rows.formulas([table(rows, 2)]))
    assert [block["t"] for block in kept] == ["Table"]
