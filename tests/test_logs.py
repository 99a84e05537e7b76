"""What the log says: one line an event, whoever wrote the words in it, with the request and the document."""

from __future__ import annotations

import json
import logging
import sys

import httpx
import pytest
from asgiref.sync import sync_to_async

from mathpixweb import logs
from mathpixweb.web.request_ids import RequestIds


def said(formatter: logging.Formatter, message: str, *values: object, **more: object) -> str:
    record = logging.LogRecord("mathpixweb.test", logging.INFO, __file__, 1, message, values, None)
    record.__dict__.update(more)
    return formatter.format(record)


@pytest.mark.parametrize("name", logs.FORMATS)
@pytest.mark.parametrize(
    "text",
    [
        "a\n2026-01-01 INFO root: all is well",
        "a\r\nb",
        "\x1b]0;owned\x07",
        "\x00",
        "\x85",
        "a\u2028b",
        "\x7f\x9b31m",
    ],
)
def test_words_of_strangers_begin_no_line_and_command_no_terminal(name, text):
    line = said(logs.formatter(name), "no file named %s", text)
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_a_line_for_people_keeps_letters_and_tells_its_trace():
    assert "Größe ∂x 文" in said(logs.formatter("text"), "Größe %s", "∂x 文")
    try:
        raise RuntimeError("gone")
    except RuntimeError:
        trace = said(logs.formatter("text"), "failed", exc_info=sys.exc_info())
    assert "RuntimeError: gone" in trace.splitlines()[-1]


@pytest.mark.parametrize(
    "text", ["a\n2026-01-01 INFO root: all is well", "a\rb", "a\x85b\u2028c", "\x1b]0;owned\x07"]
)
def test_words_of_strangers_in_a_trace_begin_no_event(text):
    try:
        raise RuntimeError(text)
    except RuntimeError:
        event, *trace = said(logs.formatter("text"), "failed", exc_info=sys.exc_info()).splitlines()
    assert event.endswith("failed")
    assert [line for line in trace if not line.startswith("  ") or not line.isprintable()] == []


def test_an_object_for_programs_holds_everything_by_name():
    with logs.about(request="r1"), logs.about(document="2026_01_01_x"):
        told = json.loads(said(logs.formatter("json"), "page %s", 3))
    assert {"level": "INFO", "logger": "mathpixweb.test", "message": "page 3"}.items() <= told.items()
    assert (told["request"], told["document"]) == ("r1", "2026_01_01_x")
    assert "request" not in json.loads(said(logs.formatter("json"), "later"))


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\nb", "é", "../"])
def test_an_id_that_is_none_is_replaced(given):
    own = logs.request_id(given)
    assert own != given
    assert logs.GIVEN_ID.fullmatch(own)


async def test_what_a_request_logs_bears_its_id_in_threads_too_and_the_proxy_gets_its_own_back():
    seen = []

    def look():
        seen.append(logs._about.get()["request"])

    async def app(scope, receive, send):
        look()
        await sync_to_async(look)()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(app=RequestIds(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        answer = await client.get("/", headers={"X-Request-ID": "from-the-proxy"})
        assert answer.headers["x-request-id"] == "from-the-proxy"
        assert "x-request-id" not in (await client.get("/")).headers
    assert seen[:2] == ["from-the-proxy"] * 2
    assert seen[2] == seen[3] != "from-the-proxy"
