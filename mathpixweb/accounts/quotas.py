"""How much a key, a person and their team may ask for: requests a minute, and pages a month.

A limit that one of them does not have itself is the one of the settings; none is no limit.
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
from mathpixweb.accounts.models import ApiKey, Membership, Team
from mathpixweb.accounts.usage_models import UsageHour

logger = logging.getLogger(__name__)

PAGE_TYPES = ("pdf-page",)
LOOK_SECONDS = 5  # for which a month's sum is believed
REQUESTS, PAGES = "requests_per_minute", "page_monthly_limit"

Whose = ApiKey | Membership | None  # a part of the team, or all of it


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
    for whose in (None, key):
        _check_pages(key.team, whose)


def admit_person(member: Membership) -> None:
    """Whether the team and the person may have any more pages read this month. Raises Exceeded."""
    for whose in (None, member):
        _check_pages(member.team, whose)


def admit_request(member: Membership) -> None:
    """Counts one more request of the person that makes work. Raises Exceeded."""
    _check_rate("people", member.pk, _limit(member.requests_per_minute, settings.MEMBER_REQUESTS_PER_MINUTE))


def admit_pages(team: Team, whose: Whose, pages: int) -> None:
    """Whether that many more pages fit into the month, of the team, a key or a person. Raises Exceeded."""
    limit, now = pages_limit(team, whose), timezone.now()
    if not limit:
        return
    count = pages + _pages_since(team.pk, months.began(now), **_sums_of(whose))
    if count > limit:
        raise Exceeded(PAGES, limit, count, _rest_of_month(now))


def pages_limit(team: Team, whose: Whose = None) -> int:
    """The pages a month of the team, or of a key or a person in it; 0 is no limit."""
    if whose is None:
        return _limit(team.pages_per_month, settings.TEAM_PAGES_PER_MONTH)
    general = settings.KEY_PAGES_PER_MONTH if isinstance(whose, ApiKey) else settings.MEMBER_PAGES_PER_MONTH
    return _limit(whose.pages_per_month, general)


def pages_left(member: Membership) -> int | None:
    """How many more pages the person may have read this month; None where nothing limits them."""
    limits = {whose: pages_limit(member.team, whose) for whose in (None, member)}
    left = [limit - _lately(member.team, whose) for whose, limit in limits.items() if limit]
    return max(0, min(left)) if left else None


def pages_of_people(team: Team) -> dict[int, int]:
    """The pages of the running month, by the number of the person who had them read."""
    hours = UsageHour.objects.filter(
        team=team, hour__gte=months.began(timezone.now()), usage_type__in=PAGE_TYPES
    )
    summed = hours.exclude(user_number=0).values_list("user_number").annotate(pages=Sum("count")).order_by()
    return dict(summed)


def admit_to(kind: str, key: ApiKey, limit: int) -> None:
    """Counts one more request of the key to something that has a limit of its own. Raises Exceeded."""
    _check_rate(kind, key.pk, limit)


def admit_team_to(kind: str, team: Team, limit: int) -> None:
    """The same for what people of the team do in the browser. Raises Exceeded."""
    _check_rate(f"{kind}-of-team", team.pk, limit)


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


def _check_pages(team: Team, whose: Whose) -> None:
    limit = pages_limit(team, whose)
    if limit and (count := _lately(team, whose)) >= limit:
        raise Exceeded(PAGES, limit, count, _rest_of_month(timezone.now()))


def _rest_of_month(now: datetime) -> float:
    """Seconds until the next month begins."""
    return (months.ends(now) - now).total_seconds()


def _sums_of(whose: Whose) -> dict[str, int]:
    """Which of the team's sums are theirs."""
    if whose is None:
        return {}
    return {"key_number": whose.pk} if isinstance(whose, ApiKey) else {"user_number": whose.user_id}


def _lately(team: Team, whose: Whose) -> int:
    """Pages of the running month, as they were a few seconds ago."""
    now = timezone.now()
    return _pages(team.pk, months.began(now), int(now.timestamp()) // LOOK_SECONDS, **_sums_of(whose))


@lru_cache(maxsize=1024)
def _pages(team_id: int, since: datetime, moment: int, **sums: int) -> int:
    """Pages read since then; `moment` changes when it is time to look again."""
    return _pages_since(team_id, since, **sums)


def _pages_since(team_id: int, since: datetime, **sums: int) -> int:
    """From the sums by the hour, which triggers keep equal to the ledger; a key has at most 744 a month."""
    hours = UsageHour.objects.filter(team=team_id, hour__gte=since, usage_type__in=PAGE_TYPES, **sums)
    return hours.aggregate(pages=Sum("count"))["pages"] or 0
