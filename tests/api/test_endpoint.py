"""Which credentials open an address: keys always, app tokens where they are taken."""

from __future__ import annotations

import json

import pytest
from django.test import RequestFactory

from mathpixweb.accounts import app_tokens, keys
from mathpixweb.accounts.models import Team
from mathpixweb.api.endpoint import ApiRequest, endpoint


@endpoint("GET", takes_tokens=True)
def open_to_tokens(request: ApiRequest):
    token = request.app_token
    return {"team": request.team.name, "session": token.strokes_session_id if token else None}


@endpoint("GET", takes_tokens=True)
async def open_to_tokens_async(request: ApiRequest):
    return {"team": request.team.name, "token": request.app_token is not None}


@endpoint("GET")
def closed_to_tokens(request: ApiRequest):
    return {"team": request.team.name}


@pytest.fixture
def key(db):
    return keys.issue(Team.objects.create(name="Analysis"), "a key")


def call(view, **headers):
    response = view(RequestFactory().get("/", headers={k.replace("_", "-"): v for k, v in headers.items()}))
    return response.status_code, json.loads(response.content)


def test_a_token_opens_an_address_that_takes_tokens(key):
    token, secret = app_tokens.issue(key[0], 60, with_strokes_session=True)
    answer = {"team": "Analysis", "session": token.strokes_session_id}
    assert call(open_to_tokens, app_token=secret) == (200, answer)


def test_there_a_key_opens_too(key):
    assert call(open_to_tokens, app_key=key[1]) == (200, {"team": "Analysis", "session": None})


def test_beside_a_key_a_token_does_not_count(key):
    _, secret = app_tokens.issue(key[0], 60)
    assert call(open_to_tokens, app_key=key[1], app_token=secret)[1]["session"] is None
    assert call(closed_to_tokens, app_key=key[1], app_token=secret) == (200, {"team": "Analysis"})


def test_elsewhere_a_token_is_refused_by_name(key):
    _, secret = app_tokens.issue(key[0], 60)
    status, answer = call(closed_to_tokens, app_token=secret)
    assert (status, answer["error_info"]["id"]) == (200, "unauthorized_token_request")


def test_nothing_opens_without_credentials(db):
    for view in (open_to_tokens, closed_to_tokens):
        assert call(view)[0] == 401


@pytest.mark.django_db(transaction=True)
async def test_async_addresses_take_tokens_as_well():
    team = await Team.objects.acreate(name="Analysis")
    key = await team.api_keys.acreate(name="a key", app_id="a", key_hash="h", key_start="h")
    token = await key.app_tokens.acreate(
        token_hash=keys.fingerprint("token_x"), expires_at="2999-01-01T00:00Z"
    )
    assert token.pk
    response = await open_to_tokens_async(RequestFactory().get("/", headers={"app-token": "token_x"}))
    assert json.loads(response.content) == {"team": "Analysis", "token": True}
