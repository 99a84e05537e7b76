from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.work import claims, sweeping

pytestmark = pytest.mark.django_db


def test_work_that_takes_too_long_is_interrupted():
    with pytest.raises(claims.Interrupted) as interrupted, claims.held(Page, "token", 0.05):
        signal.pause()
    assert not interrupted.value.lost


def test_an_alarm_that_rings_after_the_work_ends_nothing():
    with claims.held(Page, "token", 60):
        pass
    signal.raise_signal(signal.SIGALRM)


def test_what_is_held_is_nobody_elses_until_its_holder_is_silent(a_document):
    rows = Document.objects.filter(pk=a_document().pk)
    token = claims.take(rows)
    assert claims.take(rows) is None
    rows.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claims.take(rows) not in (None, token)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a small table is read whole by PostgreSQL")
def test_what_is_held_is_found_without_looking_at_every_page():
    with CaptureQueriesContext(connection) as asked:
        sweeping._release_dead_pages()
        claims._Heart(Page, "a" * 32, 10).rows.update(lease_until=None)
    of_pages = [each["sql"] for each in asked if "documents_page" in each["sql"]]
    assert len(of_pages) == 3
    for statement in of_pages:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            steps = [step for *_, step in cursor.fetchall() if "documents_page" in step]
        assert steps and all("INDEX pages_held" in step for step in steps), statement
