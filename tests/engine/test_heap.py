"""Memory of large pictures is given back, where the C library can be asked."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mathpixweb.engine import heap
from mathpixweb.engine.model import Options
from mathpixweb.engine.ocr import preparing, reading
from mathpixweb.engine.readers.image import Raster


@pytest.fixture
def asked(monkeypatch):
    """What the C library is asked for."""
    calls = []

    def library(name):
        return lambda *settings: calls.append((name, *settings)) or 1

    monkeypatch.setattr(heap, "_of_the_library", library)
    heap.settle.cache_clear()
    yield calls
    heap.settle.cache_clear()


@pytest.mark.parametrize(("megabytes", "trimmed"), [(200, 0), (300, 2)], ids=["little", "much"])
def test_memory_is_given_back_before_and_after_a_picture_is_read_where_much_is_held(
    asked, monkeypatch, megabytes, trimmed
):
    monkeypatch.setattr(heap, "resident", lambda: megabytes << 20)
    paper = preparing.prepare(Raster(np.full((60, 60, 3), 255, np.uint8)))
    for _ in range(2):
        reading.read(paper, Options())
    assert [name for name, *_ in asked] == ["mallopt", "mallopt", *["malloc_trim"] * 2 * trimmed]


def test_what_a_process_holds_is_told_where_the_system_tells_it():
    tells = Path("/proc/self/statm").exists()
    assert (heap.resident() > 10 << 20) == tells
    assert (heap.resident(os.getpid()) > 10 << 20) == tells
    assert heap.resident("nobody") == 0


def test_a_library_without_such_settings_is_left_alone(monkeypatch):
    monkeypatch.setattr(heap, "_of_the_library", lambda name: None)
    heap.settle.cache_clear()
    assert not heap.settle()
    assert not heap.give_back()
    heap.settle.cache_clear()
