from __future__ import annotations

import json

import pytest

from mathpixweb.api import streaming
from mathpixweb.api.streaming import EVENTS, LINES
from mathpixweb.documents.telling import broadcasts


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json, text/event-stream;q=0.9"])
def test_who_asks_for_events_gets_events(accept):
    assert streaming.framing(accept) is EVENTS


@pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
def test_all_others_get_json_lines(accept):
    assert streaming.framing(accept) is LINES


def test_lines_are_json_documents():
    line = LINES.frame(1, {"text": "page 1 é", "page_idx": 1})
    assert line.endswith(b"\n")
    assert json.loads(line)["page_idx"] == 1
    assert "é" in line.decode()


def test_events_carry_an_id_to_come_back_with():
    first, second, *rest = EVENTS.frame(1, {"page_idx": 1}).decode().split("\n")
    assert first == "id: 1"
    assert json.loads(second.removeprefix("data: "))["page_idx"] == 1
    assert rest == ["", ""]


def test_a_message_with_line_breaks_stays_one_event():
    assert EVENTS.frame(None, {"text": "a\nb\r\nc"}).count(b"\n") == 2


def test_signs_of_life_come_before_impatient_clients_give_up():
    assert broadcasts.SILENCE_SECONDS <= 4
