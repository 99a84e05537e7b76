"""App tokens in the reference's two configurations: this server's own, or Mathpix's handed through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import AppToken
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.providers.mathpix import breaker
from tests import mathpix_server
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer
from tests.wire.conftest import Caller


@pytest.fixture
def remote(settings: Any) -> Iterator[MathpixServer]:
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        yield fake


@pytest.fixture
def account(owner: Caller, remote: MathpixServer) -> RemoteAccount:
    return RemoteAccount.objects.create(
        team=owner.team,
        provider="mathpix",
        region="server",
        app_id=APP_ID,
        app_key=sealing.seal(APP_KEY),
        direct_tokens=True,
    )


async def test_a_team_that_wants_it_gets_mathpixs_token_and_where_it_is_taken(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    asked = {"expires": 60, "user_id": "u1", "some_new_option": 1}
    answer = (await http.post("/v3/app-tokens", json=asked, headers=owner.headers)).json()
    assert answer["app_token"].startswith("token_") and answer["api_url"] == remote.url
    assert remote.requests[0].options == asked
    assert APP_KEY not in str(answer) and APP_ID not in str(answer)
    assert not await AppToken.objects.aexists()


async def test_otherwise_the_token_is_this_servers(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    for change in ({"direct_tokens": False}, {"direct_tokens": True, "nothing_leaves": True}):
        await sync_to_async(RemoteAccount.objects.filter(pk=account.pk).update)(**change)
        answer = (await http.post("/v3/app-tokens", headers=owner.headers)).json()
        assert "api_url" not in answer
    assert not remote.requests and await AppToken.objects.acount() == 2


async def test_a_handed_through_token_is_shown_without_the_accounts_ids(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    told = (
        b'{"app_token": "token_x", "app_id": "%s", "group_id": "theirs", "user_id": "u1"}' % APP_ID.encode()
    )
    remote.fail("GET /v3/app-tokens/token_x", Fault(200, told))
    shown = (await http.get("/v3/app-tokens/token_x", headers=owner.headers)).json()
    assert owner.key is not None
    assert shown["user_id"] == "u1" and shown["app_id"] == owner.key.app_id and "theirs" not in str(shown)
    unknown = (await http.get("/v3/app-tokens/token_y", headers=owner.headers)).json()
    assert unknown["error_info"]["id"] == "token_unknown"


async def test_trouble_there_never_calls_the_callers_key_wrong(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    remote.app_key = "renewed"
    answer = await http.post("/v3/app-tokens", headers=owner.headers)
    assert answer.status_code == 200 and answer.json()["error_info"]["id"] == "sys_exception"
