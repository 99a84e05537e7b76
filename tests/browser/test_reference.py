"""The page that describes the API: read, tried with a key, on a phone, without barriers."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.browser.test_accessibility import PHONE, complaints


def test_a_call_is_tried_with_a_key(browser, server):
    page = browser().new_page()
    page.goto("/api-keys")
    page.get_by_role("link", name="All calls of the API").click()
    page.get_by_label("API key").fill(server.app_key)
    entry = page.locator("#post-converter-submit")
    entry.locator("summary").click()
    entry.get_by_role("button", name="Try").click()
    answer = entry.locator("[data-answer]")
    expect(answer).to_contain_text("conversion_id")
    status, body = answer.inner_text().split("\n", 1)
    assert status == "HTTP 200"
    status_of = page.locator("#get-converter")
    status_of.locator("summary").click()
    status_of.get_by_label("conversion_id").fill(json.loads(body)["conversion_id"])
    status_of.get_by_role("button", name="Try").click()
    expect(status_of.locator("[data-answer]")).to_contain_text('"md"')


def test_a_wrong_key_is_told(browser):
    page = browser().new_page()
    page.goto("/v3/reference")
    page.get_by_label("API key").fill("wrong")
    entry = page.locator("#get-ocr-usage")
    entry.locator("summary").click()
    entry.get_by_role("button", name="Try").click()
    expect(entry.locator("[data-answer]")).to_contain_text("HTTP 401")


def test_the_reference_has_no_serious_barrier_and_fits_a_phone(browser):
    page = browser(bypass_csp=True, **PHONE).new_page()
    page.goto("/v3/reference")
    page.locator("#post-text summary").click()
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
