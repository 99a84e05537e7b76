"""The calendar's months in UTC, by which limits and budgets are counted."""

from __future__ import annotations

from datetime import datetime


def began(now: datetime) -> datetime:
    """The first moment of the month."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def ends(now: datetime) -> datetime:
    """The first moment of the next one."""
    month = began(now)
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
