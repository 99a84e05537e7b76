"""A clock that jumps: nothing waits for a moment that is an hour away, and nothing took less than no time."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents.models import Document, Page, PageStatus, Status
from mathpixweb.documents.work import claims, conversion, queues, sweeping
from tests.turns import work

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def woken(monkeypatch):
    """The documents for which workers are called."""
    called = []
    monkeypatch.setattr(queues, "convert", called.append)
    return called


@pytest.fixture
def abandoned(received, scripted):
    """A document whose reader has died with a page in its hands."""

    def dying():
        raise SystemExit

    document = received()
    scripted.before_page[2] = dying
    with pytest.raises(SystemExit):
        conversion.take_turn(document.pk)
    scripted.before_page.clear()
    return document


def test_a_lease_of_a_clock_that_was_set_back_is_not_waited_for(abandoned, woken):
    Page.objects.filter(number=2).update(lease_until=timezone.now() + HOUR)
    sweeping.sweep()
    assert abandoned.pages.get(number=2).status == PageStatus.WAITING
    abandoned.refresh_from_db()
    assert work(abandoned).status == Status.COMPLETED


def test_a_lease_of_a_machine_whose_clock_is_a_little_ahead_holds(abandoned, woken):
    Page.objects.filter(number=2).update(lease_until=timezone.now() + claims.LEASE + timedelta(seconds=30))
    sweeping.sweep()
    assert abandoned.pages.get(number=2).status == PageStatus.READING


@pytest.mark.parametrize("jump", [-HOUR, -DAY])
def test_a_lost_message_is_sent_again_although_it_was_sent_in_the_future(received, woken, jump):
    document = received()
    woken.clear()
    Document.objects.update(queued_at=timezone.now() - jump)
    sweeping.sweep()
    assert woken == [document.pk]


def test_whoever_lost_a_claim_by_a_jump_ahead_overwrites_nothing(received, scripted):
    """All leases are over at once; another reads the page, and its first reader comes back."""
    document = received()

    def overtaken():
        scripted.before_page.clear()
        Page.objects.filter(number=1).update(lease_until=timezone.now() - DAY)
        sweeping.sweep()
        work(Document.objects.get(pk=document.pk))

    scripted.before_page[1] = overtaken
    conversion.take_turn(document.pk)
    assert sorted(scripted.reads) == [1, 1, 2, 3]
    assert set(document.pages.values_list("edition", flat=True)) == {1}
    assert sum(UsageEvent.objects.values_list("count", flat=True)) == 3


def test_nothing_takes_less_than_no_time_when_the_clock_runs_backwards(received, scripted, monkeypatch):
    began, steps = timezone.now(), count()
    monkeypatch.setattr(timezone, "now", lambda: began - next(steps) * HOUR)
    document = work(received())
    assert document.status == Status.COMPLETED
    assert [page.duration >= 0 for page in document.pages.all()] == [True] * 3
    assert document.duration >= 0
    assert [event.duration >= 0 for event in UsageEvent.objects.all()] == [True]
