import pytest

from mathpixweb.engine.writers.equation_numbers import number_equations
from mathpixweb.engine.writers.front_matter import take_front_matter
from mathpixweb.engine.writers.mmd_source import Formula, rewrite_formulas, rewrite_words
from mathpixweb.engine.writers.notes import join_footnotes
from mathpixweb.engine.writers.portable_math import portable


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
    assert (front.title, front.authors, rest) == ("A {b} c", ("X", "Y"), "Text")


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


def test_equations_are_counted_as_latex_counts():
    numbered = number_equations(
        "\\begin{align}\n\\begin{matrix}1\\\\2\\end{matrix} \\label{first} \\\\ b\\notag \\\\ d\n\\end{align}"
        "\n\\begin{equation}\ne\n\\label{last}\n\\end{equation}\n\\ref{first} \\eqref{last} \\ref{unknown}"
    )
    assert [numbered.count(rf"\tag{{{number}}}") for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert numbered.endswith(r"1 (3) \ref{unknown}")


def test_starred_environments_are_not_counted():
    source = "\\begin{align*}\na\n\\end{align*}"
    assert number_equations(source) == source


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (Formula("x", display=False), r"\(x\)"),
        (Formula("a &= b", display=True, environment="align*"), r"\[\begin{aligned}a &= b\end{aligned}\]"),
        (Formula(r"a \tag{3}", display=True), r"\[a \qquad (3)\]"),
        (Formula(r"\begin{align*}a\end{align*}", display=True), r"\[\begin{aligned}a\end{aligned}\]"),
        (Formula(r"\multicolumn{2}{c}{a^{b}} x", display=False), r"\(a^{b} x\)"),
        (Formula(r"\Sigma \S", display=False), r"\(\Sigma §\)"),
        (Formula(r"\ce{SO4^2-}", display=False), r"\(\mathrm{SO_{4}^{2-}}\)"),
        (Formula("a\n\nb", display=True), "\\[a\nb\\]"),
    ],
)
def test_formulas_are_said_in_words_that_pandoc_knows(formula, words):
    assert portable(formula) == words
