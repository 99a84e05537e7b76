"""Formulas through Word and back, and those of other people's documents, in the words of LaTeX."""

import io
import re
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from mathpixweb.engine.math.texmath import CLOSES, OPENS, renamed
from mathpixweb.engine.readers import books, web, word
from mathpixweb.engine.writers.formulas.dialect_math import understood_formula
from mathpixweb.engine.writers.mmd.dialect import understood
from tests import offices
from tests.engine.samples import mmd_of

COMMANDS = (Path(__file__).parent / "cases" / "supported_commands.txt").read_text().splitlines()
SHOWN = re.compile(r"\\\[\n(.*?)\n\\\]", re.DOTALL)
M = f'xmlns:m="{offices.M}"'
BINOMIAL = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mo>(</mo><mfrac linethickness="0"><mi>n</mi>'
    "<mi>k</mi></mfrac><mo>)</mo></mrow></math>"
)


def bare(latex):
    return "".join(latex.split())


def through_word(make, written):
    return mmd_of(word.read(make("docx", written)))


def with_formula(inside, words="The formula: "):
    """A Word document of somebody else with that formula."""
    document = docx.Document()
    document.add_paragraph(words)._p.append(parse_xml(f"<m:oMath {M}>{inside}</m:oMath>"))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def letters(said, properties=""):
    return f"<m:r>{properties}<m:t>{said}</m:t></m:r>"


UPRIGHT = '<m:rPr><m:sty m:val="p"/></m:rPr>'


def test_every_supported_command_comes_back_from_word_as_it_was(make):
    written = "\n\n".join(f"\\[\n{command}\n\\]" for command in COMMANDS)
    back = [bare(each) for each in SHOWN.findall(through_word(make, written))]
    wanted = [bare(each) for each in SHOWN.findall(understood(written))]
    assert [pair for pair in zip(wanted, back, strict=True) if pair[0] != pair[1]] == []


def test_rows_with_numbers_of_their_own_come_back_as_rows(make):
    back = through_word(make, "\\begin{align}\na &= b \\\\\nc &= d \\notag \\\\\ne &= f\n\\end{align}\n")
    assert bare(back) == bare(r"\begin{align*}a&=b\tag{1}\\c&=d\\e&=f\tag{2}\end{align*}")


def test_formulas_that_look_alike_in_word_come_back_in_their_order(make):
    written = (
        r"One \(\Leftarrow\), two \(\Longleftarrow\), three \(\Leftarrow\).[^n]" + "\n\n[^n]: A \\(\\ast\\)."
    )
    back = through_word(make, written)
    assert re.findall(r"\\\( *(\\\w+) *\\\)", back) == [
        r"\Leftarrow",
        r"\Longleftarrow",
        r"\Leftarrow",
        r"\ast",
    ]


def test_a_formula_edited_in_word_comes_back_as_edited(make):
    made = docx.Document(io.BytesIO(make("docx", r"First \(\dbinom{n}{k}\), then \(\tfrac{a}{b}\).")))
    changed = [each for each in made.element.body.iter(f"{{{offices.M}}}t") if each.text == "n"]
    changed[0].text = "m"
    content = io.BytesIO()
    made.save(content)
    back = mmd_of(word.read(content.getvalue()))
    assert r"\( \binom{m}{k} \)" in back and r"\( \tfrac{a}{b} \)" in back


ALIGNED = f"""<m:oMathPara {M}>
<m:oMath><m:r><m:t>a</m:t></m:r><m:r><m:rPr><m:aln/></m:rPr><m:t>=b</m:t></m:r><m:r><w:br/></m:r></m:oMath>
<m:oMath><m:r><m:rPr><m:aln/></m:rPr><m:t>=c</m:t></m:r></m:oMath></m:oMathPara>"""


def test_rows_that_word_aligns_are_one_formula():
    document = docx.Document()
    document.add_paragraph()._p.append(parse_xml(ALIGNED.replace(M, f"{M} {nsdecls('w')}")))
    content = io.BytesIO()
    document.save(content)
    assert bare(mmd_of(word.read(content.getvalue()))) == bare(
        r"\[ \begin{aligned} a & =b \\ & =c \end{aligned} \]"
    )


def test_braces_of_word_stretch(make):
    root = docx.Document(io.BytesIO(make("docx", r"\(\underbrace{a+b}_{n}\) \(\overbrace{c}\)"))).element
    groups = [
        (g.find(f".//{{{offices.M}}}chr").get(f"{{{offices.M}}}val"))
        for g in root.iter(f"{{{offices.M}}}groupChr")
    ]
    assert groups == ["⏟", "⏞"]


def test_a_number_edited_in_word_is_the_formula_s_number(make):
    made = docx.Document(io.BytesIO(make("docx", "\\begin{equation}\nE=mc^2\n\\end{equation}\n")))
    [number] = [
        text for text in made.element.body.iter(docx.oxml.ns.qn("w:t")) if (text.text or "").strip() == "(1)"
    ]
    number.text = "(1.7)"
    content = io.BytesIO()
    made.save(content)
    assert r"\tag{1.7}" in mmd_of(word.read(content.getvalue()))


@pytest.mark.parametrize(
    ("inside", "latex"),
    [
        (letters("d", UPRIGHT) + letters("x"), r"\mathrm{d}x"),
        (letters("Var", UPRIGHT) + letters("X"), r"\operatorname{Var}X"),
        (letters("sin", UPRIGHT) + letters("x"), r"\sin x"),
        (letters("x=1", UPRIGHT), "x=1"),
    ],
)
def test_upright_letters_of_word_are_upright(inside, latex):
    assert f"\\( {latex} \\)" in mmd_of(word.read(with_formula(inside)))


@pytest.mark.parametrize(
    ("made", "latex"),
    [
        (r"\overset{\sim}{x}", r"\tilde{x}"),
        (r"\overset{˙}{x}", r"\dot{x}"),
        (r"\overset{\rightarrow}{AB}", r"\vec{AB}"),
        (r"\overset{n}{\rightarrow}", r"\xrightarrow{n}"),
        (r"\underset{m}{\xrightarrow{n}}", r"\xrightarrow[m]{n}"),
        (r"\overset{\overset{a}{b}}{c}", r"\overset{\overset{a}{b}}{c}"),
        (r"\overset{n}{\overbrace{a+b}}", r"\overbrace{a+b}^{n}"),
        (r"\underset{n}{\underbrace{a+b}}", r"\underbrace{a+b}_{n}"),
        (r"\underset{x\to 0}{\lim}", r"\lim_{x\to 0}"),
        (r"\underset{x}{\operatorname{argmin}}", r"\operatorname*{argmin}_{x}"),
        (r"f^{''}", r"f^{\prime \prime}"),
        ("a ⟸ b", r"a \Longleftarrow  b"),
        (f"{OPENS}d{CLOSES}x", r"\mathrm{d}x"),
        (f"{OPENS}V{CLOSES}{OPENS}ar{CLOSES}", r"\operatorname{Var}"),
    ],
)
def test_what_pandoc_stacks_has_its_name(made, latex):
    assert renamed(made) == latex


def test_binomials_of_mathml_have_no_bar(tmp_path):
    page = f"<html><body><p>There are {BINOMIAL} ways.</p></body></html>"
    (tmp_path / "book.epub").write_bytes(offices.book({"a.xhtml": page}))
    assert "frac" not in mmd_of(web.read(page)) and "binom" in mmd_of(web.read(page))
    assert "binom" in mmd_of(books.read_path(tmp_path / "book.epub"))


@pytest.mark.parametrize(
    ("written", "latex"),
    [
        (r"\bm x \bmod 2", r"\boldsymbol x \bmod 2"),
        (r"A^\dag \ddag", r"A^\dagger \ddagger"),
        (r"a\nobreak b\allowbreak c\hspace*{1em}d", r"a b c\hspace{1em}d"),
        (r"90\degree \copyright \P \Pi \coloneqq \eqqcolon \iddots", "90° © ¶ \\Pi ≔ ≕ ⋰"),
        (r"\bra{0} \Ket{\frac{a}{b}}", r"\langle 0| \left|\frac{a}{b}\right\rangle"),
        (
            r"\xRightarrow[b]{a}\xmapsto{f}",
            r"\underset{b}{\overset{a}{\Longrightarrow}}\overset{f}{\longmapsto}",
        ),
    ],
)
def test_commands_that_the_renderer_does_not_know_are_said_in_its_words(format_renderer, written, latex):
    assert understood_formula(written) == latex
    assert "<error" not in format_renderer.structure(understood(f"\\[{written}\\]"))


def test_commands_in_code_stay():
    code = "```\n\\[ \\bm x \\]\n```\n\nand `$\\dag$`."
    assert understood(code) == code


def test_formulas_in_the_name_of_a_picture_that_is_not_to_be_had_are_formulas(make):
    back = through_word(make, r"![A limit of \(1+R\) at $R=2$.](./missing.png)")
    assert back == r"A limit of \( 1+R \) at \( R=2 \)."
