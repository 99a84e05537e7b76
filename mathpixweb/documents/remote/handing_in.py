"""Handing a document in at another server, once; from then on its stream is relayed."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents import provider, storage
from mathpixweb.documents.intake import page_quota
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.work import queues
from mathpixweb.providers import options as request_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import excerpts
from mathpixweb.providers.mathpix.faults import Unreachable
from mathpixweb.providers.mathpix.reading import MathpixProvider

logger = logging.getLogger(__name__)

CLOCKS = timedelta(days=1)  # by which the other server's may differ
PERHAPS_TAKEN = (
    "A worker stopped while this document was being handed in, so Mathpix may have it already. It is "
    "private, so no list there tells, and it was not sent again. Try again to have it sent once more."
)

HERE = Q(relay=None) | Q(relay__settled_at__isnull=False)  # documents whose pages do not come from elsewhere


def is_out(document: Document) -> bool:
    """Whether its pages still come from another server."""
    return Relay.objects.filter(document=document, settled_at=None).exists()


def may_go_on(document: Document) -> bool:
    """Whether it ended only here: by a person's wish, or since the account or the way there failed."""
    detail = document.error_detail
    lost = detail.get("provider") == MATHPIX and bool({"reason", "status"} & detail.keys())
    return document.cancelled or lost


def resume(document: Document) -> bool:
    """Follows again a document that ended here and went on there; whether there is one to follow."""
    return bool(
        Relay.objects.filter(document=document)
        .exclude(remote_id="")
        .update(settled_at=None, progress_at=timezone.now(), claim="", lease_until=None)
    )


def hand_in(document: Document, token: str) -> None:
    """Sends the document there and notes under which id. Raises ProviderError."""
    worker = provider.mathpix(document.team)
    numbers = _numbers(document)
    pages = len(numbers) or 1  # corrected when the number is known
    with transaction.atomic():
        page_quota.check(document, pages)
    known = _found_there(worker, document) if _may_be_there(document) else None
    _note(document, token, known or _sent(worker, document, pages), numbers)


def _may_be_there(document: Document) -> bool:
    """Whether it was sent and no answer noted: the worker died, or the answer was lost."""
    return Relay.objects.filter(document=document).exclude(announced_at=None).exists()


def _sent(worker: MathpixProvider, document: Document, pages: int) -> str:
    """The id under which it is taken there; what no list tells is sent again only by a person's wish."""
    if document.attempts > 1 and _may_be_there(document) and not _is_listed(document):
        raise ProviderError("sys_exception", PERHAPS_TAKEN, provider="mathpix")
    with provider.paid(document.team, pages):
        _announce(document)
        try:
            return _submitted(worker, document)
        except ProviderError as error:
            if not isinstance(error, Unreachable) or error.nothing_sent:
                Relay.objects.filter(document=document).update(announced_at=None)
            raise


def _announce(document: Document) -> None:
    """Notes that the document may be there from now on."""
    now = timezone.now()
    if not Relay.objects.filter(document=document).update(announced_at=now):
        Relay.objects.create(document=document, team=document.team, settled_at=now, announced_at=now)


def _numbers(document: Document) -> list[int]:
    """The pages asked for, as far as this server can open the file; empty when it cannot."""
    count = excerpts.page_count(storage.source(document))
    if count is None:
        return []
    numbers = request_options.page_numbers(str(document.options.get("page_ranges") or ""), count)
    if len(numbers) > settings.MAX_PAGES:
        message = f"These are {len(numbers)} pages, and this server takes {settings.MAX_PAGES} at once."
        limits = {"limit_value": settings.MAX_PAGES, "count": len(numbers)}
        raise ProviderError("pdf_page_limit_exceeded", message, **limits)
    return numbers


def _submitted(worker: MathpixProvider, document: Document) -> str:
    options = provider.asked_there(document.team, document.options)
    try:
        return worker.submit(storage.source(document), document.name, options, _mark(document))
    except Unreachable as error:
        known = None if error.nothing_sent else _found_there(worker, document)
        if known is None:
            raise
        return known


def _found_there(worker: MathpixProvider, document: Document) -> str | None:
    """The id of what was handed in already, though nobody here knows."""
    mark = _mark(document)
    try:
        return worker.find_submitted(mark, document.created_at - CLOCKS) if mark else None
    except ProviderError as error:
        logger.info("%s could not be looked for: %s", document.public_id, error.message)
        return None


def _is_listed(document: Document) -> bool:
    """Whether the other server's list will tell of it; nothing private is in it."""
    return not request_options.private(provider.asked_there(document.team, document.options))


def _mark(document: Document) -> str:
    """By which the other server's list tells it; nothing where it is in none.

    Another one after each time that is noted, so that what is to be read anew is.
    """
    if not _is_listed(document):
        return ""
    relay = Relay.objects.filter(document=document).exclude(remote_id="").first()
    return f"{document.public_id} {relay.remote_id}" if relay else document.public_id


def _note(document: Document, token: str, remote_id: str, numbers: list[int]) -> None:
    now = timezone.now()
    with transaction.atomic():
        mine = Document.objects.unfinished().filter(pk=document.pk, claim=token)
        if not mine.change(
            status=Status.LOADED, version=MathpixProvider.version, claim="", lease_until=None, attempts=0
        ):
            return
        Relay.objects.update_or_create(
            document=document,
            defaults={
                "team": document.team,
                "remote_id": remote_id,
                "numbers": numbers,
                "progress_at": now,
                "settled_at": None,
                "announced_at": None,
                "claim": "",
                "lease_until": None,
            },
        )
        queues.draw(document.pk)
