"""Messages between processes of one machine, as the workers find them."""

from __future__ import annotations

import threading
from queue import Empty

import pytest
from kombu import Connection

from mathpixweb.broker import Transport


def connected(folder) -> Connection:
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder / "control"}
    return Connection("filesystem://", transport=Transport, transport_options=options)


@pytest.fixture
def connection(tmp_path):
    with connected(tmp_path) as opened:
        yield opened


@pytest.fixture
def queue(connection, tmp_path):
    # kombu remembers for the whole process which queues there are
    with connection.SimpleQueue(tmp_path.name) as opened:
        yield opened


def send_soon(folder) -> None:
    def send() -> None:
        with connected(folder) as another, another.SimpleQueue(folder.name) as queue:
            queue.put({"number": 1})

    threading.Timer(0.2, send).start()


def test_no_message_can_be_taken_before_it_is_written(connection, tmp_path):
    taken_early = []

    class Slow:
        def __json__(self):
            taken_early.extend(tmp_path.glob("*.msg"))
            return "written at last"

    connection.channel()._put("work", {"body": Slow()})
    assert taken_early == []
    assert [path.read_text() for path in tmp_path.glob("*.work.msg")] == ['{"body": "written at last"}']


def test_messages_are_taken_in_the_order_in_which_they_were_sent(queue):
    for number in range(20):
        queue.put({"number": number})
    assert queue.get(timeout=5).payload == {"number": 0}


def test_a_worker_finds_a_message_at_once(connection, queue, tmp_path):
    """And not only at its next look."""
    with pytest.raises(Empty):
        queue.get(timeout=0.1)
    connection.transport.polling_interval = 60
    send_soon(tmp_path)
    assert queue.get(timeout=30).payload == {"number": 1}


def test_a_worker_finds_messages_where_there_can_be_no_bell(connection, queue, tmp_path):
    (tmp_path / "bell").touch()
    connection.transport.polling_interval = 0.01
    send_soon(tmp_path)
    assert queue.get(timeout=30).payload == {"number": 1}


def test_a_worker_that_leaves_leaves_no_place_at_the_bell(connection, queue, tmp_path):
    with pytest.raises(Empty):
        queue.get(timeout=0.1)
    assert len(list((tmp_path / "bell").iterdir())) == 1
    connection.close()
    assert list((tmp_path / "bell").iterdir()) == []
