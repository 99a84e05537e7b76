from __future__ import annotations

import asyncio
import json

import pytest

from mathpixweb.api import streaming
from mathpixweb.api.streaming import EVENTS, LINES


async def told(*steps: float | int):
    """Messages numbered from 1, one after each pause."""
    for number, pause in enumerate(steps, 1):
        await asyncio.sleep(pause)
        yield number, {"text": f"page {number} é", "page_idx": number}


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json, text/event-stream;q=0.9"])
def test_who_asks_for_events_gets_events(accept):
    assert streaming.framing(accept) is EVENTS


@pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
def test_all_others_get_json_lines(accept):
    assert streaming.framing(accept) is LINES


async def test_lines_are_json_documents():
    chunks = [chunk async for chunk in streaming.framed(told(0, 0), LINES)]
    assert all(chunk.endswith(b"\n") for chunk in chunks)
    assert [json.loads(chunk)["page_idx"] for chunk in chunks] == [1, 2]
    assert "é" in chunks[0].decode()


async def test_events_carry_an_id_to_come_back_with():
    chunks = [chunk async for chunk in streaming.framed(told(0), EVENTS)]
    assert len(chunks) == 1
    first, second, *rest = chunks[0].decode().split("\n")
    assert first == "id: 1"
    assert json.loads(second.removeprefix("data: "))["page_idx"] == 1
    assert rest == ["", ""]


async def test_a_message_with_line_breaks_stays_one_event():
    assert EVENTS.frame(None, {"text": "a\nb\r\nc"}).count(b"\n") == 2


@pytest.mark.parametrize(("how", "sign"), [(LINES, b"\n"), (EVENTS, b": still working\n\n")])
async def test_silence_is_broken_by_signs_of_life(monkeypatch, how, sign):
    monkeypatch.setattr(streaming, "KEEP_ALIVE_SECONDS", 0.02)
    chunks = [chunk async for chunk in streaming.framed(told(0, 0.2), how)]
    assert chunks.count(sign) >= 2
    assert [chunk for chunk in chunks if chunk != sign] == [
        how.frame(n, {"text": f"page {n} é", "page_idx": n}) for n in (1, 2)
    ]


def test_signs_of_life_come_before_impatient_clients_give_up():
    assert streaming.KEEP_ALIVE_SECONDS <= 4


async def test_a_stream_that_is_left_stops_reading():
    left = asyncio.Event()

    async def endless():
        try:
            while True:
                yield 1, {}
                await asyncio.sleep(0.01)
        finally:
            left.set()

    stream = streaming.framed(endless(), LINES)
    assert await anext(stream)
    await stream.aclose()
    assert left.is_set()


async def test_an_error_on_the_way_reaches_the_server():
    async def broken():
        yield 1, {}
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        [chunk async for chunk in streaming.framed(broken(), LINES)]
