"""A network gives back the memory that a run took when it is asked to, and says the same."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine import heap, networks
from mathpixweb.engine.ocr.looking import MODEL

MUCH = 20 << 20  # bytes; what looking at SQUARE takes is more
SQUARE = np.random.default_rng(1).random((1, 1, 448, 448), np.float32)


@pytest.mark.skipif(not heap.resident(), reason="Nobody tells here what a process holds.")
def test_a_run_gives_back_what_it_and_those_before_it_took():
    session = networks.load(MODEL)
    heap.give_back()
    before = heap.resident()
    *_, kept = session.run(None, {"ink": SQUARE})
    assert heap.resident() > before + MUCH
    *_, once = networks.run_once(session, {"ink": SQUARE})
    heap.give_back()
    assert heap.resident() < before + MUCH
    assert np.array_equal(once, kept)
