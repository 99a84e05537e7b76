"""What somebody sees who has just started the server and has nothing yet."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.server import run_inside

NEWCOMER = """
from mathpixweb.accounts.models import Membership, Role, Team, User
user = User.objects.create_user("newcomer@example.org", "a long password")
Membership.objects.create(team=Team.objects.create(name="New"), user=user, role=Role.OWNER)
"""


@pytest.fixture(scope="module")
def newcomer(live_server_process):
    run_inside(live_server_process, NEWCOMER)
    return "newcomer@example.org"


@pytest.mark.parametrize("scripts", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_an_empty_library_leads_to_a_sample_and_its_pages(chromium, server, newcomer, scripts):
    with chromium.new_context(base_url=server.url, java_script_enabled=scripts) as context:
        page = context.new_page()
        sign_in(page, newcomer, "a long password")
        if page.locator(".row").count():
            page.locator(".row-name").click()
            page.get_by_label("More").click()
            page.get_by_text("Delete…").click()
            page.get_by_role("button", name="Move to the trash").click()
        page.get_by_role("button", name="A paper as PDF").click()
        page.wait_for_url("**/documents/*")
        expect(page.locator("#page-3 .mmd")).to_contain_text("A discrete ring", timeout=30_000)


def test_the_owner_makes_a_key_and_it_opens_the_api(page, server):
    page.goto("/")
    page.get_by_label("Account and team").click()
    page.get_by_role("link", name="API keys").click()
    page.get_by_label("Name").fill("Notebook script")
    page.get_by_role("button", name="Make a key").click()
    secret = page.locator("#app-key").inner_text()
    answer = page.request.get(f"{server.url}/v3/pdf-results", headers={"app_key": secret})
    assert answer.status == 200
    page.locator(".key-list li").filter(has_text="Notebook script").locator("summary").first.click()
    page.get_by_role("button", name="Revoke Notebook script").first.click()
    expect(page.get_by_text("was revoked")).to_be_visible()
    answer = page.request.get(f"{server.url}/v3/pdf-results", headers={"app_key": secret})
    assert answer.status == 401
