from __future__ import annotations

import signal

import pytest

from mathpixweb.documents.models import Page
from mathpixweb.documents.work import claims

pytestmark = pytest.mark.django_db


def test_work_that_takes_too_long_is_interrupted():
    with pytest.raises(claims.Interrupted) as interrupted, claims.held(Page, "token", 0.05):
        signal.pause()
    assert not interrupted.value.lost


def test_an_alarm_that_rings_after_the_work_ends_nothing():
    with claims.held(Page, "token", 60):
        pass
    signal.raise_signal(signal.SIGALRM)
