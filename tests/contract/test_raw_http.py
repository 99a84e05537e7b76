"""What clients that are no SDK need over a real socket: statuses, addresses, letters as they were sent."""

from __future__ import annotations

import time

import pytest
import requests

from tests.server import Server

POSTED = ("text", "strokes", "latex", "pdf", "converter", "batch", "app-tokens", "file-batches")
ADDRESSES = (*(f"/v3/{name}" for name in POSTED), "/files/v1", "/files/v1/uri", "/files/v1/jobs")
LETTERS = "é √ Ünï — 数"
SECONDS = 60


@pytest.fixture(scope="module")
def headers(live_server_process: Server) -> dict[str, str]:
    return {"app_id": live_server_process.app_id, "app_key": live_server_process.app_key}


@pytest.fixture(scope="module")
def ask(live_server_process, headers):
    def answer(method, address, **sent):
        sent = {"headers": headers, "allow_redirects": False, **sent}
        return requests.request(method, live_server_process.url + address, timeout=SECONDS, **sent)

    return answer


def test_no_post_is_redirected_with_or_without_a_slash_at_the_end(ask):
    for address in ADDRESSES:
        for form in (address, f"{address}/"):
            assert ask("POST", form, json={}).status_code in (200, 400), form


def test_without_a_key_or_with_a_wrong_one_nothing_is_answered(ask, headers):
    for sent in ({}, {**headers, "app_key": "nope"}, {**headers, "app_id": "another"}):
        answer = ask("POST", "/v3/text", headers=sent, json={"src": "x"})
        assert (answer.status_code, answer.json()["error"]) == (401, "Invalid credentials")
        assert answer.json()["error_info"]["id"] == "http_unauthorized"


def test_a_file_that_is_no_image_is_answered_with_a_request_id(ask):
    answer = ask(
        "POST", "/v3/text", files={"file": ("bad.png", b"this is no image")}, data={"options_json": "{}"}
    )
    assert (answer.status_code, answer.json()["error_info"]["id"]) == (200, "image_decode_error")
    assert answer.json()["request_id"]


def test_ids_that_nobody_knows_are_told_as_each_address_does(ask):
    for address, status, error_id in (
        ("/v3/pdf/2099_01_01_unknown", 200, "pdf_unknown_id"),
        ("/v3/pdf/2099_01_01_unknown.mmd", 404, "pdf_unknown_id"),
        ("/v3/converter/nope", 200, "cnv_unknown_id"),
        ("/v3/converter/nope.md", 404, "cnv_unknown_id"),
        ("/v3/batch/99999", 200, "batch_unknown_id"),
        ("/v3/app-tokens/token_nope", 200, "token_unknown"),
        ("/files/v1/00000000-0000-0000-0000-000000000000", 404, "not_found"),
        ("/files/v1/jobs/nope", 404, "not_found"),
    ):
        answer = ask("GET", address)
        assert (answer.status_code, answer.json()["error_info"]["id"]) == (status, error_id)


def test_texts_arrive_in_their_own_letters_whatever_the_client_guesses(ask):
    """`requests` takes a text without a charset for Latin-1, and gives `iter_lines` bytes."""
    sent = {"mmd": f"# {LETTERS}", "formats": {"md": True, "html": True}}
    address = f"/v3/converter/{ask('POST', '/v3/converter', json=sent).json()['conversion_id']}"
    early = ask("GET", f"{address}.md")
    assert (early.status_code, early.headers.get("retry-after")) in ((404, "2"), (200, None))
    for extension in ("mmd", "md", "html"):
        ends = time.monotonic() + SECONDS
        while (answer := ask("GET", f"{address}.{extension}")).status_code == 404:
            assert time.monotonic() < ends
            time.sleep(0.2)
        assert answer.encoding.lower() == "utf-8"
        assert LETTERS in answer.text, extension
    assert (
        next(iter(ask("GET", f"{address}.mmd", stream=True).iter_lines(decode_unicode=True)))
        == f"# {LETTERS}"
    )


def test_pages_of_other_origins_may_ask_and_read(ask):
    asked = {"origin": "https://app.example", "access-control-request-method": "POST"}
    before = ask("OPTIONS", "/v3/strokes", headers=asked)
    assert before.status_code == 204
    assert "app_token" in before.headers["access-control-allow-headers"]
    answer = ask("POST", "/v3/strokes", headers={"origin": "https://app.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, "*")


def test_head_tells_the_size_and_sends_nothing(ask):
    sent = {"mmd": "# One", "formats": {"mmd": True, "md": True}}
    address = f"/v3/converter/{ask('POST', '/v3/converter', json=sent).json()['conversion_id']}.mmd"
    head, got = ask("HEAD", address), ask("GET", address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(got.content)) == "5"
