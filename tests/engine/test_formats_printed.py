import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pypdfium2 as pdfium
import pytest

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.programs import bounded, confined, programs
from mathpixweb.engine.writers.web import printed
from tests.engine.samples import SAMPLE, pdf_text

CHROMIUM = pytest.mark.skipif(programs.CHROMIUM.path() is None, reason="Chromium is not installed")
TWO_PAGES = (
    "\\section{First}\n\nSome words.\n\n\\pagebreak\n\nOther words with [^1] and [^1].\n\n[^1]: A note."
)


@pytest.fixture
def no_chromium(monkeypatch):
    monkeypatch.setattr(programs.Needed, "path", lambda needed: None)


def pixel(content, x, y, page=0):
    """The colour at a share of the page's width and height."""
    document = pdfium.PdfDocument(content)
    image = document[page].render(scale=1).to_pil().convert("RGB")
    document.close()
    return image.getpixel((int(image.width * x), int(image.height * y)))


def letters(content):
    """Each letter with its left edge and height on the first page."""
    document = pdfium.PdfDocument(content)
    text = document[0].get_textpage()
    found = [(text.get_text_range(i, 1), *text.get_charbox(i, loose=True)) for i in range(text.count_chars())]
    document.close()
    return found


@CHROMIUM
def test_the_printed_page_has_its_words_formulas_tables_and_page_numbers(make):
    content = make("pdf")
    text = pdf_text(content)
    assert "1 Introduction" in text
    assert "AT&T at once, 5 $" in text
    assert "Table 1: Values of" in text
    assert "Figure 1: A blue box" in text
    assert "(1.2)" in text
    document = pdfium.PdfDocument(content)
    assert document.get_metadata_value("Title") == "On L^p spaces"
    assert {round(size) for size in document[0].get_size()} == {595, 842}
    document.close()


@CHROMIUM
def test_type_colours_margins_and_rules_of_a_printed_page_follow_the_options(make):
    plain = make("pdf", TWO_PAGES)
    chosen = make(
        "pdf",
        TWO_PAGES,
        fontSize="34",
        text_color="#cc0000",
        background_color="rgb(255, 238, 204)",
        margin="150",
        custom_css="h1, h2 { text-transform: uppercase }",
    )
    assert pixel(plain, 0.01, 0.01) == (255, 255, 255)
    assert pixel(chosen, 0.01, 0.01) == (255, 238, 204)
    assert pixel(chosen, 0.5, 0.98) == (255, 238, 204)
    small, large = (next(letter for letter in letters(page) if letter[0] == "w") for page in (plain, chosen))
    assert large[4] - large[2] == pytest.approx(2 * (small[4] - small[2]), rel=0.05)
    assert min(letter[1] for letter in letters(plain)) == pytest.approx(70 * 0.75, abs=3)
    assert min(letter[1] for letter in letters(chosen)) == pytest.approx(150 * 0.75, abs=4)
    assert "FIRST" in pdf_text(chosen)


@CHROMIUM
def test_pages_are_numbered_unless_that_is_unwanted(make):
    last = [letter[0] for letter in letters(make("pdf", TWO_PAGES)) if letter[2] < 45 and letter[0].strip()]
    assert last == ["1"]
    unwanted = make("pdf", TWO_PAGES, disable_footer="true")
    assert not [letter for letter in letters(unwanted) if letter[2] < 45 and letter[0].strip()]


@CHROMIUM
def test_a_page_break_begins_a_page(make):
    document = pdfium.PdfDocument(make("pdf", TWO_PAGES))
    assert len(document) == 2
    document.close()


@CHROMIUM
def test_marks_of_a_repeated_note_can_be_kept_short(make):
    assert "[1:1]" in pdf_text(make("pdf", TWO_PAGES))
    assert "[1:1]" not in pdf_text(make("pdf", TWO_PAGES, footnote_compact_refs=True))


@pytest.mark.parametrize(
    "options",
    [{"margin": 39}, {"margin": 201}, {"text_color": "reddish"}, {"fontSize": "big"}, {"fontSize": 0}],
)
def test_a_printed_page_refuses_what_it_cannot_do(make, options):
    with pytest.raises(RenderFailed, match=next(iter(options))):
        make("pdf", "Text", **options)


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


@CHROMIUM
def test_a_callers_rules_reach_no_address_and_end_no_element(make, canary, tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("p::before { content: 'very-secret-words' }")
    css = f"""@import url({canary}/a.css); @import url(file://{secret});
    body {{ background: url({canary}/b.png) }} @font-face {{ font-family: x; src: url({canary}/c.woff) }}
    p {{ font-family: x }} </style><script>document.body.append("it ran")</script>
    <img src="{canary}/d.png"><iframe src="file://{secret}"></iframe>"""
    text = pdf_text(make("pdf", "Some words.", custom_css=css))
    assert Canary.hits == []
    assert "Some words." in text
    assert "it ran" not in text
    assert "very-secret-words" not in text


@CHROMIUM
@pytest.mark.skipif(confined.landlock_version() < 4, reason="the kernel cannot hide files from a program")
def test_even_a_page_that_slipped_through_reaches_nothing(canary, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("very-secret-words")
    page = f"""<p>Hello</p><img src="{canary}/a.png"><iframe src="file://{secret}"></iframe>
    <iframe src="file:///etc/passwd"></iframe><script>document.write("it ran");
    fetch("{canary}/b")</script>"""
    text = pdf_text(printed._print(page.encode(), 60))
    assert Canary.hits == []
    assert "very-secret-words" not in text
    assert "root:" not in text


def test_without_chromium_typst_sets_the_page_and_says_what_it_cannot_do(no_chromium, make):
    content = make("pdf", SAMPLE, again=True)
    assert "1 Introduction" in pdf_text(content)
    with pytest.raises(RenderFailed, match=r"custom_css needs Chromium.*doctor --install chromium"):
        make("pdf", SAMPLE, again=True, custom_css="p { color: red }")


def test_a_page_that_takes_too_long_to_print_is_given_up(monkeypatch, tmp_path):
    with pytest.raises(RenderFailed, match="longer than"):
        bounded.run(["/bin/sleep", "30"], b"", tmp_path, 0.2)


def test_the_stream_of_a_printed_page_is_whole(make):
    assert io.BytesIO(make("pdf")).getvalue().rstrip().endswith(b"%%EOF")
