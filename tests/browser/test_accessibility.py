"""axe finds nothing serious, in light and dark, and nothing sticks out of a phone's screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import pdfs
from tests.browser.conftest import AXE
from tests.engine import drawn

SERIOUS = ("serious", "critical")
# of all that axe looks at, only colours depend on the scheme: in the dark it looks at nothing else
LOOKS = {"light": "axe.run()", "dark": 'axe.run({runOnly: ["color-contrast"]})'}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def complaints(page: Page) -> list[str]:
    """Of the page as it is, in the light and then in the dark."""
    if not AXE.exists():
        pytest.skip("install axe-core (npm ci)")
    page.evaluate(AXE.read_text())
    found = []
    for scheme, look in LOOKS.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        serious = [each for each in page.evaluate(look)["violations"] if each["impact"] in SERIOUS]
        found += [f"{scheme}: {each['id']}: {each['nodes'][0]['html']}" for each in serious]
    page.emulate_media(color_scheme="light")
    return found


PAGES = [
    "/",
    "/?look=grid",
    "/?look=list",
    "/?q=topic",
    "/?q=nothing-of-the-kind",
    "/trash",
    "/draw",
    "/usage",
    "/usage?period=7",
    "/operator",
    "/usage/documents?since=2020-01-01T00:00&until=2100-01-01T00:00",
    "/team/members",
    "/team/new",
    "/team/webhooks",
    "/team/webhooks/addresses",
    "/team/audit",
    "/api-keys",
    "/api-keys/limits",
    "/mathpix",
    "/account",
    "/account/second-factor",
    "/nothing-here",
]
OF_A_DOCUMENT = [
    "/about",
    "/contents",
    "/find?words=topic",
    "/shares",
    "/delete",
    "/pages/1",
    "/pages/1/edit",
    "/pages/1/versions",
    "/pages/1/lines",
]


def visit_document(page: Page, pdf) -> str:
    page.goto("/")
    page.set_input_files("#upload [name=file]", pdf)
    page.wait_for_url("**/documents/*")
    page.wait_for_selector("#progress[data-finished]")
    return urlsplit(page.url).path


@contextmanager
def addresses(page: Page, pdf, picture) -> Iterator[list[str]]:
    """Of every page that one can be led to; a document and two files that wait are made for it.

    The files are dropped at the end: whoever converts another one within a minute would be led to them.
    """
    document = visit_document(page, pdf)
    waiting = []
    for file in (pdf, picture):
        page.goto("/")
        page.get_by_label("Choose pages or crop first").check()
        page.set_input_files("#upload [name=file]", file)
        page.wait_for_url("**/prepare/*")
        waiting.append(urlsplit(page.url).path)
    yield [*PAGES, document, *(document + rest for rest in OF_A_DOCUMENT), *waiting]
    for address in waiting:
        page.goto(address)
        page.get_by_role("button", name="Drop").click()
        page.wait_for_url("**/")


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (300, 200), "white").save(tmp_path / "sheet.png")
    return tmp_path / "sheet.png"


def test_no_page_has_a_serious_barrier(browser, short_pdf, picture):
    page = browser(bypass_csp=True).new_page()
    found = {}
    with addresses(page, short_pdf, picture) as every:
        for address in every:
            page.goto(address)
            found[address] = complaints(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_the_page_of_api_keys_has_no_serious_barrier(browser):
    page = browser(bypass_csp=True).new_page()
    page.goto("/api-keys")
    page.get_by_label("Name").fill("Notebook script")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_role("heading", name="is ready").wait_for()
    page.locator(".key-list summary").first.click()
    assert complaints(page) == []


def test_an_open_menu_has_no_serious_barrier(browser, short_pdf):
    page = browser(bypass_csp=True).new_page()
    visit_document(page, short_pdf)
    page.get_by_text("Export").click()
    assert complaints(page) == []


def test_a_failure_has_no_serious_barrier(browser, tmp_path):
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(pdfs.encrypted())
    page = browser(bypass_csp=True).new_page()
    visit_document(page, locked)
    page.get_by_text("This file is locked").wait_for()
    assert complaints(page) == []


def test_signing_in_has_no_serious_barrier(chromium, server):
    with chromium.new_context(base_url=server.url, bypass_csp=True) as context:
        page = context.new_page()
        page.goto("/sign-in")
        assert complaints(page) == []


def test_nothing_sticks_out_of_a_phones_screen(browser, short_pdf, picture):
    page = browser(**PHONE).new_page()
    widths = {}
    with addresses(page, short_pdf, picture) as every:
        for address in every:
            page.goto(address)
            widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in widths.items() if width > PHONE["viewport"]["width"]} == {}


def test_the_tools_of_a_picture_stay_on_a_phones_screen(browser, tmp_path):
    drawn.page(["A line of words"]).save(tmp_path / "words.png")
    page = browser(**PHONE).new_page()
    visit_document(page, tmp_path / "words.png")
    page.get_by_role("link", name="Copy as…").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_the_list_of_places_opens_on_a_phone(browser):
    page = browser(**PHONE, bypass_csp=True).new_page()
    page.goto("/")
    page.get_by_role("button", name="Workspace").click()
    expect(page.get_by_role("link", name="Members")).to_be_visible()
    assert complaints(page) == []


def test_the_first_key_leads_past_the_header(page):
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
