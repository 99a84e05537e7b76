"""The ways into the library: dropped, pasted, chosen, without a script, and by the API."""

from __future__ import annotations

import base64
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import pdfs
from tests.asking import HTTP
from tests.browser.conftest import sign_in

DROP = """([name, content]) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type: "application/pdf" }));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent(kind, options));
    }
}"""
PASTE = """(text) => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
}"""
SPY = """window.told = [];
window.Notification = class extends EventTarget {
    static permission = "granted";
    constructor(name) { super(); told.push(name); }
}"""
NOTE_CHOOSER = """() => document.querySelector("#quick-upload [name=file]").addEventListener(
    "click", () => document.body.toggleAttribute("data-asked", true))"""


def drop(page, name, content):
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])


def test_a_file_dropped_anywhere_is_converted(page, short_pdf):
    page.goto("/")
    drop(page, "dropped.pdf", short_pdf.read_bytes())
    page.wait_for_url("**/documents/*")
    expect(page.get_by_role("heading", name="dropped.pdf")).to_be_visible()
    expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")


def test_a_file_that_is_no_pdf_is_refused_in_plain_language(page):
    page.goto("/")
    drop(page, "holiday.pdf", b"PK\x03\x04 what an archive holds")
    note = page.locator(".note.failed")
    expect(note).to_contain_text("Its archive is damaged")
    expect(note).to_contain_text("pdf_missing")


def test_what_failed_before_ones_eyes_can_be_tried_again_and_opened_with_its_password(page):
    page.goto("/")
    drop(page, "locked.pdf", pdfs.encrypted())
    expect(page.get_by_text("pdf_encrypted")).to_be_visible()
    with page.expect_navigation() as again:
        page.get_by_role("button", name="Try again").click()
    assert again.value.status == 200, "the button came over the WebSocket, its form works all the same"
    expect(page.get_by_text("This file is locked")).to_be_visible()
    page.get_by_label("Password of the file").fill("secret")
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("#progress .completed")).to_be_visible()


def test_pages_are_picked_with_the_shift_key_before_a_file_is_read(page, slow_pdf):
    page.goto("/")
    page.get_by_label("Choose pages or crop first").check()
    page.set_input_files("#upload [name=file]", slow_pdf)
    page.wait_for_url("**/prepare/*")
    page.get_by_text("Page 3", exact=True).click()
    page.get_by_text("Page 5", exact=True).click(modifiers=["Shift"])
    expect(page.get_by_role("textbox", name="Pages")).to_have_value("3-5")
    page.get_by_role("button", name="Convert").click()
    page.wait_for_url("**/documents/*")
    expect(page.locator("#progress")).to_contain_text("3 pages")


def test_a_picture_is_cut_with_the_pointer(page, tmp_path):
    Image.new("RGB", (400, 300), "white").save(tmp_path / "sheet.png")
    page.goto("/")
    page.get_by_label("Choose pages or crop first").check()
    page.set_input_files("#upload [name=file]", tmp_path / "sheet.png")
    canvas = page.locator("#frame-picture canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 3 / 4, steps=3)
    page.mouse.up()
    fields = [page.locator(f"[name={edge}]").input_value() for edge in ("left", "top", "right", "bottom")]
    assert [round(float(value)) for value in fields] == [25, 50, 50, 25]
    page.get_by_label("Turned clockwise").select_option("90°")
    expect(page.locator("[name=left]")).to_have_value(fields[3])


def test_on_any_page_one_is_told_when_what_was_sent_is_done(page, short_pdf, tmp_path):
    page.add_init_script(SPY)
    page.goto("/usage")
    other = tmp_path / "other.pdf"
    other.write_bytes(short_pdf.read_bytes() + b"% other\n")
    page.set_input_files("#quick-upload [name=file]", [short_pdf, other])
    expect(page.locator("[data-expected]")).to_have_count(2)
    page.add_init_script("Object.defineProperty(document, 'hidden', { value: true })")  # before they are done
    page.goto("/account")
    expect(page.locator(".note a", has_text="other.pdf")).to_be_visible(timeout=20_000)
    expect(page.locator(".note a", has_text="short.pdf")).to_be_visible()
    expect(page).to_have_title(re.compile("^✓ "))
    assert sorted(page.evaluate("told")) == ["other.pdf", "short.pdf"]


def test_an_address_can_be_pasted(page):
    page.goto("/")
    page.evaluate(PASTE, "http://127.0.0.1/secret.pdf")
    note = page.locator(".note.failed")
    expect(note).to_contain_text("http://127.0.0.1/secret.pdf")
    expect(note).to_contain_text("image_download_error")


def test_what_the_api_is_sent_appears_in_an_open_library(page, server, short_pdf):
    page.goto("/")
    page.wait_for_selector("#documents", state="attached")
    keys = {"app_id": server.app_id, "app_key": server.app_key}
    with short_pdf.open("rb") as opened:
        files = {"file": ("sent by curl.pdf", opened, "application/pdf")}
        answer = HTTP.post(f"{server.url}/v3/pdf", headers=keys, files=files)
    row = page.locator(f"#document-{answer.json()['pdf_id']}")
    expect(row).to_contain_text("sent by curl.pdf")
    expect(row).to_contain_text("First key")
    expect(row).to_contain_text("Done")
    expect(row).to_contain_text("3 pages")


def test_an_outsider_finds_nothing_at_the_documents_address(chromium, page, server, outsider, short_pdf):
    page.goto("/")
    drop(page, "private.pdf", short_pdf.read_bytes())
    page.wait_for_url("**/documents/*")
    with chromium.new_context(base_url=server.url) as context:
        other = context.new_page()
        sign_in(other, outsider, "a long password")
        assert other.goto(page.url).status == 404
        expect(other.get_by_text("There is nothing here")).to_be_visible()


def test_everything_essential_works_without_javascript(browser, short_pdf):
    page = browser(java_script_enabled=False).new_page()
    page.goto("/")
    page.set_input_files("#upload [name=file]", short_pdf)
    page.get_by_role("button", name="Convert").click()
    page.wait_for_url("**/documents/*")
    expect(page.locator("#page-3 .mmd")).to_contain_text("topic 3 and free")  # it reloads itself
    page.goto(page.url)
    page.get_by_text("Export").click()
    with page.expect_download() as download:
        page.locator('#export a[href$="/download/mmd"]').click()
    assert download.value.suggested_filename == "short.mmd"


def test_the_upload_key_opens_the_file_chooser(page):
    page.goto("/")
    page.evaluate(NOTE_CHOOSER)  # the chooser itself opens only for a hand that Chromium believes in
    page.keyboard.press("u")
    page.wait_for_selector("body[data-asked]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_until_the_reader_chooses(browser, scheme):
    page = browser(color_scheme=scheme).new_page()
    page.goto("/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Account and team").click()
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
