"""Images in front of Mathpix: all options arrive there as they came, and its answer comes back as it is."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import UsageEvent
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents.models import Document
from mathpixweb.providers.mathpix import breaker
from tests import mathpix_server
from tests.mathpix_server import APP_ID, APP_KEY, MathpixServer
from tests.turns import work
from tests.wire.conftest import Caller

SRC = f"data:image/png;base64,{base64.b64encode(b'a picture').decode()}"
DRAWN = {"strokes": {"x": [[1, 3], [5]], "y": [[2, 4], [6]]}}
COMMON = {
    "tags": ["algebra", "of this week"],
    "metadata": {"mine": {"deep": [1, None]}},
    "region": {"top_left_x": 1, "top_left_y": 2, "width": 3, "height": 4},
    "confidence_threshold": 0.25,
    "include_detected_alphabets": False,
    "an_option_of_next_year": {"with": ["all", 1, True, None]},
}
TEXT = {
    **COMMON,
    "formats": ["data", "html"],
    "data_options": {"include_asciimath": True, "include_something_new": "yes"},
    "math_inline_delimiters": ["$", "$"],
    "rm_spaces": False,
    "alphabets_allowed": {"hi": False},
}
LATEX = {
    **COMMON,
    "formats": ["latex_simplified", "mathml"],
    "format_options": {"mathml": {"transforms": ["rm_text"], "new": 1}},
    "ocr": ["math", "text"],
    "beam_size": 5,
    "n_best": 2,
}
ANSWER = {
    "request_id": "theirs",
    "version": "RSK-M100",
    "data": [{"type": "asciimath", "value": "x^2"}],
    "html": "<div>x</div>",
    "confidence": 0.75,
    "something_new": [1, {"kept": None}],
}


@pytest.fixture
def remote(settings: Any) -> Iterator[MathpixServer]:
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        fake.text_answer = dict(ANSWER)
        yield fake
    breaker.forget()


@pytest.fixture
def account(owner: Caller, remote: MathpixServer) -> RemoteAccount:
    sealed = sealing.seal(APP_KEY)
    return RemoteAccount.objects.create(
        team=owner.team, provider="mathpix", region="server", app_id=APP_ID, app_key=sealed, page_budget=9
    )


@pytest.mark.parametrize(
    ("path", "options", "content"),
    [
        ("/v3/text", TEXT, {"src": SRC}),
        ("/v3/latex", LATEX, {"src": SRC}),
        ("/v3/strokes", TEXT, {"strokes": DRAWN}),
    ],
)
async def test_all_options_arrive_untouched_and_the_answer_is_mathpixs(
    http: httpx.AsyncClient,
    owner: Caller,
    account: RemoteAccount,
    remote: MathpixServer,
    path: str,
    options: dict[str, Any],
    content: dict[str, Any],
) -> None:
    answer = (await http.post(path, headers=owner.headers, json={**options, **content})).json()
    (asked,) = remote.requests
    drawn = {"strokes": {"strokes": DRAWN["strokes"]}} if path == "/v3/strokes" else {}
    assert (asked.path, asked.options) == (path, {**options, **drawn})
    document = await Document.objects.aget()
    assert answer == {**ANSWER, "request_id": document.public_id}
    assert (await document.pages.aget()).mmd == "x^2"
    assert document.options["tags"] == COMMON["tags"]


async def test_options_of_images_read_later_arrive_too(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    asked = {**TEXT, "src": SRC, "async": True, "callback": {"post": "https://hooks.example.org/a"}}
    await http.post("/v3/text", headers=owner.headers, json=asked)
    await sync_to_async(work)(await Document.objects.aget())
    assert [one.options for one in remote.requests] == [TEXT]


@pytest.mark.parametrize(
    ("behaviour", "path", "options"), [("text", "/v3/text", TEXT), ("latex", "/v3/latex", LATEX)]
)
async def test_options_of_a_batch_arrive_with_each_of_its_images(
    http: httpx.AsyncClient,
    owner: Caller,
    account: RemoteAccount,
    remote: MathpixServer,
    behaviour: str,
    path: str,
    options: dict[str, Any],
) -> None:
    own = {"url": SRC, "tags": ["its own"], "another": 1}
    batch = {"urls": {"a": SRC, "b": own}, "ocr_behavior": behaviour, **options}
    batch_id = (await http.post("/v3/batch", headers=owner.headers, json=batch)).json()["batch_id"]
    async for document in Document.objects.order_by("key_in_batch"):
        await sync_to_async(work)(document)
    asked = [(one.path, one.options) for one in remote.requests]
    assert asked == [(path, options), (path, {**options, "tags": ["its own"], "another": 1})]
    results = (await http.get(f"/v3/batch/{batch_id}", headers=owner.headers)).json()["results"]
    assert results["a"]["something_new"] == ANSWER["something_new"]


async def test_nothing_is_added_where_nothing_was_said(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    remote.text_answer = {"text": "\\( x \\)", "latex_styled": "x", "line_data": [{"text": 5}]}
    answer = (await http.post("/v3/text", headers=owner.headers, json={"src": SRC})).json()
    assert remote.requests[0].options == {}
    assert answer["text"] == "\\( x \\)" and answer["latex_styled"] == "x"


async def test_a_session_of_strokes_is_this_servers_own(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    said = await http.post("/v3/app-tokens", headers=owner.headers, json={"include_strokes_session_id": True})
    session, token = said.json()["strokes_session_id"], said.json()["app_token"]
    for _ in range(2):
        asked = {"strokes": DRAWN, "strokes_session_id": session}
        await http.post("/v3/strokes", headers={"app_token": token}, json=asked)
    assert [set(one.options) for one in remote.requests] == [{"strokes"}] * 2
    assert len(remote.requests[1].options["strokes"]["strokes"]["x"]) == 4, "the whole drawing"


async def test_an_image_without_content_is_told_and_listed_as_one(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer
) -> None:
    info = {"id": "image_no_content", "message": "Content not found", "detail": {"more": 1}}
    remote.text_answer = {"request_id": "r", "error": "Content not found", "error_info": info}
    answer = (await http.post("/v3/text", headers=owner.headers, json={"src": SRC})).json()
    assert (answer["error_info"]["id"], answer["error_info"]["more"]) == ("image_no_content", 1)
    document = await Document.objects.aget()
    assert (document.status, document.error_id) == ("error", "image_no_content")
    assert await UsageEvent.objects.acount() == 1, "it was read"
