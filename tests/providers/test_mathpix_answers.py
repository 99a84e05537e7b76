"""What a server that is out of order, or means harm, says: it costs one call and can always be stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mathpixweb.providers.mathpix import answers, calls, faults, stream
from mathpixweb.providers.mathpix.account import Account
from mathpixweb.providers.mathpix.client import AsyncClient, Client
from mathpixweb.providers.mathpix.faults import Garbled
from mathpixweb.providers.mathpix.lines import fit
from tests.mathpix_server import Fault, MathpixServer

LINE = '{"page_idx": 1, "pdf_selected_len": 1, "text": "%s"}'


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (r'"a\u0000b"', "a\ufffdb"),
        (r'"\ud800"', "\ufffd"),
        (r'"\udc00\ud800"', "\ufffd\ufffd"),
        (r'"\ud835\udc9c"', "\U0001d49c"),
        (r'"\\ud800 \\u0000"', r"\ud800 \u0000"),
        (r'"\\\ud800"', "\\\ufffd"),
        (r'{"\u0000": "\u00e9\n"}', {"\ufffd": "é\n"}),
        (r"[1, -2.5e3, true, null]", [1, -2500.0, True, None]),
    ],
)
def test_every_text_can_be_stored_and_what_is_sound_stays_as_it_is(sent: str, kept: object) -> None:
    assert answers.parsed(sent.encode()) == kept


def test_bytes_that_are_no_text_are_marked() -> None:
    assert answers.parsed(b'"\xff\xed\xa0\x80"').strip("\ufffd") == ""


@pytest.mark.parametrize(
    "sent", [b"[" * 100_000, b'{"a":' * 100_000, b"NaN", b"[-Infinity]", b"1e999", b"9" * 5000, b"", b"{"]
)
def test_what_no_database_holds_is_no_answer(sent: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        answers.parsed(sent)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"pages": [{"lines": [{"confidence": NaN}]}]}'])
def test_such_an_answer_is_said_to_be_garbled(body: bytes, account: Account, remote: MathpixServer) -> None:
    remote.fail("GET /v3/pdf/", Fault(200, body))
    with pytest.raises(Garbled):
        Client(account).json(calls.pdf_status("x"))


def test_an_answer_without_end_is_cut_off_and_not_asked_for_again(
    account: Account, remote: MathpixServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_BYTES", 1000)
    remote.fail("GET /v3/pdf/", *[Fault(200, b" " * 5000)] * 4)
    with pytest.raises(Garbled, match="larger"):
        Client(account).json(calls.pdf_status("x"))
    with pytest.raises(Garbled, match="larger"):
        asyncio.run(_asked(account))
    assert len(remote.asked("GET /v3/pdf/")) == 2


def test_an_answer_that_trickles_for_ever_is_cut_off(
    account: Account, remote: MathpixServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mathpixweb.providers.mathpix.client.ANSWER_SECONDS", 0.0)
    with pytest.raises(faults.Unreachable, match="too long"):
        Client(account).json(calls.pdf_status("x"))
    with pytest.raises(faults.Unreachable, match="too long"):
        asyncio.run(_asked(account))
    assert len(remote.asked("GET /v3/pdf/")) == 2


async def _asked(account: Account) -> dict[str, Any]:
    client = AsyncClient(account)
    try:
        return await client.json(calls.pdf_status("x"))
    finally:
        await client.aclose()


def test_an_answer_that_is_packed_wrongly_is_a_failure_of_the_way(
    account: Account, remote: MathpixServer
) -> None:
    remote.fail("GET /v3/pdf/", *[Fault(200, b"no gzip", headers={"content-encoding": "gzip"})] * 4)
    with pytest.raises(faults.Unreachable):
        Client(account).json(calls.pdf_status("x"))


def test_a_text_may_hold_every_end_of_line_but_one() -> None:
    """Python's own lines end at them; those of the stream do not."""
    sent = (LINE % "a\u2028b\x85c\u2029d").encode() + b"\n\n" + (LINE % "e").encode()
    assert [message.text for message in _streamed(sent[:70], sent[70:])] == ["a\u2028b\x85c\u2029d", "e"]


def test_a_line_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_LINE_BYTES", 100)
    with pytest.raises(Garbled, match="without end"):
        _streamed(*[b" " * 50] * 4)


@pytest.mark.parametrize(
    "line", [b"[" * 100_000, b'data: {"page_idx": 2, "pdf_selected_len": 1}', b"3", b"\xff"]
)
def test_a_message_that_is_no_page_is_garbled(line: bytes) -> None:
    with pytest.raises(Garbled):
        stream.parse(line)


def _streamed(*chunks: bytes) -> list[stream.PageMessage]:
    async def coming() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def read() -> list[stream.PageMessage]:
        found = [stream.parse(line) async for line in stream._lines(coming())]
        return [message for message in found if message]

    return asyncio.run(read())


def test_of_a_line_only_what_is_as_it_should_be_is_kept() -> None:
    sound = {
        "id": "a", "type": "math", "text": "x", "cnt": [[1, 2], [3, 4.5]], "confidence": 0.5, "line": 3,
        "region": {"top_left_x": 1, "top_left_y": 2, "width": 3, "height": 4}, "unknown": {"kept": [None]},
    }  # fmt: skip
    assert fit(json.loads(json.dumps(sound))) == sound
    evil = {
        "id": 5, "type": ["math"], "text": {}, "cnt": [["a", "b"]], "confidence": "high", "line": 10**12,
        "region": {"top_left_x": "1"}, "children_ids": "abc", "confidence_rate": 7, "unknown": 1,
    }  # fmt: skip
    assert fit(evil) == {"unknown": 1}
