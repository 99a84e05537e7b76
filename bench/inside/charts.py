"""The chart of a year of the biggest team, against adding the ledger up at each look."""

from __future__ import annotations

import math
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
A_HOUR = 3600 * 10**6  # microseconds
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


def _lines(teams: list[Team], rows: int) -> Iterator[tuple[int, str, str, int]]:
    """Half of all lines are the first team's, and so on; in the order of time, as they would have come."""
    chance = random.Random(3)  # noqa: S311 - the same at every run
    owners = [team.pk for team in teams]
    shares = [math.exp(-0.7 * number) for number in range(TEAMS)]
    for hour in range(HOURS):
        many = rows * (hour + 1) // HOURS - rows * hour // HOURS
        start = f"{END - timedelta(hours=HOURS - hour):%Y-%m-%d %H}"  # both databases read it so
        whose, types = chance.choices(owners, shares, k=many), chance.choices(TYPES, k=many)
        counts, gap = chance.choices(range(1, 30), k=many), A_HOUR // (many + 1)
        for number, line in enumerate(zip(whose, types, counts, strict=True), start=1):
            seconds, fraction = divmod(number * gap, 10**6)
            minute, second = divmod(seconds, 60)
            yield line[0], f"{start}:{minute:02}:{second:02}.{fraction:06}", line[1], line[2]


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
