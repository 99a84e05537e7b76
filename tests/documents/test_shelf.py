"""Readers are shared: who has waited longest is next, and who gives up loses nothing."""

from __future__ import annotations

import threading
import time

import pytest

from mathpixweb.documents.images.shelf import Shelf

SECONDS = 30.0


def test_the_warmest_thing_is_given_first():
    shelf = Shelf(["cold", "warm"])
    assert (shelf.take(0), shelf.take(0)) == ("warm", "cold")
    shelf.put_back("warm")
    assert shelf.emptied() == ["warm"]
    assert shelf.emptied() == []


def test_what_is_put_back_as_cold_is_taken_last():
    shelf = Shelf(["one"])
    shelf.put_back("cold", cold=True)
    assert (shelf.take(0), shelf.take(0)) == ("one", "cold")


def test_who_has_waited_longest_is_next():
    shelf = Shelf(["one"])
    assert shelf.take(0) == "one"
    got: list[int] = []

    def wait(number: int) -> None:
        shelf.take(SECONDS)
        got.append(number)
        shelf.put_back("one")

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        ends = time.monotonic() + SECONDS
        while len(shelf._waiting) <= number:
            assert time.monotonic() < ends
            time.sleep(0.001)
    shelf.put_back("one")
    for thread in threads:
        thread.join(SECONDS)
    assert got == [0, 1, 2, 3, 4]


def test_who_gives_up_is_left_out():
    shelf = Shelf(["one"])
    shelf.take(0)
    with pytest.raises(TimeoutError):
        shelf.take(0.01)
    shelf.put_back("one")
    assert shelf.take(0) == "one"
