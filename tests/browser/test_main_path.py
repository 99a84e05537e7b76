"""The way that nearly everybody goes: a file dropped, its pages coming, one mended, all taken away."""

from __future__ import annotations

import io
import zipfile

from playwright.sync_api import expect

from tests.browser.conftest import SLOW_PAGES
from tests.browser.test_reading import FINISHED, downloaded
from tests.browser.test_sending import drop


def test_what_is_dropped_is_seen_page_by_page_edited_and_exported_as_edited(page, slow_pdf):
    page.goto("/")
    drop(page, "lecture.pdf", slow_pdf.read_bytes())
    page.wait_for_url("**/documents/*")
    expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")
    assert page.locator(FINISHED).count() == 0, "the last page is not read yet"
    page.wait_for_selector(FINISHED, timeout=60_000)
    expect(page.locator(".page.completed")).to_have_count(SLOW_PAGES)
    page.keyboard.press("e")
    page.get_by_label("Mathpix Markdown").fill("# Mended\n\nBy hand: $\\sqrt{2}$")
    expect(page.locator("#preview")).to_contain_text("By hand")
    page.keyboard.press("Control+s")
    expect(page.locator("#page-1 .mmd")).to_contain_text("By hand")
    assert downloaded(page, "mmd").decode().startswith("# Mended\n\nBy hand: ")
    word = zipfile.ZipFile(io.BytesIO(downloaded(page, "docx"))).read("word/document.xml").decode()
    assert "By hand" in word and "<m:rad>" in word and "topic 60 and free" in word
    assert "topic 1 and free" not in word
