"""`/v3/app-tokens`: issued, shown and revoked by keys; known to their team only."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from mathpixweb.accounts import app_tokens, keys
from mathpixweb.accounts.models import AppToken, UsageEvent
from tests.wire.routes import OPEN, SIGNED, routes
from tests.wire.test_credentials import IDS, METHOD, READING, UNAUTHORIZED

TOKEN = re.compile(r"token_[0-9a-f]{32}")
SESSION = re.compile(r"strokes_[0-9a-f]{32}")
UNKNOWN = {
    "error": "Unknown app token",
    "error_info": {"id": "token_unknown", "message": "Unknown app token"},
}
MADE_UP = "token_00112233445566778899aabbccddeeff"
REFUSED = "unauthorized_token_request"


@pytest.fixture
def issue(http, owner):
    async def post(body=None, by=owner):
        response = await http.post("/v3/app-tokens", headers=by.headers, json=body)
        assert response.status_code == 200
        return response.json()

    return post


@pytest.fixture
def token(owner):
    """Makes a token of the owner's key."""

    @sync_to_async
    def make(**fields) -> str:
        issued, secret = app_tokens.issue(owner.key, 300)
        AppToken.objects.filter(pk=issued.pk).update(**fields)
        return secret

    return make


def seconds_left(answer) -> float:
    return answer["app_token_expires_at"] / 1000 - time.time()


async def test_an_empty_request_gives_a_token_for_five_minutes(http, owner):
    response = await http.post("/v3/app-tokens", headers={"app_key": owner.headers["app_key"]})
    answer = response.json()
    assert answer.keys() == {"app_token", "app_token_expires_at"}
    assert TOKEN.fullmatch(answer["app_token"])
    assert isinstance(answer["app_token_expires_at"], int)
    assert 295 < seconds_left(answer) <= 300


@pytest.mark.parametrize(
    ("expires", "seconds"), [(30, 30), (43200, 43200), ("60", 60), (30.5, 30.5), (None, 300)]
)
async def test_a_token_lasts_as_long_as_was_asked(issue, expires, seconds):
    assert seconds - 5 < seconds_left(await issue({"expires": expires})) <= seconds


async def test_a_session_comes_when_asked_for(issue):
    answer = await issue({"include_strokes_session_id": True, "user_id": "u1", "expires": 300})
    assert SESSION.fullmatch(answer["strokes_session_id"])
    stored = await AppToken.objects.aget()
    assert stored.strokes_session_id == answer["strokes_session_id"]
    assert "strokes_session_id" not in await issue({"include_strokes_session_id": "false"})


@pytest.mark.parametrize(
    ("body", "error_id", "name"),
    [
        ({"expires": 29}, "opts_value_out_of_range", "expires"),
        ({"expires": 43201}, "opts_value_out_of_range", "expires"),
        ({"expires": "soon"}, "opts_number_required", "expires"),
        ({"expires": True}, "opts_number_required", "expires"),
        ({"expires": 301, "include_strokes_session_id": True}, "opts_value_out_of_range", "expires"),
        ({"include_strokes_session_id": "perhaps"}, "opts_value_out_of_range", "include_strokes_session_id"),
        ({"user_id": {}}, "opts_value_out_of_range", "user_id"),
        ({"user_id": "x" * 256}, "opts_value_out_of_range", "user_id"),
    ],
)
async def test_senseless_wishes_are_refused(issue, body, error_id, name):
    error = (await issue(body))["error_info"]
    assert (error["id"], error["name"]) == (error_id, name)
    assert not await AppToken.objects.aexists()


async def test_a_token_is_shown_to_its_team(http, owner, issue):
    issued = await issue({"user_id": "u1"})
    response = await http.get(f"/v3/app-tokens/{issued['app_token']}", headers=owner.headers)
    assert response.json() == {
        **issued,
        "app_id": owner.key.app_id,
        "group_id": str(owner.team.group_id),
        "user_id": "u1",
    }


async def test_another_key_of_the_team_may_revoke_it(http, owner, issue):
    issued = await issue({"user_id": 7})
    _, secret = await sync_to_async(keys.issue)(owner.team, "second key")
    address = f"/v3/app-tokens/{issued['app_token']}"
    response = await http.delete(address, headers={"app_key": secret})
    assert response.json() == {
        "app_token": issued["app_token"],
        "app_id": owner.key.app_id,
        "group_id": str(owner.team.group_id),
        "user_id": "7",
    }
    for method in ("GET", "DELETE"):
        again = await http.request(method, address, headers=owner.headers)
        assert (again.status_code, again.json()) == (200, UNKNOWN)
    assert (await http.post("/v3/pdf", headers={"app_token": issued["app_token"]})).status_code == 401


@pytest.mark.parametrize("state", ["living", "ended", "revoked"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_foreign_token_is_answered_like_an_unknown_one(http, outsider, token, state, method):
    past = timezone.now() - timedelta(seconds=1)
    fields = {"living": {}, "ended": {"expires_at": past}, "revoked": {"revoked_at": past}}[state]
    secret = await token(**fields)
    before = await AppToken.objects.values().aget()
    said = [
        await http.request(method, f"/v3/app-tokens/{name}", headers=outsider.headers)
        for name in (secret, MADE_UP)
    ]
    assert (said[0].status_code, said[0].headers, said[0].content) == (
        said[1].status_code,
        said[1].headers,
        said[1].content,
    )
    assert said[0].status_code == 200
    assert await AppToken.objects.values().aget() == before


async def test_an_ended_token_is_unknown_to_its_owner(http, owner, token):
    secret = await token(expires_at=timezone.now() - timedelta(milliseconds=1))
    response = await http.get(f"/v3/app-tokens/{secret}", headers=owner.headers)
    assert response.json() == UNKNOWN


async def test_only_its_hash_is_kept(issue):
    issued = await issue()
    row = await AppToken.objects.values().aget()
    assert issued["app_token"] not in str(row)


async def test_issuing_tokens_is_not_counted_as_usage(issue):
    await issue()
    assert not await UsageEvent.objects.aexists()


ADDRESSES = sorted(
    {
        (METHOD.get(address, "GET"), address)
        for route in routes()
        if route.name not in OPEN | SIGNED
        for address in route.addresses(IDS)
    }
)


def _status_of_refusal(address):
    """What a download or a stream answers with HTTP 200 would be taken for the result."""
    if address.startswith("/files"):
        return 403
    return 401 if re.search(r"/v3/(pdf|converter)/\w+[./]", address) else 200


async def test_a_token_reaches_images_and_ink_only(http, token):
    headers = {"app_token": await token()}
    for method, address in ADDRESSES:
        response = await http.request(method, address, headers=headers)
        refused = response.json()["error_info"]["id"] == REFUSED
        expected = (_status_of_refusal(address), address not in READING)
        assert (response.status_code, refused) == expected, address


async def test_a_token_cannot_reach_documents_of_its_own_team(http, token, converted):
    document = await sync_to_async(converted)()
    headers = {"app_token": await token()}
    for method, rest in (("GET", ""), ("GET", ".mmd"), ("GET", "/stream"), ("DELETE", "")):
        response = await http.request(method, f"/v3/pdf/{document.public_id}{rest}", headers=headers)
        assert response.json()["error_info"]["id"] == REFUSED
    await document.arefresh_from_db()
    assert document.deleted_at is None


async def test_a_dead_token_is_no_credential_anywhere(http, owner, token):
    past = timezone.now() - timedelta(milliseconds=1)
    dead = [await token(expires_at=past), await token(revoked_at=past), MADE_UP, ""]
    living = await token()
    await sync_to_async(keys.revoke)(owner.key)
    for secret in (*dead, living):
        for method, address in (("POST", "/v3/pdf"), ("GET", "/v3/nothing"), ("POST", "/v3/app-tokens")):
            response = await http.request(method, address, headers={"app_token": secret})
            assert (response.status_code, response.json()["error_info"]) == (401, UNAUTHORIZED)


async def test_a_token_with_the_id_of_another_key_is_refused(http, owner, outsider, token):
    secret = await token()
    for app_id, status in ((owner.key.app_id, 200), (outsider.key.app_id, 401)):
        headers = {"app_token": secret, "app_id": app_id}
        assert (await http.post("/v3/pdf", headers=headers)).status_code == status


async def test_a_wrong_key_is_not_mended_by_a_token(http, token):
    headers = {"app_token": await token(), "app_key": "wrong"}
    assert (await http.post("/v3/pdf", headers=headers)).status_code == 401
