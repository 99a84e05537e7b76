import io
import re
import shutil
import subprocess
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import docx
import pytest
from docx.oxml.ns import qn

from mathpixweb.engine.errors import RenderFailed, UnknownFormat
from mathpixweb.engine.writers import formats
from mathpixweb.engine.writers.programs import pandoc
from mathpixweb.providers import format_options
from tests.engine.samples import PICTURE, pdf_text, unpacked


def document_xml(content):
    return unpacked(content)["word/document.xml"].decode()


def test_formats_that_nobody_makes_are_refused(make):
    with pytest.raises(UnknownFormat):
        make("wordstar")


def test_a_format_is_found_by_the_name_that_the_contract_gives_it():
    assert set(format_options.FORMATS) - {"mmd"} == set(formats.FORMATS)
    assert all(name == made.name for name, made in formats.FORMATS.items())


# docx


def test_every_formula_becomes_a_native_equation(make):
    xml = document_xml(make("docx"))
    assert xml.count("<m:oMath>") == 8
    assert xml.count("<m:oMathPara>") == 3
    assert "\\" not in "".join(re.findall(r"<w:t[^>]*>([^<]*)", xml))


def test_equations_come_back_from_a_word_document(make, tmp_path):
    path = tmp_path / "d1.docx"
    path.write_bytes(make("docx", "\\[\n\\sum_{i=1}^{n} \\frac{a_{i}}{b}\n\\]"))
    back = subprocess.run(
        [pandoc.executable(), path, "-t", "markdown"], capture_output=True, text=True, check=True, timeout=60
    )
    assert back.stdout.strip() == r"$$\sum_{i = 1}^{n}\frac{a_{i}}{b}$$"


def test_equation_numbers_are_in_the_word_document(make):
    text = "".join(re.findall(r"<[mw]:t[^>]*>([^<]*)", document_xml(make("docx"))))
    assert "(1.2)" in text
    assert "(2)" in text
    assert "As in (1)." in text


def test_title_authors_abstract_headings_and_captions_have_their_styles(make):
    document = docx.Document(io.BytesIO(make("docx")))
    styles = {paragraph.style.name: paragraph.text for paragraph in document.paragraphs}
    assert styles["Title"].startswith("On ")
    assert styles["Author"] == "A. Author\nUniversity"
    assert styles["Abstract"].startswith("We show")
    assert styles["Heading 1"] == "1 Introduction"
    assert styles["Image Caption"] == "Figure 1: A blue box"
    assert styles["Table Caption"].startswith("Table 1: Values of")


def test_cells_span_rows_and_columns_in_the_word_document(make):
    xml = document_xml(make("docx"))
    assert 'w:gridSpan w:val="2"' in xml
    assert "<w:vMerge" in xml


def test_footnotes_are_notes_of_the_word_document(make):
    files = unpacked(make("docx"))
    notes = "".join(re.findall(r"<[mw]:t[^>]*>([^<]*)", files["word/footnotes.xml"].decode()))
    assert "First note z." in notes
    assert "Second y." in notes
    assert files["word/document.xml"].count(b"<w:footnoteReference ") == 2


def test_the_picture_is_inside_of_the_word_document(make):
    assert [name for name in unpacked(make("docx")) if name.startswith("word/media/")]


def test_type_and_page_of_a_word_document_follow_the_options(make):
    made = make(
        "docx",
        "Text",
        font="Arial",
        fontSize="28",
        language="German",
        orientation="landscape",
        margins={"top": "720", "left": 1000, "gutter": 100},
    )
    document = docx.Document(io.BytesIO(made))
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults.find(qn("w:rFonts")).get(qn("w:ascii")) == "Arial"
    assert defaults.find(qn("w:sz")).get(qn("w:val")) == "28"
    assert defaults.find(qn("w:lang")).get(qn("w:val")) == "de-DE"
    section = document.sections[0]
    assert section.page_width > section.page_height
    twips = [
        length.twips
        for length in (section.top_margin, section.left_margin, section.right_margin, section.gutter)
    ]
    assert twips == [720, 1000, 1800, 100]


def test_a_word_document_has_the_type_of_the_contract_by_default(make):
    document = docx.Document(io.BytesIO(make("docx", "Text")))
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults.find(qn("w:rFonts")).get(qn("w:ascii")) == "Georgia"
    assert defaults.find(qn("w:sz")).get(qn("w:val")) == "22"
    assert document.sections[0].left_margin.twips == 1800


def test_a_size_that_is_no_number_is_refused(make):
    with pytest.raises(RenderFailed, match="fontSize"):
        make("docx", "Text", fontSize="big")


@pytest.mark.parametrize(
    "latex", [r"\tag{3} x", r"\S 5 \AA", r"{a \atop b}", r"\longdiv{72}", r"\ce{H2O -> H+ + OH-}"]
)
def test_words_that_pandoc_does_not_know_are_said_in_others(make, latex):
    xml = document_xml(make("docx", f"\\[\n{latex}\n\\]"))
    assert "<m:oMath>" in xml


# md


def test_markdown_has_dollars_escapes_and_footnotes(make):
    text = make("md").decode()
    assert text.startswith("# On $L^p$ spaces\n")
    assert "## 1 Introduction" in text
    assert r"AT\&T at once, 5 \$ and a word[^1]" in text
    assert "[^1]: First note $z$." in text
    assert "$$\na=b \\tag{1.2}\n$$" in text
    assert 'print("$not math$")' in text
    assert "**Theorem 1.** *It holds.*" in text
    assert "As in (1)." in text
    assert f"![]({PICTURE})" in text
    assert "Figure 1: A blue box" in text


def test_markdown_follows_its_options(make):
    text = make(
        "md",
        r"A & B cost 5 \$ or 3 % \(x\)" + "\n\n\\[\ny\n\\]\n",
        math_inline_delimiters=["\\(", "\\)"],
        math_display_delimiters=["\\[", "\\]"],
        escape_ampersand=False,
        escape_dollar=False,
        escape_percent=True,
    ).decode()
    assert text == "A & B cost 5 $ or 3 \\% \\(x\\)\n\n\\[\ny\n\\]\n"


def test_lines_of_markdown_can_be_kept_short(make):
    text = make("md", "word " * 40, max_character_per_line=20).decode()
    assert max(map(len, text.splitlines())) <= 20


def test_a_plain_table_is_a_table_of_markdown_and_bars_in_its_formulas_do_no_harm(make):
    table = (
        "\\begin{tabular}{|l|c|}\n\\hline\nA & B \\\\\n\\hline\n\\(|a|<b\\) & 1 \\\\\n\\hline\n\\end{tabular}"
    )
    rows = make("md", table).decode().splitlines()
    assert [row.count("|") for row in rows] == [3, 3, 3]
    assert r"\vert a\vert \lt b" in rows[2]


def test_a_table_with_spans_is_html_in_markdown_with_its_formulas(make):
    text = make("md").decode()
    assert '<th colspan="2"' in text
    assert '<td rowspan="2"' in text
    assert r"$\vert x\vert $" in text


# archives


def test_an_archive_holds_one_folder_with_the_text_and_its_pictures(make):
    files = unpacked(make("mmd.zip"))
    assert set(files) == {"d1/d1.mmd", "d1/images/d1-01.jpg"}
    assert r"\includegraphics[max width=\textwidth]{./images/d1-01.jpg}" in files["d1/d1.mmd"].decode()
    assert set(unpacked(make("md.zip"))) == {"d1/d1.md", "d1/images/d1-01.jpg"}
    assert set(unpacked(make("html.zip"))) == {"d1/d1.html", "d1/images/d1-01.jpg"}
    assert '<img src="./images/d1-01.jpg"' in unpacked(make("html.zip"))["d1/d1.html"].decode()


def test_two_crops_of_one_page_have_names_of_their_own(make):
    text = f"![a]({PICTURE})\n\n![b]({PICTURE}0)\n\n![a again]({PICTURE})"
    files = unpacked(make("mmd.zip", text))
    assert set(files) == {"d1/d1.mmd", "d1/images/d1-01.jpg", "d1/images/d1-01-2.jpg"}
    assert files["d1/d1.mmd"].decode() == (
        "![a](./images/d1-01.jpg)\n\n![b](./images/d1-01-2.jpg)\n\n![a again](./images/d1-01.jpg)"
    )


def test_a_picture_that_is_not_to_be_had_stays_a_reference(make):
    text = "![gone](https://elsewhere.example/x.png)"
    assert unpacked(make("mmd.zip", text))["d1/d1.mmd"].decode() == text
    assert "[gone](https://elsewhere.example/x.png)" in unpacked(make("md.zip", text))["d1/d1.md"].decode()
    assert (
        r"\href{https://elsewhere.example/x.png}{gone}"
        in unpacked(make("tex.zip", text))["d1/d1.tex"].decode()
    )
    assert ">gone</a>" in make("html", text).decode()
    assert "gone" in document_xml(make("docx", text))


@pytest.mark.parametrize(
    "folder", ["../x", "/abs", "a\\..\\b", "a/b", "x\0y", "x" * 300, "%2e%2e", ".hidden", 7]
)
def test_a_folder_for_pictures_cannot_lead_out_of_the_archive(make, folder):
    with pytest.raises(RenderFailed, match="folder"):
        make("tex.zip", imagesFolder=folder)


def test_equal_documents_make_equal_archives(make):
    assert make("md.zip") == make("md.zip", again=True)


# tex


def test_latex_keeps_what_is_latex_already(make):
    tex = unpacked(make("tex.zip", imagesFolder="media", fontSize="12pt", font="Noto Serif"))
    source = tex["d1/d1.tex"].decode()
    assert "d1/media/d1-01.jpg" in tex
    assert r"\documentclass[12pt]{extarticle}" in source
    assert r"\setmainfont{Noto Serif}" in source
    assert r"\title{On \(L^p\) spaces}" in source
    assert r"\author{A. Author \\ University}" in source
    assert "\\begin{abstract}\nWe show \\(x^2\\).\n\\end{abstract}" in source
    assert "\\[\na=b \\tag{1.2}\n\\]" in source
    assert r"a &= b \tag{2} \\" in source
    assert r"\multirow{2}{*}{M} & \(|x|\) & 3 \\" in source
    assert r"\includegraphics[max width=\textwidth]{./media/d1-01.jpg}" in source
    assert r"\footnote{First note \(z\).}" in source
    assert r"AT\&T" in source
    assert r"\newtheorem{theorem}" in source


def test_a_font_or_size_that_latex_does_not_have_is_refused(make):
    with pytest.raises(RenderFailed, match="fontSize"):
        make("tex.zip", "x", fontSize="10pt]{article}\\input{/etc/passwd}")
    with pytest.raises(RenderFailed, match="font"):
        make("tex.zip", "x", font="Comic Sans")


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="XeLaTeX is not installed")
def test_the_latex_compiles(make, tmp_path):
    with zipfile.ZipFile(io.BytesIO(make("tex.zip"))) as archive:
        archive.extractall(tmp_path)
    command = ["xelatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "d1.tex"]
    subprocess.run(command, cwd=tmp_path / "d1", capture_output=True, check=True, timeout=120)
    assert (tmp_path / "d1" / "d1.pdf").stat().st_size > 1000


# html


def test_a_web_page_has_everything_inside(make):
    page = make("html").decode()
    assert '<img src="data:image/jpeg;base64,' in page
    assert "url(" not in page.replace('url("data:font/woff;base64,', "")
    assert "<link" not in page
    assert "<script" not in page
    assert "<title>On L^p spaces</title>" in page
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "default-src 'none'" in page


@pytest.mark.parametrize("host", ["http://127.0.0.1:8000", "https://here.example", ""])
def test_our_own_pictures_are_shown_wherever_this_server_is(make, host):
    crop = f"{host}/cropped/d1-01.jpg?height="
    text = f"\\includegraphics{{{crop}1&width=2}}\n\n![b]({crop}2)"
    assert make("html", text).count(b'<img src="data:image/jpeg;base64,') == 2
    assert unpacked(make("html.zip", text))["d1/d1.html"].count(b'<img src="./images/d1-01') == 2


def test_html_in_the_source_is_html_unless_told_otherwise(make):
    assert "<sub>2</sub>" in make("html", "H<sub>2</sub>O").decode()
    assert "&lt;sub&gt;" in make("html", "H<sub>2</sub>O", htmlTags=False).decode()


def test_nothing_in_a_web_page_runs(make):
    page = make(
        "html", '<script>alert(1)</script><img src=x onerror=alert(2)> \\ref{"><img src=x onerror=alert(3)>}'
    )
    assert b"<script" not in page
    assert b"onerror=" not in page.split(b"<main")[1].replace(b"&quot;", b"")


# what a document must not reach


class Canary(BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self):
        self.hits.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def canary():
    Canary.hits.clear()
    server = HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", sorted(set(formats.FORMATS) - {"mmd.overlay.pdf"}))
def test_a_document_reaches_no_file_and_no_address(make, canary, tmp_path, name):
    secret = tmp_path / "secret.txt"
    secret.write_text("very-secret-words")
    text = f"""\\input{{{secret}}} \\include{{{secret}}} \\lstinputlisting{{{secret}}}

\\input{{{secret}}}

![a]({canary}/a.png) ![b]({secret}) ![c](file://{secret})

\\begin{{figure}}
\\includegraphics{{{canary}/b.png}}
\\includegraphics{{{secret}}}
\\input{{{secret}}}
\\end{{figure}}

<img src="{canary}/c.png"> <img src="file://{secret}">

<iframe src="{canary}/d.html"></iframe>

![ref][r]

[r]: {canary}/e.png

\\begin{{tabular}}{{l}}
\\input{{{secret}}} \\includegraphics{{{canary}/f.png}}
\\end{{tabular}}
"""
    if missing := formats.FORMATS[name].missing():
        pytest.skip(missing)
    made = make(name, text)
    everything = b"".join(unpacked(made).values()) if made[:2] == b"PK" else made
    if made[:4] == b"%PDF":
        everything = pdf_text(made).encode()
    assert Canary.hits == []
    assert b"very-secret-words" not in everything


def test_a_conversion_that_takes_too_long_is_given_up(monkeypatch):
    with pytest.raises(RenderFailed, match="longer than"):
        pandoc.convert("x" * 2_000_000, pandoc.MMD, "docx", seconds=0.01)
