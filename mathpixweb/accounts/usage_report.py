"""What charts show of a team's usage, from the sums by the hour: equal to the ledger, and quick to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func, Q, QuerySet, Sum
from django.db.models.functions import Cast, Substr
from django.db.models.sql.compiler import SQLCompiler

from mathpixweb.accounts import prices
from mathpixweb.accounts.models import ApiKey, Team, User
from mathpixweb.accounts.usage import TIMESPANS
from mathpixweb.accounts.usage_models import UsageHour

Counts = dict[str, int]  # by usage type


class HourOfWeek(Func):
    """The weekday, Monday as 1 and Sunday as 0 or 7, and the hour in UTC, in three digits.

    Said by the database: a year has more hours than are soon looked at one by one.
    """

    template = "strftime('%%%%w%%%%H', %(expressions)s)"
    output_field = CharField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'IDHH24')"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's or some key's share; `number` is 0 for all that had none."""

    number: int
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    counts: Counts = field(default_factory=dict)
    requests: int = 0
    seconds: float = 0.0  # of work on pages

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def pages(self) -> int:
        return sum(n for kind, n in self.counts.items() if prices.PRICES.get(kind) == prices.PAGE)

    @property
    def images(self) -> int:
        return sum(n for kind, n in self.counts.items() if prices.PRICES.get(kind) == prices.IMAGE)

    @property
    def cost(self) -> Decimal:
        return prices.cost(self.counts)

    @property
    def pages_a_second(self) -> float:
        """Of one worker: pages by the seconds of work they took."""
        return self.pages / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Which usage: of a team, between two moments, and of one person, key or type if they are given."""

    team: Team
    since: datetime
    until: datetime
    person: int | None = None
    key: int | None = None
    usage_type: str = ""

    def hours(self) -> QuerySet[UsageHour]:
        chosen = Q(team=self.team, hour__gte=self.since, hour__lt=self.until)
        if self.person is not None:
            chosen &= Q(user_number=self.person)
        if self.key is not None:
            chosen &= Q(key_number=self.key)
        if self.usage_type:
            chosen &= Q(usage_type=self.usage_type)
        return UsageHour.objects.filter(chosen)


def totals(asked: Asked) -> Totals:
    rows = asked.hours().values("usage_type").annotate(n=Sum("count"), e=Sum("events"), s=Sum("duration"))
    read = list(rows.order_by("usage_type"))
    seconds = sum(row["s"] for row in read if prices.PRICES.get(row["usage_type"]) == prices.PAGE)
    return Totals({row["usage_type"]: row["n"] for row in read}, sum(row["e"] for row in read), seconds)


def by_time(asked: Asked, timespan: str) -> dict[str, Totals]:
    """Totals of each hour, day or month in which anything was used, named as `usage.start` reads them."""
    rows = (
        asked.hours()
        .annotate(since=Substr(Cast("hour", CharField()), 1, TIMESPANS[timespan]))
        .values_list("since", "usage_type")
        .annotate(n=Sum("count"), e=Sum("events"), s=Sum("duration"))
        .order_by("since", "usage_type")
    )
    counts: defaultdict[str, Counts] = defaultdict(dict)
    requests: defaultdict[str, int] = defaultdict(int)
    seconds: defaultdict[str, float] = defaultdict(float)
    for since, usage_type, count, events, duration in rows:
        counts[since][usage_type] = count
        requests[since] += events
        if prices.PRICES.get(usage_type) == prices.PAGE:
            seconds[since] += duration
    return {since: Totals(counts[since], requests[since], seconds[since]) for since in counts}


def by_person(asked: Asked) -> list[Part]:
    sums = _sums(asked, "user_number")
    people = User.objects.filter(pk__in=sums)
    return _parts(sums, {user.pk: user.get_full_name() for user in people})


def by_key(asked: Asked) -> list[Part]:
    sums = _sums(asked, "key_number")
    found = ApiKey.objects.filter(team=asked.team, pk__in=sums)
    return _parts(sums, {key.pk: key.name for key in found})


def by_hour_of_week(asked: Asked) -> dict[tuple[int, int], int]:
    """(weekday from Monday as 0, hour in UTC) → how much."""
    rows = asked.hours().annotate(place=HourOfWeek("hour")).values_list("place").annotate(n=Sum("count"))
    return {((int(place[0]) - 1) % 7, int(place[1:])): total for place, total in rows.order_by("place")}


def lines(asked: Asked) -> list[tuple[str, str, int, int, int, int]]:
    """(day, usage type, key, person, count, requests): what a download holds."""
    rows = asked.hours().annotate(day=Substr(Cast("hour", CharField()), 1, TIMESPANS["day"]))
    keys = ("day", "usage_type", "key_number", "user_number")
    return list(rows.values_list(*keys).annotate(n=Sum("count"), e=Sum("events")).order_by(*keys))


def names(asked: Asked) -> tuple[Mapping[int, ApiKey], Mapping[int, User]]:
    """The keys and people that `lines` names by number."""
    numbers = asked.hours().order_by().values_list("key_number", "user_number").distinct()
    keys, people = {key for key, _ in numbers}, {user for _, user in numbers}
    return ApiKey.objects.filter(team=asked.team).in_bulk(keys), User.objects.in_bulk(people)


def _sums(asked: Asked, column: str) -> dict[int, int]:
    rows = asked.hours().order_by().values_list(column).annotate(n=Sum("count"))
    return dict(rows)


def _parts(sums: Mapping[int, int], known: Mapping[int, str]) -> list[Part]:
    parts = [Part(number, known.get(number, ""), total) for number, total in sums.items() if total]
    return sorted(parts, key=lambda part: (-part.total, part.name))
