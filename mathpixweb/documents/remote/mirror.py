"""The account elsewhere, copied here: results and usage, also of calls that were made without this server.

Each list is read page by page, newest first, and each page is stored together with the place where the
reading goes on; whoever is stopped goes on there, and a page that is read twice changes nothing. What is read
overlaps what was read before, since rows may come late and clocks differ. A round that reads everything also
sees what is gone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mathpixweb.accounts import remote_accounts
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import provider
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.mirror import Mirrored, MirroredList, RemoteUsage
from mathpixweb.documents.remote import mirrored_rows
from mathpixweb.documents.work import claims, queues
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import answers, calls
from mathpixweb.providers.mathpix.calls import Call, Query

logger = logging.getLogger(__name__)

TURN_SECONDS = 5.0
OVERLAP = timedelta(minutes=10)
FULL_EVERY = timedelta(days=7)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
USAGE = "ocr-usage"
USAGE_DAYS = 35


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list is asked for: what its rows stand under, when they were made, the most that is given."""

    key: str
    moment: str
    per_page: int
    most_pages: int


LISTINGS = {
    "ocr-results": Listing("ocr_results", "timestamp", 1000, 100),
    "pdf-results": Listing("pdfs", "created_at", 100, 1000),
    "converter-results": Listing("documents", "created_at", 100, 1000),
}
NAMES = (*LISTINGS, USAGE)


def request(team: Team, *, full: bool = False) -> None:
    """Has all lists read now, or from their beginning."""
    for name in NAMES:
        MirroredList.objects.get_or_create(team=team, name=name)
    rows = MirroredList.objects.filter(team=team)
    rows.update(due_at=timezone.now(), error="")
    if full:
        rows.filter(page=1, until=None).update(full=True)
        rows.filter(full=False).update(
            full_at=LONG_AGO
        )  # a round that is under way is followed by such a one
    for row in rows:
        queues.mirror(row.pk)


def sweep() -> None:
    """Calls workers for the lists that are due."""
    now = timezone.now()
    for account in RemoteAccount.objects.filter(mirrored=True).select_related("team"):
        if not remote_accounts.may_leave(account):
            continue
        if not MirroredList.objects.filter(team=account.team).exists():
            request(account.team)
            continue
        due = MirroredList.objects.filter(claims.free(), team=account.team, due_at__lte=now)
        for row in due:
            # until then the message is on its way
            MirroredList.objects.filter(pk=row.pk).update(due_at=now + timedelta(seconds=60))
            queues.mirror(row.pk)


def take_turn(list_id: int) -> None:
    """Reads pages of the list for a few seconds, and leaves the rest to the next turn."""
    row = MirroredList.objects.filter(pk=list_id).select_related("team").first()
    token = claims.take(MirroredList.objects.filter(pk=list_id)) if row else None
    if row is None or token is None:
        return
    row.refresh_from_db()
    try:
        done = _read(row, token)
    except ProviderError as error:
        _put_off(row, token, error.message, error.detail.get("retry_after"))
    except Exception:
        logger.exception("%s of team %s could not be copied", row.name, row.team_id)
        _put_off(row, token, "Something went wrong on this server.", None)
    else:
        _mine(row, token).update(claim="", lease_until=None)
        if not done:
            queues.mirror(row.pk)


def _read(row: MirroredList, token: str) -> bool:
    """Whether the round is finished."""
    if row.name == USAGE:
        _read_usage(row)
        _mine(row, token).update(synced_at=timezone.now(), due_at=_next_time(), error="")
        return True
    reached = row.page
    row.page = max(1, reached - 1)  # what was deleted meanwhile has drawn rows up over the edge
    turn_ends = time.monotonic() + TURN_SECONDS
    while _read_page(row, token):
        if time.monotonic() > turn_ends and row.page > reached:
            return False
    _finish(row, token)
    return True


def _read_page(row: MirroredList, token: str) -> bool:
    """Stores one page and where to go on, in one transaction; whether there is more."""
    listing = LISTINGS[row.name]
    found = _rows(row.team, _call(row, listing), listing.key)
    moments = [when for one in found if (when := mirrored_rows.moment(one.get(listing.moment)))]
    open_ones = [
        when
        for one in found
        if not mirrored_rows.final(row.name, one) and (when := mirrored_rows.moment(one.get(listing.moment)))
    ]
    row.newest = max([*moments, *filter(None, [row.newest])], default=None)
    row.unfinished = min([*open_ones, *filter(None, [row.unfinished])], default=None)
    more = len(found) >= listing.per_page
    if more and row.page >= listing.most_pages and moments:
        until = min(moments) + MILLISECOND
        more = row.until is None or until < row.until  # or the list would be read for ever
        row.until, row.page = until, 1
    else:
        row.page += 1
    with transaction.atomic():
        fields = ("newest", "unfinished", "until", "page")
        lease = timezone.now() + claims.LEASE
        if not _mine(row, token).update(**{name: getattr(row, name) for name in fields}, lease_until=lease):
            return False
        new = mirrored_rows.store(row.team, row.name, found, row.round if row.full else 0)
        if new:
            MirroredList.objects.filter(pk=row.pk).update(rows=row.rows + new)
            row.rows += new
    return more


def _call(row: MirroredList, listing: Listing) -> Call:
    query: dict[str, Any] = {"page": row.page, "per_page": listing.per_page}
    if row.since and not row.full:
        query["from_date"] = _written(row.since - OVERLAP)
    if row.until:
        query["to_date"] = _written(row.until)
    asked: Mapping[str, Any] = {
        "ocr-results": calls.ocr_results,
        "pdf-results": calls.pdf_results,
        "converter-results": calls.converter_results,
    }
    call: Call = asked[row.name](query)
    return call


def _rows(team: Team, call: Call, key: str) -> list[dict[str, Any]]:
    rows = provider.mathpix(team).client.json(call).get(key)
    if not isinstance(rows, list):
        raise ProviderError("sys_exception", f"Mathpix answered without “{key}”.")
    return [row for row in rows if isinstance(row, dict)]


def _finish(row: MirroredList, token: str) -> None:
    """The next round begins where this one did, or before what was not final yet."""
    now = timezone.now()
    since = min([*filter(None, [row.newest or row.since, row.unfinished])], default=None)
    ended = _mine(row, token).update(
        since=since,
        round=row.round + 1,
        full=bool(row.full_at and not row.full and now - row.full_at > FULL_EVERY),
        full_at=now if row.full else row.full_at,
        page=1,
        until=None,
        newest=None,
        unfinished=None,
        synced_at=now,
        due_at=_next_time(),
        error="",
    )
    if ended and row.full:
        _follow_deletions(row)


def _follow_deletions(row: MirroredList) -> None:
    """What a round that has read everything has not seen is gone there, and goes here."""
    gone = Mirrored.objects.filter(
        team=row.team, name=row.name, round__lt=row.round, document__deleted_at=None
    )
    for document in Document.objects.of_team(row.team).alive().filter(mirrored__in=gone):
        retention.delete(document)


def _read_usage(row: MirroredList) -> None:
    since = timezone.now() - timedelta(days=USAGE_DAYS)
    query: Query = {
        "from_date": _written(since),
        "to_date": _written(timezone.now() + timedelta(days=1)),
        "group_by": "usage_type",
        "timespan": "day",
        "per_page": 1000,
        "page": 1,
    }
    for one in _rows(row.team, calls.ocr_usage(query), "ocr_usage"):
        day, kind, count = mirrored_rows.moment(one.get("from_date")), one.get("usage_type"), one.get("count")
        if day and isinstance(kind, str) and isinstance(count, int) and 0 <= count <= answers.MOST:
            RemoteUsage.objects.update_or_create(
                team=row.team, day=day.date(), usage_type=kind[:32], defaults={"count": count}
            )


def _put_off(row: MirroredList, token: str, message: str, retry_after: object) -> None:
    asked = int(retry_after[:9]) if isinstance(retry_after, str) and retry_after.isdecimal() else 0
    later = timezone.now() + timedelta(seconds=max(settings.MIRROR_SECONDS, min(asked, 86_400)))
    _mine(row, token).update(error=message, due_at=later, claim="", lease_until=None)


def _mine(row: MirroredList, token: str) -> QuerySet[MirroredList]:
    return MirroredList.objects.filter(pk=row.pk, claim=token)


def _next_time() -> datetime:
    return timezone.now() + timedelta(seconds=settings.MIRROR_SECONDS)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
