"""A network gives back the memory that a run took when it is asked to, and says the same."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mathpixweb.engine import heap

MUCH = 20 << 20  # bytes; what looking at the square takes is more
IN_A_PROCESS = """
import json
import numpy as np
from mathpixweb.engine import heap, networks
from mathpixweb.engine.ocr.looking import MODEL

square = np.random.default_rng(1).random((1, 1, 448, 448), np.float32)
session = networks.load(MODEL)
held = [heap.resident()]
*_, kept = session.run(None, {"ink": square})
held.append(heap.resident())
*_, once = networks.run_once(session, {"ink": square})
heap.give_back()
held.append(heap.resident())
print(json.dumps([held, bool(np.array_equal(once, kept))]))
"""


@pytest.mark.skipif(not heap.resident(), reason="Nobody tells here what a process holds.")
def test_a_run_gives_back_what_it_and_those_before_it_took():
    """In a process of its own: this one has read so much that its memory says nothing."""
    told = subprocess.run([sys.executable, "-c", IN_A_PROCESS], capture_output=True, check=True).stdout
    (before, while_kept, afterwards), alike = json.loads(told)
    assert while_kept > before + MUCH
    assert afterwards < before + MUCH
    assert alike
