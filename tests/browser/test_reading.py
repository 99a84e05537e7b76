"""What a person sees in the browser from the upload to the download."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests import pdfs
from tests.browser import proxies
from tests.browser.conftest import SLOW_PAGES, prose
from tests.server import ROOT

SAMPLE = ROOT / "samples" / "heat-equation.pdf"
MARKED = "[...CSS.highlights.get('found')].map(String).join()"
FINISHED = "#progress[data-finished]"


def upload(page: Page, path: Path) -> None:
    page.goto("/")
    page.set_input_files("#upload [name=file]", path)
    page.wait_for_url("**/documents/*")


def downloaded(page: Page, format_name: str) -> bytes:
    page.locator("#export summary").click()
    item = page.locator("#export li").filter(has=page.get_by_text(f".{format_name}", exact=True))
    with page.expect_download() as download:
        item.locator(".menu-item").click()
    page.keyboard.press("Escape")
    return Path(download.value.path()).read_bytes()


def pages_done(page: Page) -> int:
    return page.locator(".page.completed").count()


def test_pages_can_be_read_before_the_last_one_is_done(page, slow_pdf):
    upload(page, slow_pdf)
    expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free", timeout=20_000)
    assert page.locator(FINISHED).count() == 0, "the last page is not read yet"
    assert page.locator(".page").count() == SLOW_PAGES
    expect(page).to_have_title("slow.pdf · MathpixWeb", timeout=60_000)
    expect(page.locator(FINISHED)).to_contain_text("Done")
    expect(page.locator(".page.completed")).to_have_count(SLOW_PAGES)


def test_the_result_can_be_downloaded_in_every_form(page, short_pdf):
    upload(page, short_pdf)
    page.wait_for_selector(FINISHED)
    assert "topic 1 and free" in downloaded(page, "mmd").decode()
    assert len(json.loads(downloaded(page, "lines.json"))["pages"]) == 3
    word = zipfile.ZipFile(io.BytesIO(downloaded(page, "docx")))
    assert "topic 1 and free" in word.read("word/document.xml").decode()


def test_a_reload_in_the_middle_loses_nothing(page, slow_pdf):
    upload(page, slow_pdf)
    page.wait_for_selector(".page.completed")
    page.reload()
    assert pages_done(page) >= 1, "what was read is there at once"
    page.wait_for_selector(FINISHED, timeout=60_000)
    expect(page.locator(".page.completed")).to_have_count(SLOW_PAGES)
    expect(page.locator("#page-2 .mmd")).to_contain_text("topic 2 and free")


def test_without_websocket_the_pages_arrive_all_the_same(page, slow_pdf):
    page.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))
    upload(page, slow_pdf)
    expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")
    page.wait_for_selector(FINISHED, timeout=90_000)
    expect(page.locator(".page.completed")).to_have_count(SLOW_PAGES)


def test_behind_a_proxy_that_lets_no_websocket_pass_the_pages_arrive_while_they_are_read(browser, slow_pdf):
    with proxies.without_tunnels() as proxy:
        page = browser(proxy={"server": proxy.url}).new_page()
        upload(page, slow_pdf)
        expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")
        assert page.locator(FINISHED).count() == 0, "live, not after the end"
        page.wait_for_selector(FINISHED, timeout=90_000)
        expect(page.locator(".page.completed")).to_have_count(SLOW_PAGES)
        assert proxy.refused
        page.context.close()


def test_a_page_far_down_is_fetched_when_it_is_looked_at(page, slow_pdf):
    upload(page, slow_pdf)
    page.wait_for_selector(FINISHED, timeout=60_000)
    page.reload()
    far = page.locator("#page-40 .mmd")
    assert far.count() == 0
    page.locator("#rail").get_by_label("Page 40").click()
    expect(far).to_contain_text("topic 40 and free")
    expect(far).to_be_in_viewport()


def test_cancelling_stops_and_continuing_reads_the_rest(page, slow_pdf):
    upload(page, slow_pdf)
    page.wait_for_selector(".page.completed")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The conversion was cancelled", exact=True)).to_be_visible()
    assert 0 < pages_done(page) < SLOW_PAGES
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector(FINISHED, timeout=60_000)
    expect(page.locator(".page.completed")).to_have_count(SLOW_PAGES)


def test_a_page_that_failed_is_read_again_alone(page, tmp_path):
    broken = pdfs.with_pages(*[prose(number) for number in (1, 2, 3)])
    (tmp_path / "broken.pdf").write_bytes(
        broken.replace(b"6 0 obj\n<</Type/Page/", b"6 0 obj\n<</Type/None/")
    )
    upload(page, tmp_path / "broken.pdf")
    page.wait_for_selector(FINISHED)
    failed, fine = page.locator("#page-3"), page.locator("#page-1")
    expect(failed.get_by_role("heading", name="This page could not be read")).to_be_visible()
    editions = [each.get_attribute("data-edition") for each in (failed, fine)]
    failed.get_by_role("button", name="Read this page again").click()
    expect(failed).not_to_have_attribute("data-edition", editions[0])
    expect(failed.get_by_role("heading", name="This page could not be read")).to_be_visible()
    expect(fine).to_have_attribute("data-edition", editions[1])
    expect(fine.locator(".mmd")).to_contain_text("topic 1 and free")
    fine.get_by_role("button", name="Read this page again").click()
    expect(fine).not_to_have_attribute("data-edition", editions[1])
    expect(fine.locator(".mmd")).to_contain_text("topic 1 and free")


def test_the_markdown_source_is_one_key_away(page, short_pdf):
    upload(page, short_pdf)
    page.wait_for_selector(FINISHED)
    source = page.locator("#page-1-source")
    expect(source).to_be_hidden()
    page.keyboard.press("s")
    expect(source).to_be_visible()
    expect(page.locator("#page-1 .mmd")).to_be_hidden()


def test_j_and_k_go_from_page_to_page(page, short_pdf):
    upload(page, short_pdf)
    page.wait_for_selector(FINISHED)
    page.keyboard.press("j")
    expect(page.locator("#page-2-title")).to_be_in_viewport()
    expect(page.locator('#rail a[href="#page-2"]')).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(page.locator("#page-1-title")).to_be_in_viewport()


def search(page: Page, question: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_be_visible()


def test_a_search_hit_leads_to_its_words(page, short_pdf):
    upload(page, short_pdf)
    page.wait_for_selector(FINISHED)
    search(page, "topic 3 and")
    page.locator(".hit").first.click()
    expect(page.locator("#page-3")).to_be_in_viewport()
    expect(page.locator("#page-3 .mmd").get_by_text("topic 3 and free")).to_be_in_viewport()
    assert page.evaluate(MARKED) == "topic"


def test_a_search_hit_far_down_stays_in_sight_while_pages_above_it_fill_in(page, slow_pdf):
    upload(page, slow_pdf)
    page.wait_for_selector(FINISHED, timeout=60_000)
    search(page, '"free of rank 40"')
    page.locator(".hit").first.click()
    expect(page.locator("#page-40 .mmd").get_by_text("free of rank 40.")).to_be_in_viewport()
    page.wait_for_timeout(500)
    expect(page.locator("#page-40 .mmd").get_by_text("free of rank 40.")).to_be_in_viewport()


def test_a_formula_that_was_found_is_shown_as_mathematics_and_marked(page):
    upload(page, SAMPLE)
    page.wait_for_selector(FINISHED)
    search(page, r"\sum_{n \neq 0}")
    assert page.locator(".hit mark math").count() >= 1
    page.locator(".hit").first.click()
    expect(page.locator("#page-2 math.found")).to_be_in_viewport()


def test_formulas_that_are_too_wide_are_set_smaller(page):
    upload(page, SAMPLE)
    page.wait_for_selector(FINISHED)
    wide = page.locator("#page-1 .math-block").nth(2)
    expect(wide).to_have_attribute("style", re.compile("font-size"))
    assert wide.evaluate("block => block.scrollWidth <= block.clientWidth")
    page.get_by_role("button", name="Result").click()
    expect(wide).to_have_attribute("style", "", timeout=2000)


def test_the_time_goes_on_between_two_pages(page, slow_pdf):
    page.route_web_socket("**/ws/**", lambda socket: None)
    page.route("**/changes", lambda route: route.abort())
    upload(page, slow_pdf)
    clock = page.locator("#progress [data-clock=up]")
    expect(clock).to_have_text("2 s")
    expect(clock).to_have_text("3 s")


def test_the_call_for_curl_can_be_copied(browser, short_pdf):
    context = browser(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    upload(page, short_pdf)
    page.wait_for_selector(FINISHED)
    page.get_by_label("More").click()
    page.get_by_text("Show as curl").click()
    page.locator(".call").get_by_role("button", name="Copy", exact=True).click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "short.pdf" in copied and "/v3/pdf" in copied


def test_a_second_window_notices_that_reading_goes_on(page, slow_pdf):
    upload(page, slow_pdf)
    page.wait_for_selector(".page.completed")
    page.get_by_role("button", name="Cancel").click()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("button", name="Continue")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector("#document[data-live]")
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.locator(FINISHED)).to_contain_text(f"{SLOW_PAGES} pages", timeout=60_000)
