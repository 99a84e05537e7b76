"""Who reads what the team sends in: the page where that is chosen, and the header that says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mathpixweb.accounts import remote_accounts, sealing
from mathpixweb.accounts.models import Role
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import provider
from mathpixweb.documents.intake import intake
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import breaker, retrying
from tests import mathpix_server
from tests.mathpix_server import APP_ID, APP_KEY, MathpixServer
from tests.web.conftest import person

pytestmark = pytest.mark.django_db

CHOSEN = {"provider": "mathpix", "region": "server", "app_id": APP_ID, "key": APP_KEY}


@pytest.fixture
def remote(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MathpixServer]:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.01)
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        yield fake


def test_keys_are_tested_with_one_call_and_never_shown_again(browser_of, owner, team, remote):
    browser = browser_of(owner)
    answer = browser.post("/mathpix", CHOSEN, follow=True)
    assert "the test call succeeded" in answer.text
    assert len(remote.requests) == 1
    stored = RemoteAccount.objects.get(team=team)
    assert APP_KEY not in stored.app_key and remote_accounts.credentials(team).app_key == APP_KEY
    page = browser.get("/mathpix").text
    assert APP_KEY not in page and stored.app_key not in page and "stored, encrypted" in page


def test_wrong_keys_are_kept_and_said_to_be_wrong(browser_of, owner, team, remote):
    answer = browser_of(owner).post("/mathpix", {**CHOSEN, "key": "wrong"}, follow=True)
    assert "does not accept" in answer.text and "wrong" not in remote.url


@pytest.mark.parametrize("key", ["schlüssel", "a\nb", "a\x7f"])
def test_a_key_that_cannot_travel_is_refused_and_not_told(key, browser_of, owner, team, remote, settings):
    answer = browser_of(owner).post("/mathpix", {**CHOSEN, "key": key}).text
    assert "Enter a valid value" in answer and key not in answer
    assert not RemoteAccount.objects.exists() and not remote.requests
    settings.MATHPIX_APP_KEY = key
    with pytest.raises(ProviderError, match="characters that no key has"):
        provider.check(team)


def test_what_is_spent_while_the_page_is_saved_stays_spent(browser_of, owner, team, remote, monkeypatch):
    browser = browser_of(owner)
    browser.post("/mathpix", CHOSEN)
    seal = sealing.seal

    def spend_meanwhile(key: str) -> str:
        remote_accounts.spend(team, 7)
        return seal(key)

    monkeypatch.setattr(sealing, "seal", spend_meanwhile)
    browser.post("/mathpix", CHOSEN)
    assert RemoteAccount.objects.get(team=team).pages_this_month == 7


def test_an_empty_key_keeps_the_one_that_is_there(browser_of, owner, team, remote):
    browser = browser_of(owner)
    browser.post("/mathpix", CHOSEN)
    browser.post("/mathpix", {**CHOSEN, "key": "", "page_budget": "9"})
    assert remote_accounts.credentials(team).app_key == APP_KEY
    assert RemoteAccount.objects.get(team=team).page_budget == 9


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_members_see_what_leaves_but_choose_nothing(browser_of, team, role, remote):
    browser = browser_of(person("someone@example.org", team, role))
    answers = [
        browser.get("/mathpix"),
        *(browser.post(f"/mathpix{end}", CHOSEN) for end in ("", "/test", "/forget")),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert not RemoteAccount.objects.exists() and not remote.requests
    assert "Nothing leaves this server" in browser.get("/").text


def test_the_header_says_when_something_leaves(browser_of, owner, team, remote):
    browser = browser_of(owner)
    assert "Nothing leaves this server" in browser.get("/").text
    browser.post("/mathpix", CHOSEN)
    assert "leaves this server: Mathpix reads it" in browser.get("/").text
    browser.post("/mathpix", {**CHOSEN, "provider": "local"})
    assert "Everything is read here" in browser.get("/").text
    browser.post("/mathpix", {**CHOSEN, "provider": "local", "second_reading_below": "60"})
    assert "hard to read here are sent to Mathpix" in browser.get("/").text
    browser.post("/mathpix/forget")
    assert "Nothing leaves this server" in browser.get("/").text
    assert provider.chosen(team) == "local"


def test_rules_that_exclude_each_other_are_refused_with_a_reason(browser_of, owner, remote):
    browser = browser_of(owner)
    both = browser.post("/mathpix", {**CHOSEN, "nothing_leaves": "on"}).text
    assert "cannot read what does not leave" in both
    assert "Only the region European Union" in browser.post("/mathpix", {**CHOSEN, "eu_only": "on"}).text
    assert "Without the account" in browser.post("/mathpix", {**CHOSEN, "key": ""}).text
    assert not RemoteAccount.objects.exists() and not remote.requests


def test_when_nothing_may_leave_the_local_engine_reads_and_no_call_is_made(settings, team, remote):
    RemoteAccount.objects.create(team=team, provider="mathpix", region="server")
    settings.MATHPIX_APP_KEY = APP_KEY
    assert provider.chosen(team) == "mathpix"
    settings.EGRESS = False
    assert provider.chosen(team) == "local"
    with pytest.raises(ProviderError, match="Nothing may leave"):
        provider.check(team)
    assert not remote.requests


def test_europe_is_reached_at_its_own_address(team):
    RemoteAccount.objects.create(team=team, region="eu", eu_only=True, app_key="")
    assert provider.base_url("eu") == "https://eu-central-1.api.mathpix.com"


def test_another_teams_account_is_never_used(team, outsider, remote):
    RemoteAccount.objects.create(team=team, provider="mathpix", region="server", app_key="x")
    other = outsider.teams.get()
    assert provider.chosen(other) == "local"
    with pytest.raises(ProviderError, match="no Mathpix account"):
        provider.check(other)


def test_intake_takes_the_teams_reader(team, owner, remote, settings):
    settings.ALLOW_PRIVATE_FETCH = ["127.0.0.1"]
    RemoteAccount.objects.create(team=team, provider="mathpix", region="server", app_key="x")
    url = "https://example.org/notes.pdf"
    assert intake.submit_url(team, url, endpoint="/v3/pdf", options={}).provider == "mathpix"
    assert intake.submit_url(team, url, endpoint="/v3/pdf", options={}, reader="local").provider == "local"
