"""The official SDK makes, shows and deletes app tokens, on the real server."""

from __future__ import annotations

import time

import pytest
from mpxpy.mathpix_client import MathpixClient

from tests.asking import HTTP


@pytest.fixture(scope="module")
def client(live_server_process) -> MathpixClient:
    server = live_server_process
    return MathpixClient(app_id=server.app_id, app_key=server.app_key, api_url=server.url)


def test_a_token_with_a_session_is_what_the_sdk_documents(client):
    token = client.app_token_new(expires=60, include_strokes_session_id=True, user_id="u1")
    assert token["app_token"].startswith("token_")
    assert token["strokes_session_id"].startswith("strokes_")
    assert 0 < token["app_token_expires_at"] / 1000 - time.time() <= 60
    shown = client.app_token_get(token["app_token"])
    assert shown["app_token_expires_at"] == token["app_token_expires_at"]
    assert (shown["app_id"], shown["user_id"]) == (client.auth.app_id, "u1")
    assert shown["group_id"]


def test_a_deleted_token_is_unknown(client, live_server_process):
    token = client.app_token_new()["app_token"]
    assert client.app_token_delete(token)["app_token"] == token
    assert client.app_token_get(token)["error_info"]["id"] == "token_unknown"
    answer = HTTP.post(f"{live_server_process.url}/v3/pdf", headers={"app_token": token})
    assert answer.status_code == 401


def test_a_token_may_not_send_documents(client, live_server_process):
    headers = {"app_token": client.app_token_new()["app_token"]}
    body = {"url": "https://example.com/a.pdf"}
    answer = HTTP.post(f"{live_server_process.url}/v3/pdf", headers=headers, json=body)
    assert answer.json()["error_info"]["id"] == "unauthorized_token_request"
