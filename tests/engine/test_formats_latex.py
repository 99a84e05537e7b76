import io
import re
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.readers.pdf import open_pdf
from mathpixweb.engine.writers.latex import font_files, inert_latex, typeset
from mathpixweb.engine.writers.programs import programs
from tests.engine.samples import SAMPLE, pdf_text, unpacked
from tests.engine.sheets import said_of

XELATEX = pytest.mark.skipif(programs.XELATEX.path() is None, reason="XeLaTeX is not installed")
COMMANDS = (Path(__file__).parent / "cases" / "supported_commands.txt").read_text().splitlines()


def source(content):
    return next(text.decode() for name, text in unpacked(content).items() if name.endswith(".tex"))


def fonts(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {
            str(each.BaseFont)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        }


# what a text must not do to whoever compiles it

ATTACKS = [
    r"\input{/etc/passwd}",
    r"\input /etc/passwd",
    r"\include{../../secret}",
    r"\InputIfFileExists{/etc/passwd}{}{}",
    r"\openin5=/etc/passwd \read5 to\x \x",
    r"\immediate\write18{touch /tmp/pwned}",
    r"\write18{id}",
    r"\csname input\endcsname{/etc/passwd}",
    r"\catcode`\|=0 |input{/etc/passwd}",
    r"\begin{input}{/etc/passwd}\end{input}",
    r"\begin{filecontents*}{x.tex}\end{filecontents*}",
    r"^^5cinput{/etc/passwd}",
    r"\special{pdf: docview << /OpenAction << /S /Launch >> >>}",
    r"\scantokens{\input{/etc/passwd}}",
    r"\lstinputlisting{/etc/passwd}",
    r"\makeatletter\@input{/etc/passwd}\makeatother",
    r"\usepackage{shellesc}",
    r"\font\x=/etc/passwd",
    r"\directlua{os.execute('id')}",
    r"\end",
]
POWER = [
    "input",
    "include",
    "openin",
    "read",
    "write",
    "csname",
    "catcode",
    "special",
    "scantokens",
    "font",
    "directlua",
    "usepackage",
]


@pytest.mark.parametrize(
    "place", ["{}", "\\({}\\)", "\\[\n{}\n\\]", "\\begin{{tabular}}{{l}}\n{}\n\\end{{tabular}}"]
)
def test_what_has_power_in_latex_is_only_shown(make, place):
    text = "\n\n".join(place.format(attack) for attack in ATTACKS)
    body = source(make("tex.zip", f"Before\n\n{text}\n\nAfter")).partition("\\begin{document}")[2]
    for name in POWER:
        assert f"\\{name}{{" not in body
        assert f"\\{name} " not in body
        assert f"\\begin{{{name}" not in body
    assert "^^" not in body
    assert "\\write18" not in body
    assert body.count("\\end{document}") == 1
    assert "Before" in body
    assert "After" in body


def test_links_of_a_text_start_no_program(make):
    body = source(
        make("tex.zip", r"\href{run:/bin/sh}{x} \href{file:///etc/passwd}{y} \href{https://a.example}{z}")
    )
    assert "run:" not in body
    assert "file:" not in body
    assert r"\href{https://a.example}{z}" in body


def test_harmless_words_that_begin_like_others_stay():
    for text in (
        r"\fontsize{10}{12}\selectfont",
        r"\includegraphics{a}",
        r"\begin{theorem}x\end{theorem}",
        r"\readable",
    ):
        assert inert_latex.inert(text) == text


def test_code_cannot_leave_its_environment(make):
    body = source(make("tex.zip", "```\n\\end{verbatim}\\input{/etc/passwd}\n```"))
    assert "\\end{verbatim}\\input" not in body


@XELATEX
def test_a_text_that_never_ends_is_given_up(make, monkeypatch):
    monkeypatch.setattr(typeset, "SECONDS", 4)
    with pytest.raises(RenderFailed, match="longer than"):
        make("latex.pdf", r"Words \def\x{\x}\x", again=True)


@XELATEX
def test_a_text_that_outgrows_tex_is_shown_as_its_source(make):
    text = pdf_text(make("latex.pdf", "Before it.\n\nWords \\def\\x{\\x\\x}\\x\n\nAfter it.", again=True))
    assert "Before it." in text
    assert r"\def\x" in text
    assert "After it." in text


@XELATEX
def test_even_latex_that_slipped_through_reads_and_starts_nothing(tmp_path):
    secret = tmp_path / "secret.tex"
    secret.write_text("very-secret-words")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "document.tex").write_text(
        rf"""\documentclass{{article}}\begin{{document}}Words
        \IfFileExists{{{secret}}}{{\input{{{secret}}}}}{{}}
        \openin5={secret} \ifeof5 closed \else \read5 to\x \x\fi
        \openin6=/etc/hostname \ifeof6 hidden \else \read6 to\y \y\fi
        \immediate\write18{{touch {tmp_path}/pwned}} \openout7={tmp_path}/written \write7{{x}}
        \end{{document}}"""
    )
    text = pdf_text(typeset._set(programs.XELATEX.required(), folder))
    assert "Words" in text
    assert "very-secret-words" not in text
    assert "closed" in text
    assert "hidden" in text
    assert {path.name for path in tmp_path.iterdir()} == {"secret.tex", "work"}


def test_without_xelatex_the_format_says_how_to_add_it(make, monkeypatch):
    monkeypatch.setattr(programs.Needed, "path", lambda needed: None)
    assert "python3 manage.py doctor --install latex" in programs.XELATEX.missing()
    with pytest.raises(RenderFailed, match="XeLaTeX is not installed on this server"):
        typeset.make("Text", {}, lambda url: None, "d1", None)


# what it looks like


@XELATEX
def test_the_typeset_page_has_selectable_words_and_formulas(make):
    text = pdf_text(make("latex.pdf"))
    assert "1 Introduction" in text
    assert "AT&T at once, 5 $" in text
    assert "(1.2)" in text
    assert "Theorem 1" in text
    assert "Table 1: Values of" in text
    assert "Second" in text
    assert "??" not in text
    assert "𝐸" in text or "E" in text


@XELATEX
def test_size_and_face_of_the_typeset_page_follow_the_options(make):
    small, large = make("latex.pdf", "Words"), make("latex.pdf", "Words", fontSize="20pt", font="Noto Serif")
    heights = []
    for content in (small, large):
        document = pdfium.PdfDocument(content)
        box = document[0].get_textpage().get_charbox(0)
        heights.append(box[3] - box[1])
        document.close()
    assert heights[1] > 1.7 * heights[0]
    if any(font_files._listed("Noto Serif")):
        assert any("NotoSerif" in name for name in fonts(large))


@pytest.fixture(scope="module")
def commands(make, tmp_path_factory):
    """All supported commands, displayed and in a line, as XeLaTeX sets their `tex.zip`."""
    place = tmp_path_factory.mktemp("commands")
    text = "\n\n".join(f"\\[\n{latex}\n\\]\n\n\\( {latex} \\)" for latex in COMMANDS)
    with zipfile.ZipFile(io.BytesIO(make("tex.zip", text))) as opened:
        opened.extractall(place)
    command = ["xelatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "d1.tex"]
    ended = subprocess.run(
        command, cwd=place / "d1", capture_output=True, text=True, timeout=180, check=False
    )
    assert ended.returncode == 0, ended.stdout[-2000:]
    return place / "d1"


@XELATEX
def test_no_supported_command_is_lost_by_latex(commands):
    assert "Missing character" not in (commands / "d1.log").read_text(errors="replace")
    assert not re.findall(r"\\[A-Za-z]{2,}", pdf_text((commands / "d1.pdf").read_bytes()))


@XELATEX
def test_every_supported_command_comes_back_from_latex_as_it_was(commands):
    with open_pdf(commands / "d1.pdf") as document:
        sheets = [document.sheet(number) for number in range(1, document.page_count + 1)]
    said = "".join("".join(map(said_of, sheets)).split())
    lost = [
        form
        for latex in COMMANDS
        for form in (f"\\({latex}\\)", f"\\[{latex}\\]")
        if "".join(form.split()) not in said
    ]
    assert lost == []


def test_commands_of_packages_that_latex_has_stay(make):
    formula = r"\(\bm{x}+\Bra{i}+\overbracket{a}+\xRightarrow{b}\)"
    assert formula in source(make("tex.zip", formula))


@XELATEX
def test_what_latex_does_not_know_is_shown_by_its_name(make):
    text = pdf_text(
        make(
            "latex.pdf",
            "A \\unheardof{b} c \\( x \\unheardtoo y \\)\n\n\\begin{widget}\nInside\n\\end{widget}",
        )
    )
    assert "\\unheardof" in text
    assert "\\unheardtoo" in text
    assert "Inside" in text


@XELATEX
def test_a_formula_that_is_none_is_shown_as_its_source(make):
    text = pdf_text(make("latex.pdf", "Before \\( \\frac{a \\) after"))
    assert "Before" in text
    assert "\\frac{a" in text
    assert "after" in text


@XELATEX
def test_a_list_stands_in_a_cell(make):
    inner = (
        "\\begin{itemize}\\item Red \\begin{enumerate}\\item Deep\\end{enumerate}\\item Blue\\end{itemize}"
    )
    rows = f"\\hline Left & {inner} \\\\ \\hline Next & Last \\\\ \\hline"
    table = f"\\begin{{tabular}}{{|l|l|}}{rows}\\end{{tabular}}"
    text = pdf_text(make("latex.pdf", f"{table}\n\n\\begin{{itemize}}\n\\item Outside\n\\end{{itemize}}"))
    assert all(word in text for word in ("Left", "Red", "Deep", "Blue", "Next", "Last", "Outside"))


@XELATEX
def test_other_scripts_are_set_in_faces_that_have_them(make):
    text = pdf_text(
        make("latex.pdf", "漢字とかな and \\( x = \\text{漢字} \\) and Ελληνικά, Русский, שלום, مرحبا")
    )
    assert "Ελληνικά, Русский" in text
    if any(font_files._listed("Noto Sans CJK SC")):
        assert text.count("漢字") == 2


def test_fonts_travel_with_the_source_when_that_is_asked(make):
    try:
        files = font_files.external_fonts("CMU Serif")
    except RenderFailed as refusal:
        with pytest.raises(RenderFailed, match="CMU Serif is not installed"):
            make("tex.zip", "Words", load_external_fonts="true", again=True)
        pytest.skip(str(refusal))
    content = make("tex.zip", "Words", load_external_fonts="true")
    assert f"d1/fonts/{files['Regular'].name}" in unpacked(content)
    assert "Path=./fonts/" in source(content)
    assert not [name for name in unpacked(make("tex.zip", "Words")) if "/fonts/" in name]


def test_the_sample_needs_no_stand_ins(make):
    assert "\\texttt{" not in source(make("tex.zip", SAMPLE)).partition("\\begin{document}")[2]


def test_signs_of_mathematics_among_words_are_set_as_such(make):
    text = (
        r"The angle \theta _{i} of $\xi $, \(x\) and \textbf{\frac{1}{2}}, `\beta`."
        + "\n\n\\newcommand{\\my}{x}"
    )
    latex = source(make("tex.zip", text))
    assert r"\ensuremath{\theta _{i}}" in latex and r"\ensuremath{\xi}" in latex
    assert r"\textbf{\ensuremath{\frac{1}{2}}}" in latex and r"\(x\)" in latex
    assert r"\ensuremath{\beta}" not in latex


@XELATEX
def test_a_paragraph_that_latex_gives_up_is_shown_and_the_rest_is_set(make):
    wide = "&".join(["cell"] * 130)
    said = pdf_text(
        make("latex.pdf", f"Before it.\n\n\\begin{{tabular}}{{c}}\n{wide}\n\\end{{tabular}}\n\nAfter it.")
    )
    assert (
        "Before it." in said
        and "After it." in said
        and "cell&cell" in said.replace(" ", "").replace("\n", "")
    )
