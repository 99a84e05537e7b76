"""What is sent, how often, and what is said of each failure; over a real socket."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import breaker, calls, retrying
from mathpixweb.providers.mathpix.account import Account
from mathpixweb.providers.mathpix.breaker import FAILURES, OPEN_SECONDS, Breaker
from mathpixweb.providers.mathpix.calls import Attachment, Call
from mathpixweb.providers.mathpix.client import Client
from mathpixweb.providers.mathpix.faults import AccountRefused, NotThere, Unreachable
from tests.mathpix_server import APP_KEY, Fault, MathpixServer

STATUS = "GET /v3/pdf/"
SUBMIT = "POST /v3/pdf"
HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.fixture
def client(account: Account) -> Iterator[Client]:
    client = Client(account, httpx.Timeout(2, read=0.5))
    yield client
    client.close()


@pytest.fixture
def pdf_id(client: Client) -> str:
    return str(client.json(calls.submit_pdf({}, Attachment(b"%PDF")))["pdf_id"])


def refusal(client: Client, call: Call) -> ProviderError:
    with pytest.raises(ProviderError) as refused:
        client.json(call)
    return refused.value


def test_both_credentials_travel_as_headers_with_an_underscore(client: Client, remote: MathpixServer) -> None:
    client.json(calls.submit_pdf({}, Attachment(b"%PDF")))
    headers = remote.requests[0].headers
    assert (headers["app_id"], headers["app_key"]) == ("remote_app", APP_KEY)


def test_options_travel_beside_the_file_untouched_and_unknown_ones_too(
    client: Client, remote: MathpixServer, tmp_path: Path
) -> None:
    source = tmp_path / "notes.pdf"
    source.write_bytes(b"%PDF-1.7 content")
    asked = {"rm_spaces": False, "some_new_option": {"deep": [1, "π"]}}
    client.json(calls.submit_pdf(asked, Attachment(source, "notes.pdf")))
    assert remote.requests[0].options == asked
    assert b"%PDF-1.7 content" in remote.requests[0].body


def test_ids_of_callers_cannot_change_the_address() -> None:
    assert calls.job_file("a/b", "../c?d").path == "/files/v1/jobs/a%2Fb/files/..%2Fc%3Fd"


@pytest.mark.parametrize(
    "fault",
    [Fault(500), Fault(502, HTML), Fault(503), Fault(drop=True), Fault(wait=1.0), Fault(429)],
    ids=["500", "502 HTML", "503", "dropped", "slow", "429"],
)
def test_a_question_is_asked_again_after(
    fault: Fault, client: Client, remote: MathpixServer, pdf_id: str
) -> None:
    remote.fail(STATUS, fault, fault)
    assert client.json(calls.pdf_status(pdf_id))["status"] == "completed"
    assert len(remote.asked(STATUS)) == 3


@pytest.mark.parametrize(
    "fault",
    [Fault(500), Fault(502, HTML), Fault(503), Fault(drop=True), Fault(wait=1.0)],
    ids=["500", "502 HTML", "503", "dropped", "slow"],
)
def test_what_may_have_been_done_is_not_sent_twice_after(
    fault: Fault, client: Client, remote: MathpixServer
) -> None:
    remote.fail(SUBMIT, fault)
    error = refusal(client, calls.submit_pdf({}, Attachment(b"%PDF")))
    assert isinstance(error, Unreachable) and "Mathpix" in error.message and "<html>" not in error.message
    assert len(remote.asked(SUBMIT)) == 1


@pytest.mark.parametrize("fault", [Fault(429), Fault(503, headers={"retry-after": "0"})], ids=["429", "503"])
def test_what_was_certainly_not_taken_is_sent_again(
    fault: Fault, client: Client, remote: MathpixServer
) -> None:
    remote.fail(SUBMIT, fault)
    assert client.json(calls.submit_pdf({}, Attachment(b"%PDF")))["pdf_id"]
    assert len(remote.asked(SUBMIT)) == 2


def test_retry_after_is_waited_for(
    client: Client, remote: MathpixServer, pdf_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.fail(STATUS, Fault(429, headers={"retry-after": "7"}))
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    client.json(calls.pdf_status(pdf_id))
    assert waited == [7]


def test_who_is_asked_to_wait_for_long_is_told_so_at_once(
    client: Client, remote: MathpixServer, pdf_id: str
) -> None:
    remote.fail(STATUS, Fault(429, b'{"error": "Too many"}', {"retry-after": "3600"}))
    error = refusal(client, calls.pdf_status(pdf_id))
    assert (error.error_id, error.detail["retry_after"]) == ("http_max_requests", "3600")


def test_retry_after_may_be_a_date_or_nonsense() -> None:
    past = httpx.Response(429, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert retrying.retry_after(past) == 0
    assert retrying.retry_after(httpx.Response(429, headers={"retry-after": "soon"})) is None


def test_wrong_keys_are_the_owners_matter_and_never_called_the_callers(
    client: Client, remote: MathpixServer
) -> None:
    remote.app_key = "another"
    error = refusal(client, calls.pdf_status("x"))
    assert isinstance(error, AccountRefused) and error.error_id == "sys_exception"
    assert "owner" in error.message and APP_KEY not in str(error.as_detail())


def test_an_error_with_http_200_keeps_its_id_message_and_details(
    client: Client, remote: MathpixServer
) -> None:
    info = {
        "id": "opts_value_out_of_range",
        "message": "Bad",
        "name": "page_ranges",
        "detail": {"value": "9-"},
    }
    remote.fail(SUBMIT, Fault(200, json.dumps({"error": "Bad", "error_info": info}).encode()))
    error = refusal(client, calls.submit_pdf({}))
    assert (error.error_id, error.message) == ("opts_value_out_of_range", "Bad")
    assert error.detail == {"name": "page_ranges", "value": "9-"}


def test_details_named_like_our_own_words_do_no_harm(client: Client, remote: MathpixServer) -> None:
    info = {"id": "x", "self": 1, "error_id": 2, "detail": {"message": "other", "self": 3}}
    remote.fail(SUBMIT, Fault(200, json.dumps({"error": "Bad", "error_info": info}).encode()))
    assert refusal(client, calls.submit_pdf({})).detail == {}


@pytest.mark.parametrize(
    "body", [b'{"status": "comp', b"", b"[1]", HTML], ids=["cut", "empty", "list", "HTML"]
)
def test_an_answer_that_is_not_understood_is_said_to_be_so(
    body: bytes, client: Client, remote: MathpixServer
) -> None:
    remote.fail(STATUS, Fault(202, body))
    error = refusal(client, calls.pdf_status("x"))
    assert isinstance(error, Unreachable) and "cannot be understood" in error.message


def test_what_is_not_there_yet_is_told_apart(client: Client, remote: MathpixServer, pdf_id: str) -> None:
    remote.paper.ready = 0
    assert isinstance(refusal(client, calls.pdf_result(pdf_id, "lines.json")), NotThere)


def test_a_redirect_is_not_followed_so_the_keys_go_nowhere_else(
    client: Client, remote: MathpixServer
) -> None:
    remote.fail(STATUS, Fault(302, b" ", {"location": f"{remote.url}/elsewhere"}))
    assert "not expected" in refusal(client, calls.pdf_status("x")).message
    assert not remote.asked("GET /elsewhere")


def test_a_server_that_is_not_there_is_tried_and_then_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.001)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Client(Account(f"http://127.0.0.1:{port}", "", "key"))
    error = refusal(client, calls.submit_pdf({}))
    assert "nothing was sent" in error.message
    refusal(client, calls.submit_pdf({}))
    assert refusal(client, calls.submit_pdf({})).detail["reason"] == "circuit_open"
    client.close()
    breaker.forget()


def test_an_open_breaker_lets_one_call_through_after_a_while() -> None:
    now = [0.0]
    guard = Breaker(lambda: now[0])
    for _ in range(FAILURES):
        guard.check()
        guard.note(False)
    with pytest.raises(Unreachable):
        guard.check()
    now[0] = OPEN_SECONDS + 1
    guard.check()
    with pytest.raises(Unreachable):
        guard.check()
    guard.note(True)
    guard.check()
