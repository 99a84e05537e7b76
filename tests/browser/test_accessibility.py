"""axe finds nothing serious, in light and dark, and nothing sticks out of a phone's screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests import pdfs
from tests.browser.conftest import AXE

SERIOUS = ("serious", "critical")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def complaints(page: Page) -> list[str]:
    if not AXE.exists():
        pytest.skip("install axe-core (npm ci)")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in SERIOUS]


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


def visit(page: Page, place: str, short_pdf) -> None:
    if place in ("/", "/?q=topic", "/api-keys", "/nothing-here"):
        page.goto(place)
        return
    page.goto("/")
    page.set_input_files("#upload [name=file]", place if place != "document" else short_pdf)
    page.wait_for_url("**/documents/*")
    page.wait_for_selector("#progress[data-finished]")


@pytest.mark.parametrize("place", ["/", "/?q=topic", "/nothing-here", "document"])
def test_pages_have_no_serious_barrier(browser, short_pdf, place, scheme):
    page = browser(color_scheme=scheme, bypass_csp=True).new_page()
    visit(page, place, short_pdf)
    assert complaints(page) == []


def test_the_page_of_api_keys_has_no_serious_barrier(browser, scheme):
    page = browser(color_scheme=scheme, bypass_csp=True).new_page()
    page.goto("/api-keys")
    page.get_by_label("Name").fill("Notebook script")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_role("heading", name="is ready").wait_for()
    page.locator(".key-list summary").first.click()
    assert complaints(page) == []


def test_an_open_menu_has_no_serious_barrier(browser, short_pdf, scheme):
    page = browser(color_scheme=scheme, bypass_csp=True).new_page()
    visit(page, "document", short_pdf)
    page.get_by_text("Export").click()
    assert complaints(page) == []


def test_a_failure_has_no_serious_barrier(browser, tmp_path, scheme):
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(pdfs.encrypted())
    page = browser(color_scheme=scheme, bypass_csp=True).new_page()
    visit(page, str(locked), None)
    page.get_by_text("This file is locked").wait_for()
    assert complaints(page) == []


def test_signing_in_has_no_serious_barrier(chromium, server, scheme):
    with chromium.new_context(base_url=server.url, color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        page.goto("/sign-in")
        assert complaints(page) == []


@pytest.mark.parametrize("place", ["/", "/?q=topic", "/api-keys", "document"])
def test_nothing_sticks_out_of_a_phones_screen(browser, short_pdf, place):
    page = browser(**PHONE).new_page()
    visit(page, place, short_pdf)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_the_first_key_leads_past_the_header(page):
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
