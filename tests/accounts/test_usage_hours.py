"""The sums that charts read equal the ledger, whatever is done to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from mathpixweb.accounts import keys, usage, usage_hours, usage_report
from mathpixweb.accounts.models import Team, UsageEvent, UsageHour, User

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 59, 59, 999999, tzinfo=UTC)


@pytest.fixture
def team():
    return Team.objects.create(name="Analysis")


def sums():
    return sorted(UsageHour.objects.values_list("team", "usage_type", "count", "events"))


def test_lines_of_one_hour_are_one_sum(team):
    for pages in (2, 3):
        usage.record(team, "pdf-page", {"n": pages}, count=pages, duration=1.5)
    usage.record(team, "image", {})
    assert sums() == [(team.pk, "image", 1, 1), (team.pk, "pdf-page", 5, 2)]
    assert UsageHour.objects.get(usage_type="pdf-page").duration == 3
    assert usage_hours.equal()


def test_lines_that_are_written_many_at_once_count_too(team):
    key, _ = keys.issue(team, "key")
    events = [UsageEvent(team=team, usage_type="image", api_key=key, created_at=NOON) for _ in range(50)]
    UsageEvent.objects.bulk_create(events)
    hour = UsageHour.objects.get()
    assert (hour.count, hour.key_number, hour.hour) == (
        50,
        key.pk,
        NOON.replace(minute=0, second=0, microsecond=0),
    )
    assert usage_hours.equal()


def test_a_line_that_is_moved_or_taken_away_moves_its_sum(team):
    usage.record(team, "image", {}, count=4)
    UsageEvent.objects.update(created_at=NOON, count=7)
    assert UsageHour.objects.get().count == 7
    assert usage_hours.equal()
    UsageEvent.objects.all().delete()
    assert not UsageHour.objects.exists()


def test_a_person_or_key_that_is_gone_takes_no_sum_along(team):
    key, _ = keys.issue(team, "key")
    person = User.objects.create(email="a@example.org")
    usage.record(team, "image", {}, count=3, api_key=key, user=person)
    usage.record(team, "image", {}, count=4)
    key.delete()
    person.delete()
    assert sums() == [(team.pk, "image", 7, 2)]
    assert usage_hours.equal()


def test_what_is_taken_back_was_never_summed(team):
    with pytest.raises(RuntimeError), transaction.atomic():
        usage.record(team, "image", {})
        raise RuntimeError
    assert sums() == []


def test_a_difference_is_told_and_mended(team):
    usage.record(team, "image", {}, count=3)
    UsageHour.objects.update(count=2)
    with pytest.raises(CommandError, match="differ"):
        call_command("check_usage")
    call_command("check_usage", "--rebuild")
    assert sums() == [(team.pk, "image", 3, 1)]


def test_a_team_is_deleted_with_its_sums(team):
    usage.record(team, "image", {})
    team.delete()
    assert not UsageHour.objects.exists()


def test_every_hour_of_the_week_has_the_sum_of_its_weeks(team):
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    hours = [(day, hour) for day in range(7) for hour in (0, 9, 23)]
    UsageEvent.objects.bulk_create(
        UsageEvent(
            team=team,
            usage_type=usage_type,
            count=10 * day + week,
            created_at=monday + timedelta(weeks=week, days=day, hours=hour, minutes=59),
        )
        for day, hour in hours
        for week in (1, 2)
        for usage_type in ("image", "pdf-page")
    )
    asked = usage_report.Asked(team, monday, monday + timedelta(weeks=4))
    assert usage_report.by_hour_of_week(asked) == {(day, hour): 40 * day + 6 for day, hour in hours}
