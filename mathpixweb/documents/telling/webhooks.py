"""Addresses that a team has set up once, and that hear of all its documents, however those came."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team, User
from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import Batch, Document
from mathpixweb.documents.models.callbacks import Delivery, DeliveryStatus, Webhook
from mathpixweb.documents.telling import callbacks

MOST = 10  # a team; each is one more message a document
BOTH_SIGN = timedelta(hours=24)  # after a renewal, the secret before and the new one


class TooMany(Exception):
    """The team has as many as it may have."""


def of_team(team: Team) -> QuerySet[Webhook]:
    return Webhook.objects.filter(team=team, deleted_at=None)


def active(team: Team) -> bool:
    """Whether anybody is told anything."""
    return of_team(team).filter(active_since__isnull=False).exists()


def add(team: Team, url: str, events: Sequence[str], *, created_by: User) -> tuple[Webhook, str]:
    """The webhook and the secret that signs its messages. Raises TooMany, ProviderError for the address."""
    callbacks.check_url(url)
    if of_team(team).count() >= MOST:
        raise TooMany
    secret = _new_secret()
    made = Webhook.objects.create(
        team=team,
        url=url,
        host=_host(url),
        events=list(events),
        secret=sealing.seal(secret),
        active_since=timezone.now(),
        created_by=created_by,
    )
    return made, secret


def renew_secret(webhook: Webhook) -> str:
    """A new secret. The one before signs too for a day, so that no message is lost while programs change."""
    secret = _new_secret()
    of_team(webhook.team).filter(pk=webhook.pk).update(
        secret=sealing.seal(secret),
        secret_before=F("secret"),
        secret_before_until=timezone.now() + BOTH_SIGN,
    )
    return secret


def _new_secret() -> str:
    return f"whsec_{secrets.token_hex(32)}"


def change(webhook: Webhook, url: str, events: Sequence[str]) -> None:
    """Holds for events from now on. Raises ProviderError for the address."""
    callbacks.check_url(url)
    webhook.url, webhook.host, webhook.events = url, _host(url), list(events)
    living = of_team(webhook.team).filter(pk=webhook.pk)
    living.update(url=url, host=webhook.host, events=webhook.events)


def _host(url: str) -> str:
    return httpx.URL(url).host[:255]


def resume(webhook: Webhook) -> None:
    """What ends from now on is told; what ended in the pause is not."""
    of_team(webhook.team).filter(pk=webhook.pk, active_since=None).update(active_since=timezone.now())


def pause(webhook: Webhook) -> None:
    """No more is told, and what waits for another try is given up."""
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(active_since=None)
        _give_up(webhook)


def remove(webhook: Webhook) -> None:
    """Ends it; the log keeps what was sent, but nothing of it can be sent again."""
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(
            deleted_at=timezone.now(), active_since=None, url="", secret="", secret_before=""
        )
        _give_up(webhook)


def _give_up(webhook: Webhook) -> None:
    waiting = Delivery.objects.filter(webhook=webhook, status=DeliveryStatus.WAITING)
    ended = {"status": DeliveryStatus.FAILED, "completed_at": timezone.now(), "detail": callbacks.CLOSED}
    waiting.filter(private=True).update(body="")
    waiting.update(**ended, claim="", lease_until=None)


def test(webhook: Webhook) -> Delivery:
    """Sends the sample at once, which is tried once; the log's line of it."""
    made = Delivery.objects.create(
        team=webhook.team, webhook=webhook, event=callbacks.TEST, url=webhook.url, host=webhook.host
    )
    callbacks.try_now(made)
    return made


def listening(team: Team, event: str, ended: datetime) -> list[Webhook]:
    """Who is told of an event of this moment.

    What is older than the log is not told: whether it was already is known no more.
    """
    if ended < timezone.now() - callbacks.KEPT:
        return []
    found = [hook for hook in of_team(team).filter(active_since__lte=ended) if event in hook.events]
    return found if found and callbacks.may_tell(team) else []


def tell(document: Document, event: str, ended: datetime) -> None:
    """Notes a message to each webhook of the team; call it in the transaction that ends the document."""
    moment = int(ended.timestamp() * 1000)
    for hook in listening(document.team, event, ended):
        once = f"{event}:webhook-{hook.pk}:{document.pk}:{moment}"
        _enqueue(hook, event, once=once, document=document, private=document.private)


def tell_of_image(document: Document, event: str, body: Mapping[str, object]) -> None:
    """The same of an image, whose result is the message."""
    for hook in listening(document.team, event, timezone.now()):
        _enqueue(hook, event, body, document=document, private=document.private)


def tell_of_job(batch: Batch, event: str) -> None:
    """The same of a job, whose end is that of its last file or that it was finalized."""
    if batch.finalized_at is None or not listening(batch.team, event, timezone.now()):
        return
    last: datetime | None = batches.files(batch).aggregate(last=Max("completed_at"))["last"]
    for hook in listening(batch.team, event, max(batch.finalized_at, last or batch.finalized_at)):
        _enqueue(hook, event, once=f"{event}:webhook-{hook.pk}:{batch.pk}", batch=batch)


def _enqueue(
    webhook: Webhook,
    event: str,
    body: Mapping[str, object] | None = None,
    *,
    document: Document | None = None,
    batch: Batch | None = None,
    once: str | None = None,
    private: bool = False,
) -> None:
    callbacks.enqueue(
        webhook.team,
        webhook.url,
        body,
        event=event,
        document=document,
        batch=batch,
        webhook=webhook,
        once=once,
        private=private,
    )
