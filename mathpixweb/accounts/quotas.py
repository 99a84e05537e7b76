"""How much a key and its team may ask for: requests a minute, and pages a month.

A limit that a key or team does not have itself is the one of the settings; none is no limit.
"""

from __future__ import annotations

import logging
import math
from datetime import datetime
from functools import lru_cache

import redis
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from mathpixweb.accounts import months, rates
from mathpixweb.accounts.models import ApiKey, Team
from mathpixweb.accounts.usage_models import UsageHour

logger = logging.getLogger(__name__)

PAGE_TYPES = ("pdf-page",)
LOOK_SECONDS = 5  # for which a month's sum is believed
REQUESTS, PAGES = "requests_per_minute", "page_monthly_limit"


class Exceeded(Exception):
    """A limit is reached: which, how high it is, what was counted, and the seconds to wait."""

    def __init__(self, name: str, value: int, count: int, wait: float) -> None:
        super().__init__(name)
        self.name = name
        self.value = value
        self.count = count
        self.wait = max(1, math.ceil(wait))


def admit(key: ApiKey) -> None:
    """Counts one more request of the key and its team. Raises Exceeded."""
    _check_rate("keys", key.pk, _limit(key.requests_per_minute, settings.KEY_REQUESTS_PER_MINUTE))
    _check_rate("teams", key.team_id, _limit(key.team.requests_per_minute, settings.TEAM_REQUESTS_PER_MINUTE))
    for of_key in (None, key):
        _check_pages(key.team, of_key)


def admit_pages(team: Team, key: ApiKey | None, pages: int) -> None:
    """Whether that many more pages fit into the month, of the team or of one key. Raises Exceeded."""
    limit, now = pages_limit(team, key), timezone.now()
    if not limit:
        return
    count = pages + _pages_since(team.pk, key.pk if key else None, months.began(now))
    if count > limit:
        raise Exceeded(PAGES, limit, count, _rest_of_month(now))


def pages_limit(team: Team, key: ApiKey | None = None) -> int:
    """The pages a month of the team, or of one of its keys; 0 is no limit."""
    if key is None:
        return _limit(team.pages_per_month, settings.TEAM_PAGES_PER_MONTH)
    return _limit(key.pages_per_month, settings.KEY_PAGES_PER_MONTH)


def admit_to(kind: str, key: ApiKey, limit: int) -> None:
    """Counts one more request of the key to something that has a limit of its own. Raises Exceeded."""
    _check_rate(kind, key.pk, limit)


def _limit(own: int | None, general: int) -> int:
    return general if own is None else own


def _check_rate(kind: str, number: int, limit: int) -> None:
    if not limit:
        return
    try:
        count, left = rates.of_last_minute(kind, number)
    except (OSError, redis.RedisError):
        logger.exception("requests cannot be counted; they are let in")
        return
    if count > limit:
        raise Exceeded(REQUESTS, limit, math.ceil(count), left)


def _check_pages(team: Team, key: ApiKey | None) -> None:
    limit = pages_limit(team, key)
    if not limit:
        return
    now = timezone.now()
    count = _pages(team.pk, key.pk if key else None, months.began(now), int(now.timestamp()) // LOOK_SECONDS)
    if count >= limit:
        raise Exceeded(PAGES, limit, count, _rest_of_month(now))


def _rest_of_month(now: datetime) -> float:
    """Seconds until the next month begins."""
    return (months.ends(now) - now).total_seconds()


@lru_cache(maxsize=1024)
def _pages(team_id: int, key_id: int | None, since: datetime, moment: int) -> int:
    """Pages read since then; `moment` changes when it is time to look again."""
    return _pages_since(team_id, key_id, since)


def _pages_since(team_id: int, key_id: int | None, since: datetime) -> int:
    """From the sums by the hour, which triggers keep equal to the ledger; a key has at most 744 a month."""
    hours = UsageHour.objects.filter(team=team_id, hour__gte=since, usage_type__in=PAGE_TYPES)
    if key_id is not None:
        hours = hours.filter(key_number=key_id)
    return hours.aggregate(pages=Sum("count"))["pages"] or 0
