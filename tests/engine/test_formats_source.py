import re

import pytest

from mathpixweb.engine.writers.formulas import bars, chemistry
from mathpixweb.engine.writers.formulas.portable_math import portable, without_number
from mathpixweb.engine.writers.mmd.front_matter import take_front_matter
from mathpixweb.engine.writers.mmd.mmd_source import rewrite_formulas, rewrite_words
from mathpixweb.engine.writers.mmd.notes import join_footnotes, with_numbers_again
from mathpixweb.engine.writers.structure.formulas import numbered


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        (r"a \(x\) b $y$ c", ["x", "y"]),
        ("\\[\nx\n\\] and $$y$$", ["\nx\n", "y"]),
        (r"it costs $5 and $6", []),
        (r"\$5 and \$6", []),
        (r"`\(x\)` and ``$y$``", []),
        ("```\n\\(x\\)\n```\n\\(y\\)", ["y"]),
        ("\\begin{lstlisting}\n$x$\n\\end{lstlisting}", []),
        ("\\begin{align*}\na &= b\n\\end{align*}", ["\na &= b\n"]),
        (r"\begin{tabular}{l} a \\[2pt] b \end{tabular} \(x\)", ["x"]),
        ("an open $ here\n\nand $ there", []),
    ],
)
def test_formulas_are_found_where_they_are_and_not_in_code(source, formulas):
    found = []
    rewrite_formulas(source, lambda formula: found.append(formula.latex) or "")
    assert found == formulas


def test_words_are_rewritten_around_formulas_and_code():
    assert rewrite_words(r"a `a` \(a\) a", str.upper) == r"A `a` \(a\) A"


def test_front_matter_is_taken_out_of_the_text():
    front, rest = take_front_matter("\\title{\nA {b} c\n}\n\n\\author{\nX \\\\\nY\n}\n\nText")
    assert (front.title, front.authors, rest) == (
        "A {b} c",
        (("X", "Y"),),
        "Text",
    )


def test_a_note_meets_its_mark():
    joined = join_footnotes(
        "Word \\({ }^{1}\\) here.\n\n\\footnotetext{\n\\({ }^{1}\\) The note.\n}\n\nMore."
    )
    assert joined.startswith("Word[^fn1] here.")
    assert "[^fn1]: The note." in joined
    assert "footnotetext" not in joined


def test_notes_with_the_same_mark_meet_the_nearest_before_them():
    page = "Word ${ }^{*}$.\n\n\\footnotetext{${ }^{*}$ Note %s}\n\n"
    joined = join_footnotes(page % "one" + page % "two")
    assert (
        joined.index("[^fn1]") < joined.index("Note one") < joined.index("[^fn2]") < joined.index("Note two")
    )


def test_a_note_without_a_mark_stays_a_paragraph():
    assert "\n\nLonely note\n\n" in join_footnotes("Text\n\\footnotetext{Lonely note}\nText")


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (r"\begin{align*}a &= b\end{align*}", r"\begin{aligned}a &= b\end{aligned}"),
        (r"a \tag{3}", "a \\text{\u2003\u2003(3)}"),
        (r"\begin{equation*}a\end{equation*}", "a"),
        (r"\begin{alignat*}{2}a&=b\end{alignat*}", r"\begin{aligned}a&=b\end{aligned}"),
        (r"\multicolumn{2}{c}{a^{b}} x", "a^{b} x"),
        (r"\Sigma \S", r"\Sigma §"),
        ("a\n\nb", "a\nb"),
        (r"a \\ b", r"\begin{gathered}a \\ b\end{gathered}"),
    ],
)
def test_formulas_are_said_in_words_that_pandoc_knows(formula, words):
    assert portable(formula) == words


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"a \tag{1.2}", ("a", "1.2")),
        ("a", ("a", "")),
        (r"a \tag{1} \\ b \tag{2}", (r"a \tag{1} \\ b \tag{2}", "")),
    ],
)
def test_the_one_number_of_a_formula_stands_apart(latex, parts):
    assert without_number(latex) == parts


@pytest.mark.parametrize(
    ("rows", "numbers", "told"),
    [
        (r"\begin{align} a \label{x} \\ b \notag \\ c \end{align}", "12", ["1", None, "2"]),
        (r"\begin{gather} \begin{matrix}1\\2\end{matrix} \\ b \end{gather}", "34", ["3", "4"]),
        (r"\begin{multline} a \\ b \end{multline}", "5", ["5"]),
        (r"\begin{align} a \tag{z} \\ b \end{align}", "6", ["z", "6"]),
        (r"\begin{align*} a \\ b \end{align*}", "", [None, None]),
    ],
)
def test_the_numbers_that_the_renderer_counts_become_tags(rows, numbers, told):
    tagged = numbered(rows, iter(numbers))
    assert re.findall(r"\\tag\{(.*?)\}", tagged) == [number for number in told if number]
    assert "label" not in tagged
    assert "notag" not in tagged


@pytest.mark.parametrize(
    ("formula", "paired_formula"),
    [
        ("|x|", r"\left| x\right| "),
        (r"\|x\|_p", r"\left\| x\right\| _p"),
        ("||x|-|y||", r"\left| \left| x\right| -\left| y\right| \right| "),
        (r"\sum_{k}|u_{k}|^{p}", r"\sum_{k}\left| u_{k}\right| ^{p}"),
        (r"\{x : |x|<1\}", r"\{x : \left| x\right| <1\}"),
        ("E[X|Y]+|Z|", r"E[X|Y]+\left| Z\right| "),
    ],
)
def test_bars_that_are_a_pair_become_one(formula, paired_formula):
    assert bars.paired(formula) == paired_formula


@pytest.mark.parametrize(
    "formula",
    [
        "P(A|B)",
        r"\{x | x>0\}",
        "a|b",
        "x|y|z",
        "f|_{x=0}",
        r"|\psi\rangle",
        r"\langle\phi|\psi\rangle",
        r"\begin{array}{c|c} a & b\end{array}",
        r"|a & b|",
        r"\left|x\right|",
    ],
)
def test_bars_that_are_no_pair_stay(formula):
    assert bars.paired(formula) == formula


@pytest.mark.parametrize(
    ("equation", "latex"),
    [
        (
            "2H2 + O2 -> 2H2O",
            r"{2\,\mathrm{H}_{2} + \mathrm{O}_{2} \longrightarrow{} 2\,\mathrm{H}_{2}\mathrm{O}}",
        ),
        ("SO4^2-", r"{\mathrm{SO}_{4}^{\text{2−}}}"),
        ("^{227}_{90}Th+", r"{^{227}_{90}\mathrm{Th}^{\text{+}}}"),
        ("A <=>[a] B", r"{\mathrm{A} \overset{\mathrm{a}}{\longrightleftharpoons}{} \mathrm{B}}"),
    ],
)
def test_chemistry_is_said_in_plain_latex(format_renderer, equation, latex):
    made = chemistry.known([rf"\ce{{{equation}}}"], format_renderer)
    assert made == {rf"\ce{{{equation}}}": latex}


def test_a_note_with_two_marks_stands_once_in_latex():
    written = "One[^a] and `[^a]`, two[^b], again[^a].\n\n[^a]: First.\n\n[^b]: Second."
    assert with_numbers_again(written) == (
        "One[^a] and `[^a]`, two[^b], again\\textsuperscript{\\ref{note-a}}.\n\n"
        "[^a]: \\label{note-a}First.\n\n[^b]: Second."
    )
