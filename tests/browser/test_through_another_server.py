"""The browser at a server that has everything read by another one: two servers, two workers, real sockets."""

from __future__ import annotations

import io
import zipfile

from playwright.sync_api import expect

from tests.asking import HTTP
from tests.browser.conftest import SLOW_PAGES, sign_in
from tests.browser.test_reading import FINISHED, downloaded
from tests.browser.test_sending import drop


def test_pages_come_while_the_other_server_reads_and_each_can_be_read_here_too(
    chromium, front, live_server_process, slow_pdf
):
    behind = live_server_process
    with chromium.new_context(base_url=front.url) as context:
        page = context.new_page()
        sign_in(page, front.email, front.password)
        expect(page.locator(".egress")).to_contain_text("leaves this server: Mathpix reads it")
        drop(page, "far.pdf", slow_pdf.read_bytes())
        page.wait_for_url("**/documents/*")
        expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")
        key = {"app_key": behind.app_key}
        there = HTTP.get(f"{behind.url}/v3/pdf-results", headers=key).json()["pdfs"][0]
        assert (there["input_file"], there["status"]) == ("far.pdf", "split"), "it is still being read there"
        page.wait_for_selector(FINISHED, timeout=60_000)
        expect(page.locator(".page.completed")).to_have_count(SLOW_PAGES)
        word = zipfile.ZipFile(io.BytesIO(downloaded(page, "docx"))).read("word/document.xml").decode()
        assert "topic 1 and free" in word and f"topic {SLOW_PAGES} and free" in word
        first = page.locator("#page-1")
        expect(first).to_contain_text("Read by Mathpix")
        first.get_by_role("button", name="Read this page again on this server").click()
        first.get_by_role("link", name="Compare").click()
        expect(page.get_by_role("heading", name="Page 1, read twice")).to_be_visible()
        expect(page.locator(".comparison")).to_contain_text("0 lines differ")
