"""What is stored of a document whose pages come from another server. Every step may be done twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from mathpixweb.accounts import remote_accounts
from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents.models import PAGE_DONE, Document, Page, PageStatus, Status
from mathpixweb.documents.models.mirror import Mirrored
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.output import flagging
from mathpixweb.documents.search import contents, search
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import claims, conversion, queues
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import pages as remote_pages
from mathpixweb.providers.mathpix.pages import Origin
from mathpixweb.providers.mathpix.stream import PageMessage
from mathpixweb.providers.results import PageResult

MISSING = ProviderError(
    "page_failed", "Mathpix has finished this document without saying anything of this page."
)

TOO_MANY = "Mathpix says that the document has {} pages; {} at most are taken here."


def waiting(most: int) -> list[int]:
    """Relays that nobody follows."""
    return list(_followable().filter(claims.free()).order_by("pk").values_list("pk", flat=True)[:most])


def _followable() -> Any:
    unfinished = Document.objects.unfinished().filter(pk=OuterRef("document"))
    return Relay.objects.filter(Exists(unfinished), settled_at=None)


def take(relay_id: int) -> tuple[Relay, str] | None:
    """The relay, now ours."""
    token = claims.take(_followable().filter(pk=relay_id))
    if token is None:
        return None
    return Relay.objects.select_related("document__team", "team").get(pk=relay_id), token


def keep_claim(token: str) -> bool:
    """Renews the lease; False when the claim is lost, or the document no longer wanted."""
    lease = timezone.now() + claims.LEASE
    return bool(_followable().filter(claim=token).update(lease_until=lease))


def release(token: str) -> None:
    Relay.objects.filter(claim=token).update(claim="", lease_until=None)


def origin(relay: Relay) -> Origin:
    return Origin(relay.remote_id, relay.document.public_id)


def in_order_until(relay: Relay) -> int:
    """The last page up to which all are there."""
    done = relay.document.pages.filter(status__in=PAGE_DONE).order_by("index")
    count = 0
    for index in done.values_list("index", flat=True):
        if index != count + 1:
            break
        count = index
    return count


def all_there(relay: Relay) -> bool:
    rows = relay.document.pages
    return rows.exists() and not rows.exclude(status__in=PAGE_DONE).exists()


def lay_out(relay: Relay, token: str, selected: int) -> None:
    """One row a page, as soon as it is known how many there are. Raises ProviderError for too many."""
    if selected > settings.MAX_PAGES:
        raise ProviderError("pdf_page_limit_exceeded", TOO_MANY.format(selected, settings.MAX_PAGES))
    rows = relay.document.pages
    if selected < 1 or rows.count() == selected or rows.filter(status__in=PAGE_DONE).exists():
        return
    numbers = relay.numbers if len(relay.numbers) == selected else range(1, selected + 1)
    fresh = [Page(document=relay.document, index=i, number=number) for i, number in enumerate(numbers, 1)]
    with transaction.atomic():
        if not _mine(relay, token).change(status=Status.SPLIT, num_pages=selected):
            return
        rows.all().delete()
        Page.objects.bulk_create(fresh, batch_size=500)
    counted = max(1, len(relay.numbers))  # before it was sent; a copied document was read for somebody else
    if selected > counted and not Mirrored.objects.filter(document=relay.document).exists():
        remote_accounts.note(relay.team, selected - counted)


def keep(relay: Relay, token: str, message: PageMessage) -> bool:
    """Stores a page of the stream; False when it was there already."""
    lay_out(relay, token, message.selected)
    page = relay.document.pages.filter(index=message.index).exclude(status__in=PAGE_DONE).first()
    if page is None:
        return False
    if message.version:
        Document.objects.filter(pk=relay.document_id).update(version=message.version[:40])
    if message.error:
        return _close(relay, token, page, _failure(message.error))
    text = remote_pages.preliminary(message.text, page.index, page.number, origin(relay))
    return _close(relay, token, page, _fields(text, page.number))


def keep_lines(relay: Relay, token: str, results: list[PageResult]) -> None:
    """Stores what the finished document tells of each page; pages of which it says nothing have failed."""
    lay_out(relay, token, len(results))
    rows = list(relay.document.pages.all())
    by_number = {result.number: result for result in results}
    if len(results) == len(rows) and any(page.number not in by_number for page in rows):
        by_number = {page.number: result for page, result in zip(rows, results, strict=True)}
    for page in rows:
        if result := by_number.get(page.number):
            _close(relay, token, page, _fields(result, page.number))
        elif not page.done:
            _close(relay, token, page, _failure(MISSING))


def settle(relay: Relay, token: str) -> None:
    """Nothing more will come: the document is finished, and its formats are made."""
    if Relay.objects.filter(pk=relay.pk, claim=token).update(
        settled_at=timezone.now(), claim="", lease_until=None
    ):
        queues.draw(relay.document_id)
        conversion.finish(relay.document)


def fail(relay: Relay, token: str, error: ProviderError) -> None:
    """The document failed there; pages that came before are kept."""
    with transaction.atomic():
        failed = _mine(relay, token).change(
            status=Status.ERROR,
            error_id=error.error_id[:40],
            error_detail=error.as_detail(),
            completed_at=timezone.now(),
        )
        Relay.objects.filter(pk=relay.pk, claim=token).update(
            settled_at=timezone.now(), claim="", lease_until=None
        )
        if failed:
            conversion.count(relay.document)
            events.settled(relay.document_id)


def silent_for(relay: Relay) -> timedelta:
    relay.refresh_from_db(fields=["progress_at"])
    return timezone.now() - relay.progress_at


def _mine(relay: Relay, token: str) -> Any:
    """The document, while this relay is the one that is followed."""
    held = Relay.objects.filter(document=OuterRef("pk"), pk=relay.pk, claim=token, settled_at=None)
    return Document.objects.unfinished().filter(Exists(held), pk=relay.document_id)


def _close(relay: Relay, token: str, page: Page, fields: dict[str, Any]) -> bool:
    """Writes the page if the relay is still ours, and tells those who follow the document."""
    now = timezone.now()
    with transaction.atomic():
        if not _mine(relay, token).change():
            return False
        seconds = max(0.0, (now - relay.progress_at).total_seconds())
        first = {} if page.done else {"duration": seconds, "completed_at": now}
        Page.objects.filter(pk=page.pk).update(
            **{"html": "", **fields},
            **first,
            provider=MATHPIX,
            edition=page.edition + 1,
            claim="",
            lease_until=None,
        )
        Relay.objects.filter(pk=relay.pk).update(progress_at=now)
    relay.progress_at = now
    return True


def _fields(result: PageResult, number: int) -> dict[str, Any]:
    return {
        "status": PageStatus.COMPLETED,
        "mmd": result.mmd,
        "plain": result.plain,
        "search_text": search.stored(result.plain, result.mmd),
        "lines": result.lines,
        "width": result.width,
        "height": result.height,
        **flagging.of(result.mmd, number, result.confidence),
        **contents.of(result.mmd, result.lines),
        "error_id": "",
        "error_detail": {},
    }


def _failure(error: ProviderError) -> dict[str, Any]:
    return {
        "status": PageStatus.ERROR,
        "error_id": error.error_id[:40],
        "error_detail": error.as_detail(),
    }
