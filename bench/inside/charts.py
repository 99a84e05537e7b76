"""The chart of a year of the biggest team, against adding the ledger up at each look."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Sum

from bench.figures import Figure, middle
from bench.inside import seeding
from mathpixweb.accounts import usage_hours, usage_report
from mathpixweb.accounts.models import Team, UsageEvent

TEAMS = 50
RUNS = 7
END = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = 365 * 24
TYPES = ("pdf-page", "image", "converter")


def measure(rows: int) -> Iterator[Figure]:
    seeding.prepare()
    where = connection.vendor
    teams = seeding.teams(TEAMS)
    began = time.perf_counter()
    with connection.cursor() as cursor:  # the sums are made in one go below, as after an upgrade
        if where == "sqlite":
            cursor.execute("DROP TRIGGER accounts_usagehour_insert")
        else:
            cursor.execute("ALTER TABLE accounts_usageevent DISABLE TRIGGER accounts_usagehour_insert")
    seeding.insert(
        UsageEvent(team=teams[0]), ["team_id", "created_at", "usage_type", "count"], _lines(teams, rows)
    )
    seeding.analyze()
    yield Figure(f"{where}: storing {rows:,} lines", time.perf_counter() - began, "s")
    began = time.perf_counter()
    usage_hours.rebuild()
    yield Figure(f"{where}: summing them up by the hour", time.perf_counter() - began, "s")
    for days in (30, 365):
        asked = usage_report.Asked(teams[0], END - timedelta(days=days), END)
        charted = _timed(lambda asked=asked: usage_report.by_time(asked, "day"))  # type: ignore[misc]
        added = _timed(lambda asked=asked: _of_ledger(asked))  # type: ignore[misc]
        yield Figure(
            f"{where}: {days} days of the biggest team by day", charted * 1000, "ms",
            "adding up the ledger", added * 1000, "50 ms",
        )  # fmt: skip
    yield Figure(f"{where}: sums equal the ledger", float(usage_hours.equal()), "of 1", goal="1")


def _lines(teams: list[Team], rows: int) -> Iterator[tuple[int, object, str, int]]:
    """Half of all lines are the first team's, and so on."""
    chance = random.Random(3)  # noqa: S311 - the same at every run
    adapt = connection.ops.adapt_datetimefield_value
    hours = [END - timedelta(hours=HOURS - n) for n in range(HOURS)]
    for _ in range(rows):
        owner = min(int(chance.expovariate(0.7)), TEAMS - 1)
        moment = chance.choice(hours) + timedelta(
            seconds=chance.randrange(3600), microseconds=chance.randrange(1, 10**6)
        )
        yield teams[owner].pk, adapt(moment), chance.choice(TYPES), chance.randrange(1, 30)


def _of_ledger(asked: usage_report.Asked) -> object:
    lines = UsageEvent.objects.filter(
        team=asked.team, created_at__gte=asked.since, created_at__lt=asked.until
    )
    return list(lines.values("usage_type").annotate(n=Sum("count")).order_by("usage_type"))


def _timed(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return middle(times)
