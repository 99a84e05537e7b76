"""The time that a chart shows, chosen in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

DAY = timedelta(days=1)
MONTHS = ("month", "last-month")
LAST_DAYS = {"7": 7, "30": 30, "90": 90}
FEW_DAYS = 2  # up to so many, hours are shown
MANY_DAYS = 184  # from more on, months
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in UTC, `until` being the moment after; `name` is empty for days chosen freely."""

    name: str
    since: datetime
    until: datetime

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def last_day(self) -> date:
        return (self.until - DAY).date()

    @property
    def timespan(self) -> str:
        """By what its charts are divided, a word of `usage.TIMESPANS`."""
        if self.days <= FEW_DAYS:
            return "hour"
        return "month" if self.days > MANY_DAYS else "day"

    @property
    def query(self) -> str:
        if self.name:
            return urlencode({"period": self.name})
        return urlencode({"from": self.since.date().isoformat(), "to": self.last_day.isoformat()})

    def before(self) -> Period:
        """The one before, as long; of a month, the month before."""
        if self.name in MONTHS:
            return Period("", _month(self.since - DAY), self.since)
        return Period("", self.since - (self.until - self.since), self.since)

    def starts(self) -> list[datetime]:
        """The first moment of each hour, day or month."""
        moments, moment = [], self.since
        while moment < self.until:
            moments.append(moment)
            moment = following(moment, self.timespan)
        return moments


def following(moment: datetime, timespan: str) -> datetime:
    if timespan == "hour":
        return moment + timedelta(hours=1)
    return moment + DAY if timespan == "day" else _month(_month(moment) + 32 * DAY)


def chosen(asked: Mapping[str, str]) -> Period:
    """What the address asks for; the last thirty days where it makes no sense."""
    today = _midnight(timezone.now())
    name = asked.get("period", "")
    if name in LAST_DAYS:
        return _last(name, today)
    if name in MONTHS:
        first = _month(today) if name == "month" else _month(_month(today) - DAY)
        return Period(name, first, _month(first + 32 * DAY))
    since, until = _day(asked.get("from", "")), _day(asked.get("to", ""))
    if since and until and since <= until and until - since < LONGEST:
        return Period("", since, until + DAY)
    return _last("30", today)


def _last(name: str, today: datetime) -> Period:
    return Period(name, today + DAY - LAST_DAYS[name] * DAY, today + DAY)


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if 1970 <= day.year < 9000 else None


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _month(moment: datetime) -> datetime:
    return _midnight(moment).replace(day=1)
