"""A clock that jumps: nothing waits for a moment that is an hour away, and nothing took less than no time."""

from __future__ import annotations

import re
from asyncio import timeout
from contextlib import aclosing
from datetime import datetime, timedelta
from itertools import count

import pytest
from asgiref.sync import async_to_sync
from django.db.models import F
from django.utils import timezone

from mathpixweb.accounts import app_tokens, keys, usage_hours
from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents.models import Document, Page, PageStatus, Status
from mathpixweb.documents.telling import live
from mathpixweb.documents.work import claims, conversion, outcomes, sweeping
from tests.turns import work

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


def test_no_wait_and_no_bar_is_below_nothing_when_the_clock_was_set_back(received, browser_of, owner, team):
    now = timezone.now()
    for minutes in (-90, -30, 3):
        document = work(received())
        Document.objects.filter(pk=document.pk).update(
            created_at=now - timedelta(minutes=minutes), completed_at=now
        )
    waits = outcomes.of_team(team, now - DAY, now + DAY, 13)
    assert (waits.whole.ended, waits.whole.p50) == (3, 0)
    assert waits.whole.p95 > 0
    page = browser_of(owner).get("/usage?period=7").content.decode()
    drawn = re.findall(r'\b(?:y|height|y1|y2)="(-?[\d.]+)"', page)
    assert drawn
    assert [at for at in drawn if at.startswith("-")] == []


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23),
        ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25),
        ("2026-06-01T00:00:00+05:30", "2026-06-02T00:00:00+05:30", 24),
    ],
    ids=["of 23 hours", "of 25 hours", "that begins at half past"],
)
def test_a_day_is_counted_right(client, team, begins, ends, hours):
    """One image each half hour of three days; a day of whoever asks is as long as their clocks make it."""
    key, secret = keys.issue(team, "Key")
    midnight = datetime.fromisoformat(begins)
    half_hours = [midnight + timedelta(minutes=30 * n) for n in range(-48, 96)]
    UsageEvent.objects.bulk_create(
        UsageEvent(team=team, usage_type="image", count=1, created_at=moment) for moment in half_hours
    )
    headers = {"app_id": key.app_id, "app_key": secret}
    asked = {"from_date": begins, "to_date": ends}
    [row] = client.get("/v3/ocr-usage", asked, headers=headers).json()["ocr_usage"]
    assert row["count"] == 2 * hours
    by_hour = client.get("/v3/ocr-usage", {**asked, "timespan": "hour"}, headers=headers).json()["ocr_usage"]
    assert sum(row["count"] for row in by_hour) == 2 * hours
    assert usage_hours.equal()


@pytest.mark.parametrize(("jump", "opens"), [(-HOUR, True), (timedelta(0), True), (DAY, False)])
def test_a_token_opens_until_the_clock_on_the_wall_says_it_ends(team, monkeypatch, jump, opens):
    token, secret = app_tokens.issue(keys.issue(team, "Key")[0], 300)
    later = timezone.now() + jump
    monkeypatch.setattr(timezone, "now", lambda: later)
    found = app_tokens.find(secret)
    assert (found == token) if opens else (found is None)


def test_pages_are_numbered_in_a_stream_and_not_timed(received, scripted, client, team, monkeypatch):
    """Who comes back after the clock was set back gets what is missing, once."""
    key, secret = keys.issue(team, "Key")
    document = work(received())
    document.pages.filter(number=3).update(completed_at=timezone.now() - HOUR)
    headers = {"app_id": key.app_id, "app_key": secret, "accept": "text/event-stream", "last-event-id": "1"}
    told = async_to_sync(_all_of)(client.get(f"/v3/pdf/{document.public_id}/stream", headers=headers))
    assert re.findall(r"^id: (.+)$", told, re.MULTILINE) == ["2", "3"]


async def _all_of(response) -> str:
    return b"".join([piece async for piece in response.streaming_content]).decode()


def test_a_browser_hears_of_changes_after_the_clock_was_set_back(received, team, monkeypatch):
    async def heard() -> list[int]:
        news = live.watch(team.pk, since=timezone.now() + HOUR)  # what it was told last, by the clock of then
        async with timeout(5), aclosing(news):
            return [document.pk for document in await anext(news)]

    monkeypatch.setattr(live, "LIBRARY_SECONDS", 0.01)
    document = received()
    assert async_to_sync(heard)() == [document.pk]


def test_a_change_that_was_stamped_before_another_and_committed_after_it_is_told(received, team, monkeypatch):
    early, late = received(), received()

    async def heard() -> list[list[int]]:
        told = []
        news = live.watch(team.pk, since=timezone.now() - DAY)
        async with timeout(5), aclosing(news):
            told.append([document.pk for document in await anext(news)])
            behind = Document.objects.filter(pk=early.pk)
            await behind.aupdate(
                changes=F("changes") + 1, modified_at=late.modified_at - timedelta(seconds=1)
            )
            told.append([document.pk for document in await anext(news)])
        return told

    monkeypatch.setattr(live, "LIBRARY_SECONDS", 0.01)
    assert async_to_sync(heard)() == [[early.pk, late.pk], [early.pk]]
