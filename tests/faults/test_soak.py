"""A short soak: mixed traffic while processes are killed at random, and an exact audit when all has ended.

`manage.py bench soak --minutes 30` is the long one.
"""

from __future__ import annotations

import pytest

from bench.run import Conditions
from bench.subjects import soak

MINUTES = 0.2
SECONDS_BETWEEN_KILLS = (1.5, 3.0)


def test_whatever_was_accepted_ends_and_the_ledger_equals_the_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(soak, "KILL_EVERY", SECONDS_BETWEEN_KILLS)
    told = {figure.what: figure for figure in soak.measure(Conditions(minutes=MINUTES))}
    assert told["kills"].value >= 2
    assert told["documents accepted"].value >= 3
    wrong = {what: figure.value for what, figure in told.items() if figure.goal == "0" and figure.value}
    assert wrong == {}
    assert sum(figure.goal == "0" for figure in told.values()) >= 9, "the audit has looked"
