"""`/v3/strokes`: drawings, whole or growing stroke by stroke in a session."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from mathpixweb.accounts import app_tokens
from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.ink import StrokesSession

DRAWN = {"x": [[1, 2], [3]], "y": [[4, 5], [6]]}


@pytest.fixture
def post(http, owner):
    async def send(drawn=DRAWN, by=owner, **body):
        body = {"strokes": {"strokes": drawn}, **body}
        return (await http.post("/v3/strokes", headers=by.headers, json=body)).json()

    return send


@pytest.fixture
async def session(owner):
    """A token with a session, as a caller, and the session's id."""
    issue = sync_to_async(app_tokens.issue)
    token, secret = await issue(owner.key, 300, with_strokes_session=True)
    return replace(owner, headers={"app_token": secret}), token.strokes_session_id


async def test_a_drawing_is_answered_like_an_image(post, scripted):
    answer = await post(formats=["text", "data"], data_options={"include_asciimath": True})
    assert answer["text"] == "\\( x^{2}+y^{2}=9 \\)"
    assert answer["data"][0]["value"] == "x^(2)+y^(2)=9"
    assert (answer["is_handwritten"], answer["is_printed"]) == (True, False)
    assert [list(map(tuple, stroke)) for stroke in scripted.strokes[0]] == [[(1, 4), (2, 5)], [(3, 6)]]
    assert (await UsageEvent.objects.aget()).usage_type == "strokes"
    document = await Document.objects.aget()
    assert (document.kind, document.options.keys()) == ("strokes", {"formats", "data_options"})


async def test_a_session_collects_strokes_and_is_counted_once(post, scripted, session):
    token, session_id = session
    first = await post({"x": [[1]], "y": [[1]]}, by=token, strokes_session_id=session_id)
    second = await post({"x": [[2]], "y": [[2]]}, by=token, strokes_session_id=session_id)
    assert [len(drawing) for drawing in scripted.strokes] == [1, 2]
    assert first["text"] and first["request_id"] == second["request_id"]
    assert (await UsageEvent.objects.aget()).usage_type == "strokes-session"
    document = await Document.objects.aget()
    assert await document.pages.acount() == 1


async def test_a_session_belongs_to_its_token_and_its_team(post, outsider, owner, session):
    token, session_id = session
    assert (await post(by=owner, strokes_session_id=session_id))["text"]
    for caller, wrong in ((outsider, session_id), (owner, "strokes_made_up")):
        assert (await post(by=caller, strokes_session_id=wrong))["error_info"][
            "id"
        ] == "opts_value_out_of_range"
    refused = await post(by=token, strokes_session_id="strokes_of_another")
    assert refused["error_info"]["id"] == "unauthorized_token_request"


async def test_a_session_is_one_for_all_web_servers_and_ends(post, scripted, session, monkeypatch):
    token, session_id = session
    await post({"x": [[1]], "y": [[1]]}, by=token, strokes_session_id=session_id)
    row = await StrokesSession.objects.aget()
    assert (row.session_id, row.strokes) == (session_id, "[[[1.0,1.0]]]")
    assert 290 < (row.ends_at - timezone.now()).total_seconds() <= 300
    await StrokesSession.objects.aupdate(ends_at=timezone.now())
    await post({"x": [[2]], "y": [[2]]}, by=token, strokes_session_id=session_id)
    assert [len(drawing) for drawing in scripted.strokes] == [1, 1], "what has ended is forgotten"


async def test_private_strokes_make_their_session_private(post, scripted, session):
    token, session_id = session
    await post({"x": [[1]], "y": [[1]]}, by=token, strokes_session_id=session_id)
    private = {"metadata": {"improve_mathpix": False}}
    await post({"x": [[2]], "y": [[2]]}, by=token, strokes_session_id=session_id, **private)
    await post({"x": [[3]], "y": [[3]]}, by=token, strokes_session_id=session_id)
    assert [len(drawing) for drawing in scripted.strokes] == [1, 2, 3]
    assert not await StrokesSession.objects.aexists()
    source = storage.source_path(await Document.objects.aget())
    assert "2.0" not in source.read_text() and "3.0" not in source.read_text(), "drawn before privacy"
    assert (await UsageEvent.objects.aget()).usage_type == "strokes-session"


async def test_a_session_ends_with_its_token(post, session):
    token, session_id = session
    await post(by=token, strokes_session_id=session_id)
    await sync_to_async(app_tokens.revoke)(await sync_to_async(app_tokens.find)(token.headers["app_token"]))
    answer = await post(by=token, strokes_session_id=session_id)
    assert answer["error_info"]["id"] == "http_unauthorized"


@pytest.mark.parametrize(
    ("strokes", "error_id"),
    [
        (None, "strokes_missing"),
        ({}, "strokes_missing"),
        ({"strokes": {"x": [[1]]}}, "strokes_syntax_error"),
        ({"strokes": {"x": [[1]], "y": [[1, 2]]}}, "strokes_syntax_error"),
        ({"strokes": {"x": [[1]], "y": [["a"]]}}, "strokes_syntax_error"),
        ({"strokes": {"x": [1], "y": [1]}}, "strokes_syntax_error"),
        ({"strokes": {"x": [[1], [2]], "y": [[1]]}}, "strokes_syntax_error"),
        ({"strokes": {"x": [], "y": []}}, "strokes_no_content"),
        ({"strokes": {"x": [[]], "y": [[]]}}, "strokes_no_content"),
        ("scribble", "strokes_syntax_error"),
    ],
)
async def test_what_is_no_drawing_is_told(http, owner, strokes, error_id):
    answer = (await http.post("/v3/strokes", headers=owner.headers, json={"strokes": strokes})).json()
    assert answer["error_info"]["id"] == error_id
    assert answer["request_id"]


async def test_more_than_half_a_megabyte_is_too_large(http, owner):
    body = b'{"strokes": ' + b" " * (512 * 1024) + b"{}}"
    answer = (await http.post("/v3/strokes", headers=owner.headers, content=body)).json()
    assert answer["error_info"]["id"] == "sys_request_too_large"


async def test_a_private_drawing_is_kept_nowhere(post):
    assert (await post(metadata={"improve_mathpix": False}))["text"]
    assert not await Document.objects.aexists()
    assert await UsageEvent.objects.acount() == 1
