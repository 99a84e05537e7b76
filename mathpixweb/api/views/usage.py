"""`/v3/ocr-usage`: what the team has used, summed up from the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from mathpixweb.accounts import usage
from mathpixweb.accounts.models import Team, UsageEvent
from mathpixweb.api import answers, query
from mathpixweb.api.endpoint import ApiRequest, endpoint


@endpoint("GET")
def ocr_usage(request: ApiRequest) -> dict[str, Any]:
    """Sums, the oldest first; each field by which is not grouped is a list of its values."""
    asked = request.http.GET
    page = query.number(asked, "page", 1, 1, 100)
    per_page = query.number(asked, "per_page", 100, 1, 1000)
    group_by = query.several(asked, "group_by", usage.GROUPS)
    timespan = query.choice(asked, "timespan", usage.TIMESPANS)
    since = query.moment(asked, "from_date")
    totals = usage.totals(_matching(request.team, asked, since), group_by, timespan)
    rows = totals[(page - 1) * per_page : page * per_page]
    return {"ocr_usage": [_row(total, since) for total in rows]}


def _matching(team: Team, asked: QueryDict, since: datetime | None) -> QuerySet[UsageEvent]:
    events = UsageEvent.objects.filter(team=team)
    if since:
        events = events.filter(created_at__gte=since)
    if until := query.moment(asked, "to_date"):
        events = events.filter(created_at__lt=until)
    if app_id := asked.get("app_id"):
        events = events.filter(api_key__app_id=app_id)
    if usage_type := asked.get("usage_type"):
        events = events.filter(usage_type=usage_type)
    if args_hash := asked.get("request_args_hash"):
        events = events.filter(request_args_hash=args_hash)
    return events


def _row(total: dict[str, Any], since: datetime | None) -> dict[str, Any]:
    begins = usage.start(total["since"]) if "since" in total else since or total["first"]
    return {
        "from_date": answers.timestamp(begins),
        "app_id": _field(total, "app_id"),
        "usage_type": _field(total, "usage_type"),
        "request_args_hash": _field(total, "request_args_hash"),
        "count": total["total"],
    }


def _field(total: dict[str, Any], name: str) -> str | list[str]:
    """What is grouped by, or all values; what was done in the browser has no app_id to list."""
    if name in total:
        return str(total[name])
    return sorted(value for value in total[f"each_{name}"] if value)
