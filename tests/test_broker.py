"""Messages between processes of one machine, as the workers find them."""

from __future__ import annotations

import pytest
from kombu import Connection

from mathpixweb.broker import Transport


@pytest.fixture
def connection(tmp_path):
    options = {
        "data_folder_in": tmp_path,
        "data_folder_out": tmp_path,
        "control_folder": tmp_path / "control",
    }
    with Connection("filesystem://", transport=Transport, transport_options=options) as opened:
        yield opened


def test_no_message_can_be_taken_before_it_is_written(connection, tmp_path):
    taken_early = []

    class Slow:
        def __json__(self):
            taken_early.extend(tmp_path.glob("*.msg"))
            return "written at last"

    connection.channel()._put("work", {"body": Slow()})
    assert taken_early == []
    assert [path.read_text() for path in tmp_path.glob("*.work.msg")] == ['{"body": "written at last"}']


def test_messages_are_taken_in_the_order_in_which_they_were_sent(connection):
    with connection.SimpleQueue("work") as queue:
        for number in range(20):
            queue.put({"number": number})
        assert queue.get(timeout=5).payload == {"number": 0}
