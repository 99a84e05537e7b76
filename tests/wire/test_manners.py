"""HEAD, OPTIONS and calls from pages of other origins."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

ORIGIN = "https://app.example.org"


@pytest.fixture
def ask(http, owner):
    async def send(method, address, key=True, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await http.request(method, address, headers={**(owner.headers if key else {}), **named})

    return send


@pytest.mark.parametrize("address", ["/v3/text", "/v3/pdf/x.mmd", "/files/v1/uri", "/v3/nothing"])
async def test_a_browser_may_ask_before_it_calls_without_a_key(ask, address):
    asked = {"origin": ORIGIN, "access_control_request_method": "POST"}
    answer = await ask("OPTIONS", address, key=False, **asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "app_token" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


async def test_answers_and_errors_can_be_read_by_pages_of_other_origins(ask, http):
    for key in (True, False):
        answer = await ask("GET", "/v3/pdf-results", key=key, origin=ORIGIN)
        assert answer.status_code == (200 if key else 401)
        assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in (await ask("GET", "/v3/pdf-results")).headers


async def test_pages_of_this_site_are_not_opened_to_others(ask):
    for address in ("/", "/sign-in", "/v3x", "/filesx"):
        answer = await ask("GET", address, origin=ORIGIN)
        assert "access-control-allow-origin" not in answer.headers


async def test_head_answers_as_get_does_without_the_body(ask, converted):
    document = await sync_to_async(converted)()
    for address in ("/v3/pdf-results", f"/v3/pdf/{document.public_id}.mmd", f"/v3/pdf/{document.public_id}"):
        got, headed = await ask("GET", address), await ask("HEAD", address)
        assert headed.status_code == got.status_code == 200
        assert headed.headers["content-type"] == got.headers["content-type"]
    stream = await ask("HEAD", f"/v3/pdf/{document.public_id}/stream")
    assert (stream.status_code, stream.content) == (200, b"")
    assert (await ask("HEAD", "/v3/pdf-results", key=False)).status_code == 401
    assert (await ask("HEAD", "/v3/app-tokens")).status_code == 405


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [("PUT", "/v3/pdf-results", "GET"), ("DELETE", "/v3/converter", "POST"), ("PATCH", "/files/v1", "POST")],
)
async def test_other_methods_are_refused_in_json_that_names_the_right_ones(ask, method, address, allowed):
    answer = await ask(method, address)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    info = answer.json()["error_info"]
    assert (info["id"], info["allowed"]) == ("http_method_not_allowed", [allowed])


@pytest.mark.parametrize(
    ("address", "status"),
    [("/v3/ocr-results?text=a%00b", 200), ("/files/v1/jobs/a%00b", 400), ("/files/v1/jobs/a/files/%00", 400)],
)
async def test_an_address_cannot_hold_what_no_database_takes(ask, address, status):
    answer = await ask("GET", address)
    assert (answer.status_code, answer.json()["error_info"]["id"]) == (status, "opts_value_out_of_range")
