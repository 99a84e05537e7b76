"""What is pasted or drawn is read at once, and copied in the form that is wanted."""

from __future__ import annotations

import base64
import io
import zipfile

import pypdfium2
from playwright.sync_api import expect

from tests import pdfs
from tests.browser.conftest import prose
from tests.browser.test_accessibility import PHONE, complaints
from tests.server import ROOT

SAMPLE = ROOT / "samples" / "heat-equation.pdf"
PASTE = """(content) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], "image.png", { type: "image/png" }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
}"""
PASTE_TEXT = """(text) => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
}"""
KEEP_WHAT_IS_COPIED = "navigator.clipboard.writeText = async (text) => { window.copied = text; }"
X_PLUS_ONE = [
    [(100, 60), (160, 140)],
    [(160, 60), (100, 140)],
    [(200, 100), (260, 100)],
    [(230, 70), (230, 130)],
    [(300, 75), (320, 60), (330, 60), (330, 140)],
]


def picture_of_a_formula() -> str:
    """The first displayed formula of the sample, as a screenshot would have it."""
    with pypdfium2.PdfDocument(SAMPLE) as pdf:
        picture = pdf[0].render(scale=2).to_pil()
    width, height = picture.size
    out = io.BytesIO()
    picture.crop((int(0.26 * width), int(0.391 * height), int(0.353 * width), int(0.43 * height))).save(
        out, "PNG"
    )
    return base64.b64encode(out.getvalue()).decode()


def draw(page, strokes):
    box = page.locator("#ink").bounding_box()
    for first, *rest in strokes:
        page.mouse.move(box["x"] + first[0], box["y"] + first[1])
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
        page.mouse.up()


def copied_as(page, kind):
    page.evaluate(KEEP_WHAT_IS_COPIED)
    page.locator(f'[data-kind="{kind}"]').click()
    page.wait_for_function("window.copied")
    return page.evaluate("window.copied")


def test_a_pasted_formula_is_copied_as_mathml_and_as_markdown(page):
    page.goto("/")
    page.evaluate(PASTE, picture_of_a_formula())
    page.wait_for_url("**/snip", timeout=60_000)
    expect(page.locator(".rendered math")).to_have_count(1)
    assert "\\partial" in copied_as(page, "markdown")
    page.evaluate("delete window.copied")
    mathml = copied_as(page, "mathml")
    assert mathml.startswith("<math") and "<mfrac>" in mathml


WATCH = """() => {
    const ask = window.fetch;
    window.fetch = (...what) => { window.asked = performance.now(); return ask(...what); };
    const ink = document.getElementById("ink");
    ink.addEventListener("pointerup", () => { window.lifted = performance.now(); });
}"""


def test_ink_is_read_as_soon_as_the_pen_is_lifted(page):
    page.goto("/draw")
    page.evaluate(WATCH)
    draw(page, X_PLUS_ONE[:1])
    expect(page.locator("#draw-result")).not_to_be_empty(timeout=60_000)
    assert page.evaluate("window.asked - window.lifted") < 150


BELOW = "() => document.getElementById('form-markdown').offsetTop"


def test_what_takes_long_to_make_comes_after_the_result_and_is_left_for_the_next_stroke(page):
    page.goto("/draw")
    left = []
    page.route("**/snip", lambda route: None)  # no answer
    page.on("requestfailed", lambda request: left.append(request.url))
    draw(page, X_PLUS_ONE[:2])
    with page.expect_request("**/snip", timeout=60_000):
        expect(page.locator("#draw-result math")).to_be_visible(timeout=60_000)
    typst = page.locator('[data-kind="typst"]')
    expect(typst).to_be_disabled()
    below = page.evaluate(BELOW)
    with page.expect_event("requestfailed"):
        draw(page, X_PLUS_ONE[2:])
    assert left[0].endswith("/snip")
    page.unroute("**/snip")
    expect(typst).to_be_enabled()
    assert copied_as(page, "typst") == "$x + 1$"
    assert page.evaluate(BELOW) == below


def test_ink_is_read_while_it_is_drawn_and_copied_as_mathml(page):
    page.goto("/draw")
    draw(page, X_PLUS_ONE)
    latex = page.locator('.copies [data-kind="latex"] + pre')
    expect(latex).to_have_text("x+1", timeout=60_000)
    assert copied_as(page, "mathml").startswith("<math")
    page.get_by_role("button", name="Undo").click()
    expect(latex).not_to_have_text("x+1", timeout=60_000)
    page.get_by_role("button", name="Redo").click()
    expect(latex).to_have_text("x+1", timeout=60_000)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#draw-result")).to_be_empty()


def test_pasted_latex_becomes_a_document(page):
    page.goto("/")
    page.evaluate(PASTE_TEXT, "\\frac{\\partial u}{\\partial t} = \\Delta u")
    page.wait_for_url("**/documents/*")
    expect(page.locator("#page-1 .rendered math")).to_be_visible()


def test_a_zip_becomes_its_documents(page, tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (1, 2):
            archive.writestr(f"sheet-{number}.pdf", pdfs.with_pages(prose(number)))
    page.goto("/")
    page.set_input_files("#quick-upload [name=file]", path)
    for number in (1, 2):
        row = page.locator(".row").filter(has_text=f"sheet-{number}.pdf").first
        expect(row).to_contain_text("Done", timeout=60_000)


def test_the_sheet_for_drawing_has_no_serious_barrier(browser):
    page = browser(bypass_csp=True).new_page()
    page.goto("/draw")
    draw(page, X_PLUS_ONE)
    page.locator('.copies [data-kind="mathml"]').wait_for(timeout=60_000)
    assert complaints(page) == []


def test_drawing_fits_a_phone(browser):
    page = browser(**PHONE).new_page()
    page.goto("/draw")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_without_javascript_a_formula_is_typed(browser):
    page = browser(java_script_enabled=False).new_page()
    page.goto("/draw")
    page.get_by_label("Or type it").fill("x^2")
    page.get_by_role("button", name="Convert the text").click()
    page.wait_for_url("**/documents/*")
    expect(page.locator("#page-1 .rendered math")).to_be_visible()
