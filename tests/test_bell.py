"""A bell between processes: rings are heard, and whoever is gone is forgotten."""

from __future__ import annotations

import os
import threading
import time

import pytest

from mathpixweb import bell


def heard(listener: bell.Listener, seconds: float = 0.05) -> bool:
    began = time.monotonic()
    listener.wait(seconds)
    return time.monotonic() - began < seconds


@pytest.fixture
def listeners(tmp_path):
    both = [bell.Listener(tmp_path), bell.Listener(tmp_path)]
    yield both
    for each in both:
        each.leave()


def test_all_who_listen_hear_a_ring_once(tmp_path, listeners):
    bell.ring(tmp_path)
    bell.ring(tmp_path)
    assert [heard(each) for each in listeners] == [True, True]
    assert [heard(each) for each in listeners] == [False, False]


def test_who_waits_is_woken_at_once(tmp_path, listeners):
    threading.Timer(0.1, bell.ring, [tmp_path]).start()
    assert heard(listeners[0], seconds=10)


def test_rings_that_nobody_takes_in_stop_no_one(tmp_path, listeners):
    descriptor = os.open(listeners[0]._pipe, os.O_WRONLY | os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(descriptor, b"!" * 4096)
    os.close(descriptor)
    bell.ring(tmp_path)
    assert heard(listeners[1])


def test_what_a_killed_listener_leaves_is_removed(tmp_path, listeners):
    os.mkfifo(tmp_path / f"dead{bell.LISTENER}")
    bell.ring(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {each._pipe.name for each in listeners}


def test_who_leaves_leaves_nothing(tmp_path):
    bell.Listener(tmp_path).leave()
    assert list(tmp_path.iterdir()) == []
