from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mathpixweb.accounts import app_tokens, keys
from mathpixweb.accounts.models import AppToken, Team


@pytest.fixture
def team(db):
    return Team.objects.create(name="Analysis")


@pytest.fixture
def key(team):
    return keys.issue(team, "a key")[0]


def end(token: AppToken, ago: timedelta) -> None:
    AppToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - ago)


def test_a_token_leads_to_its_key(key):
    token, secret = app_tokens.issue(key, 60, user_id="u1")
    found = app_tokens.find(secret)
    assert found == token
    assert (found.api_key, found.user_id) == (key, "u1")
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_every_token_is_different(key):
    assert len({app_tokens.issue(key, 60)[1] for _ in range(20)}) == 20


def test_an_ended_token_leads_nowhere(key):
    token, secret = app_tokens.issue(key, 60)
    end(token, timedelta(milliseconds=1))
    assert app_tokens.find(secret) is None


def test_a_revoked_token_leads_nowhere(key, team):
    token, secret = app_tokens.issue(key, 60)
    app_tokens.revoke(token)
    assert app_tokens.find(secret) is None
    assert app_tokens.of_team(team, secret) is None


def test_a_revoked_key_takes_its_tokens_along(key):
    _, secret = app_tokens.issue(key, 60)
    keys.revoke(key)
    assert app_tokens.find(secret) is None


def test_tokens_that_ended_long_ago_are_forgotten(key):
    old, recent = app_tokens.issue(key, 60)[0], app_tokens.issue(key, 60)[0]
    end(old, app_tokens.KEPT + timedelta(seconds=1))
    end(recent, timedelta(hours=1))
    fresh, _ = app_tokens.issue(key, 60)
    assert set(AppToken.objects.all()) == {recent, fresh}
