"""The page on which owners and administrators make and revoke the team's API keys."""

from __future__ import annotations

import pytest
from django.utils.html import escape

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import ApiKey, Role
from tests.web.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(team):
    return keys.issue(team, "Notebook script")[0]


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_a_new_keys_secret_is_shown_once(browser_of, team, role):
    browser = browser_of(person("boss@example.org", team, role))
    answer = browser.post("/api-keys", {"name": "Notebook script"})
    made = ApiKey.objects.get()
    secret = answer.context["secret"]
    assert secret in answer.text
    assert escape(f"app_id={made.app_id!r}, app_key={secret!r}") in answer.text
    assert keys.find(secret, made.app_id) == made
    assert "no-store" in answer["Cache-Control"]
    later = browser.get("/api-keys").text
    assert secret not in later
    assert made.app_id in later and secret[:6] in later and "Last used just now" in later


def test_a_key_needs_a_name(browser_of, owner):
    assert "This field is required" in browser_of(owner).post("/api-keys", {"name": " "}).text
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing_any_more(browser_of, owner, team):
    key, secret = keys.issue(team, "Notebook script")
    browser = browser_of(owner)
    assert browser.post(f"/api-keys/{key.pk}/revoke").url == "/api-keys"
    assert keys.find(secret) is None
    assert key.app_id not in browser.get("/api-keys").text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_who_does_not_administer_the_team_neither_sees_nor_makes_nor_revokes_keys(
    browser_of, team, key, role
):
    browser = browser_of(person("someone@example.org", team, role))
    answers = [
        browser.get("/api-keys"),
        browser.post("/api-keys", {"name": "Mine"}),
        browser.post(f"/api-keys/{key.pk}/revoke"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all(key.app_id not in answer.text for answer in answers)
    assert list(ApiKey.objects.values_list("name", "revoked_at")) == [("Notebook script", None)]
    assert "/api-keys" not in browser.get("/").text


def test_to_an_outsider_the_teams_keys_do_not_exist(browser_of, outsider, key):
    browser = browser_of(outsider)
    assert key.app_id not in browser.get("/api-keys").text
    assert browser.post(f"/api-keys/{key.pk}/revoke").status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_a_stranger_must_sign_in(client, key):
    assert client.get("/api-keys").url == "/sign-in?next=/api-keys"
    assert client.post(f"/api-keys/{key.pk}/revoke").url.startswith("/sign-in?")


def test_keys_are_neither_made_nor_revoked_without_the_forms_token(client, owner, key):
    client.handler.enforce_csrf_checks = True
    client.force_login(owner)
    assert client.post("/api-keys", {"name": "Theirs"}).status_code == 403
    assert client.post(f"/api-keys/{key.pk}/revoke").status_code == 403
    assert ApiKey.objects.get().revoked_at is None
