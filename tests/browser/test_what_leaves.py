"""What leaves this server is said on every page, and shut by one box."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.test_reading import FINISHED, upload

PAGE_BY_MATHPIX = "Read this page again with Mathpix"


@pytest.fixture
def owner_of_another_team(chromium, server, outsider):
    with chromium.new_context(base_url=server.url) as context:
        page = context.new_page()
        sign_in(page, outsider, "a long password")
        yield page


def test_one_box_keeps_everything_here_and_the_header_says_so(owner_of_another_team, short_pdf):
    page = owner_of_another_team
    header = page.locator(".egress")
    expect(header).to_contain_text("Nothing leaves this server")
    header.click()
    page.get_by_label("app_id").fill("an_account")
    page.get_by_label("app_key").fill("its secret")
    page.get_by_role("button", name="Save and test").click()
    expect(header).to_contain_text("only when someone has it read by Mathpix", timeout=60_000)
    upload(page, short_pdf)
    page.wait_for_selector(FINISHED)
    expect(page.locator("#page-1").get_by_role("button", name=PAGE_BY_MATHPIX)).to_be_visible()
    document = page.url
    header.click()
    page.get_by_label("Nothing leaves this server").check()
    page.get_by_role("button", name="Save and test").click()
    expect(header).to_contain_text("Nothing leaves this server")
    page.goto(document)
    expect(page.locator("#page-1").get_by_role("button", name="Read this page again")).to_be_visible()
    expect(page.get_by_role("button", name=PAGE_BY_MATHPIX)).to_have_count(0)
