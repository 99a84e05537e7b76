"""The ledger of usage: what charts and `/v3/ocr-usage` read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Aggregate, CharField, JSONField, Min, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Substr

from mathpixweb.accounts.models import ApiKey, Team, UsageEvent, User

# characters of a moment that name its timespan
TIMESPANS = {"hour": len("2025-04-16 12"), "day": len("2025-04-16"), "month": len("2025-04"), "year": 4}
FIRST_HOUR = "0001-01-01 00"
GROUPS = ("usage_type", "request_args_hash", "app_id")


class EachOnce(Aggregate):
    """The different values of a group, as a list."""

    function = "JSON_GROUP_ARRAY"
    allow_distinct = True
    output_field = JSONField()

    def __init__(self, expression: str) -> None:
        super().__init__(expression, distinct=True)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def args_hash(options: Mapping[str, object]) -> str:
    """SHA-1 of the request's options in canonical JSON; equal options have equal hashes."""
    canonical = json.dumps(options, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha1(canonical.encode(), usedforsecurity=False).hexdigest()


def record(
    team: Team | int,
    usage_type: str,
    options: Mapping[str, object],
    *,
    count: int = 1,
    duration: float = 0,
    api_key: ApiKey | int | None = None,
    user: User | int | None = None,
) -> UsageEvent:
    return UsageEvent.objects.create(
        team_id=getattr(team, "pk", team),
        usage_type=usage_type,
        request_args_hash=args_hash(options),
        count=count,
        duration=duration,
        api_key_id=getattr(api_key, "pk", api_key),
        user_id=getattr(user, "pk", user),
    )


def with_app_id(events: QuerySet[UsageEvent]) -> QuerySet[UsageEvent]:
    """Each event with the `app_id` of its key; empty for what was done in the browser."""
    return events.annotate(app_id=Coalesce("api_key__app_id", Value("")))


def totals(
    events: QuerySet[UsageEvent], group_by: Collection[str] = (), timespan: str = ""
) -> QuerySet[UsageEvent, dict[str, Any]]:
    """Sums over one team's events, the oldest first: one row for each timespan in UTC and each group.

    A row has `total`, `first` (the moment of its first event), `since` (the timespan, if one is given, as
    `start` reads it), each name of GROUPS that is grouped by, and all values of the others: `each_app_id` …
    """
    rows = with_app_id(events)
    keys = [name for name in GROUPS if name in group_by]
    if timespan:
        # moments are stored in UTC; Trunc would call Python for every row, which takes four times as long
        rows = rows.annotate(since=Substr(Cast("created_at", CharField()), 1, TIMESPANS[timespan]))
        keys.insert(0, "since")
    lists = {f"each_{name}": EachOnce(name) for name in GROUPS if name not in group_by}
    # by team as well: without any key there would be a row even if nothing was used
    grouped = rows.values("team_id", *keys)
    summed: QuerySet[UsageEvent, dict[str, Any]]
    summed = grouped.annotate(total=Sum("count"), first=Min("created_at"), **lists)
    return summed.order_by(*keys)


def start(since: str) -> datetime:
    """The first moment of the timespan that a row of `totals` names."""
    return datetime.fromisoformat(since + FIRST_HOUR[len(since) :]).replace(tzinfo=UTC)
