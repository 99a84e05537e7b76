"""A team in the browser: invited, given a role, refused; a key made, used, charted, its bar followed."""

from __future__ import annotations

import re
import runpy

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AXE
from tests.browser.test_accessibility import PHONE, complaints

PAGES = ("/team/members", "/usage?period=30", "/team/audit", "/team/webhooks", "/operator", "/account")


def invited(page, role: str) -> str:
    page.goto("/team/members")
    page.get_by_label("Role", exact=True).select_option(role)
    page.get_by_role("button", name="Make the link").click()
    return page.locator("#invitation-link").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_person_is_invited_given_a_role_and_refused_what_it_does_not_allow(
    browser, chromium, server, scripts
):
    owner = browser(java_script_enabled=scripts).new_page()
    link = invited(owner, "viewer")
    email = f"nina-{scripts}@example.org"
    with chromium.new_context(base_url=server.url, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(link)
        page.get_by_label("Your name").fill("Nina New")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill("a very long one")
        page.get_by_role("button", name="Join the team").click()
        page.wait_for_url("**/")
        expect(page.get_by_text("Choose files")).to_have_count(0)
        assert page.goto("/usage").status == 403
        expect(page.get_by_role("heading", name="You may not do this")).to_be_visible()
        owner.goto("/team/members")
        row = owner.locator(".people li").filter(has_text=email)
        row.get_by_role("combobox").select_option("admin")
        row.get_by_role("button", name="Change").click()
        expect(owner.get_by_text("Nina New is now Admin.")).to_be_visible()
        assert page.goto("/usage").status == 200
        row.get_by_text("Remove…").click()
        row.get_by_role("button", name="Remove Nina New").click()
        assert page.goto("/usage").status == 403


def test_a_keys_work_is_seen_in_the_chart_and_the_bar_leads_to_its_document(
    page, short_pdf, tmp_path, monkeypatch, capsys
):
    page.goto("/api-keys")
    page.get_by_label("Name").fill("Charted script")
    page.get_by_role("button", name="Make a key").click()
    shown = tmp_path / "shown.py"
    shown.write_text(page.locator("#key-python").inner_text().replace("notes.pdf", "charted.pdf"), "utf-8")
    short_pdf.rename(tmp_path / "charted.pdf")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(shown))
    assert "topic 3 and free" in capsys.readouterr().out
    page.goto("/usage?period=7")
    bar = page.locator(".bars a").filter(has_text="Charted script")
    expect(bar.locator(".bar-total")).to_have_text("3")
    column = page.locator("#chart-usage a.column").last
    expect(column).to_have_attribute("aria-label", re.compile(r"PDF pages"))
    column.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ \w+ \d{4}$"))
    expect(page.locator(".row-name").filter(has_text="charted.pdf")).to_be_visible()
    page.go_back()
    bar.click()
    page.locator(".row-name").filter(has_text="charted.pdf").click()
    expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")


@pytest.mark.skipif(not AXE.exists(), reason="install axe-core (npm ci)")
def test_pages_of_the_team_have_no_serious_barrier(browser):
    page = browser(bypass_csp=True).new_page()
    found = {}
    for place in PAGES:
        page.goto(place)
        page.evaluate(
            "document.querySelectorAll('main details:not(.menu)').forEach((each) => (each.open = true))"
        )
        found[place] = complaints(page)
    assert found == {place: [] for place in PAGES}


def test_nothing_of_the_team_sticks_out_of_a_phones_screen(browser):
    page = browser(**PHONE).new_page()
    for place in PAGES:
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"], place
