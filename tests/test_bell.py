"""A bell between processes: rings are heard, and whoever is gone is forgotten."""

from __future__ import annotations

import errno
import os
import threading

import pytest

from mathpixweb import bell


@pytest.fixture
def listeners(tmp_path):
    both = [bell.Listener(tmp_path), bell.Listener(tmp_path)]
    yield both
    for each in both:
        each.leave()


def test_all_who_listen_hear_a_ring_once(tmp_path, listeners):
    bell.ring(tmp_path)
    bell.ring(tmp_path)
    assert [each.wait(10) for each in listeners] == [True, True]
    assert [each.wait(0) for each in listeners] == [False, False]


def test_who_waits_is_woken_at_once(tmp_path, listeners):
    threading.Timer(0.1, bell.ring, [tmp_path]).start()
    assert listeners[0].wait(10)


def test_rings_that_nobody_takes_in_stop_no_one(tmp_path, listeners):
    descriptor = os.open(listeners[0]._pipe, os.O_WRONLY | os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(descriptor, b"!" * 4096)
    os.close(descriptor)
    bell.ring(tmp_path)
    assert listeners[1].wait(10)


def test_what_a_killed_listener_leaves_is_removed(tmp_path, listeners):
    os.mkfifo(tmp_path / f"dead{bell.LISTENER}")
    bell.ring(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {each._pipe.name for each in listeners}


def test_who_cannot_be_reached_just_now_is_not_taken_for_gone(tmp_path, listeners, monkeypatch):
    def too_many_open_files(*_):
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", too_many_open_files)
        bell.ring(tmp_path)
    bell.ring(tmp_path)
    assert listeners[0].wait(10)


def test_who_leaves_leaves_nothing(tmp_path):
    bell.Listener(tmp_path).leave()
    assert list(tmp_path.iterdir()) == []
