"""Telling other people's servers: each message is a row, sent by a worker, and tried again until it is taken.

A row is written in the transaction of what it tells about, so nothing is forgotten when a worker dies. What
was sent but not noted is sent once more: receivers get every message at least once.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import httpx
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from mathpixweb.accounts import remote_accounts, sealing, signing_secrets
from mathpixweb.accounts.models import Team
from mathpixweb.documents.fetching import addresses, fetching, network
from mathpixweb.documents.fetching.network import Blocked
from mathpixweb.documents.models import Batch, Document
from mathpixweb.documents.models.callbacks import Delivery, DeliveryStatus, Webhook
from mathpixweb.documents.work import claims, queues
from mathpixweb.providers.base import ProviderError

logger = logging.getLogger(__name__)

SECONDS = 10.0  # for one try, names and connection included
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0.2, 1, 5, 30, 120, 360, 720))  # 20 hours in all
KEPT = timedelta(days=30)  # in the log, after their end
SIGNATURE = "Mathpix-Signature"
USER_AGENT = "MathpixWeb-Callback"
NO_ANSWER = "No answer arrived."
NOTHING_LEAVES = "Nothing may leave this server, so nobody is told anything."
CLOSED = "The webhook is paused or was deleted."
TEST = "test"  # the event of a message that tells of nothing; it is tried once
SEALED_ELSEWHERE = "The headers cannot be read any more: they were stored under another SECRET_KEY."

UNREADABLE = (
    "The secret of this webhook cannot be read any more: it was stored under another SECRET_KEY. "
    "Delete the webhook and add it again."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try; `detail` says what went wrong, if anything did."""

    response_code: int | None = None
    detail: str = ""

    @property
    def delivered(self) -> bool:
        return not self.detail


def check_order(team: Team, url: str, *, https_only: bool = True) -> None:
    """A look at the address that a request names. Raises ProviderError("opts_bad_callback")."""
    if not may_tell(team):
        message = (
            "Nothing may leave this server, so it calls no address: leave the callback out and ask for the "
            "result. EGRESS=false, or a setting of the team, says so."
        )
        raise ProviderError("opts_bad_callback", message, post=url)
    check_url(url, https_only=https_only)


def check_url(url: str, *, https_only: bool = True) -> None:
    """A quick look without the name server. Raises ProviderError("opts_bad_callback")."""
    try:
        checked = fetching.checked(url, settings.ALLOW_PRIVATE_CALLBACKS)
    except (Blocked, httpx.InvalidURL) as error:
        raise _refused(url) from error
    if https_only and checked.scheme != "https" and not _opened(checked.host):
        raise ProviderError("opts_bad_callback", "Callbacks go to https addresses only.", post=url)


def _refused(url: str) -> ProviderError:
    message = "Callbacks go to public https addresses, such as https://example.org/hook."
    return ProviderError("opts_bad_callback", message, post=url)


def _opened(host: str) -> bool:
    """Whether the operator has opened a network to which this address belongs, written as a number."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in net for net in addresses.networks(settings.ALLOW_PRIVATE_CALLBACKS))


def enqueue(
    team: Team,
    url: str,
    body: Mapping[str, object] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    sealed_headers: str = "",
    event: str = "",
    document: Document | None = None,
    batch: Batch | None = None,
    webhook: Webhook | None = None,
    once: str | None = None,
    private: bool = False,
) -> Delivery:
    """Stores a message for `url`, which `check_url` has seen, and wakes a worker on commit.

    Without a `body` the message is what the API answers about the document or batch when it is first sent.
    Of equal `once` only the first is stored. A `private` body is sealed, and erased at the end.
    """
    text = "" if body is None else dumped(body)
    values: dict[str, Any] = {
        "team": team,
        "document": document,
        "batch": batch,
        "webhook": webhook,
        "event": event,
        "url": url,
        "host": httpx.URL(url).host[:255],
        "headers": sealing.seal(json.dumps(dict(headers))) if headers else sealed_headers,
        "body": sealing.seal(text) if private and text else text,
        "private": private,
    }
    if once is None:
        delivery, new = Delivery.objects.create(**values), True
    else:
        delivery, new = Delivery.objects.get_or_create(once=once, defaults=values)
    if new:
        queues.deliver(delivery.pk)
    return delivery


def dumped(body: Mapping[str, object]) -> str:
    """The body as it is signed and sent: the bytes that a GET of the same answers."""
    return json.dumps(body)


def deliver(delivery_id: int) -> None:
    """One try, unless it is not due, done or in other hands."""
    due = _due().filter(pk=delivery_id)
    token = claims.take(due)
    if token is None:
        return
    delivery = Delivery.objects.select_related("team", "document", "batch", "webhook").get(pk=delivery_id)
    try:
        with claims.held(Delivery, token, SECONDS + claims.BEAT_SECONDS):
            outcome = _attempt(delivery, token)
    except claims.Interrupted as interrupted:
        if interrupted.lost:
            return
        outcome = Outcome(detail=NO_ANSWER)
    except Exception:
        logger.exception("callback %s could not be sent", delivery.pk)
        outcome = Outcome(detail="Something went wrong on this server.")
    _note(delivery, token, outcome)


def try_now(delivery: Delivery) -> None:
    """One try while somebody waits, in any thread. The claim is not renewed: till it ends none is due."""
    token = claims.take(_due().filter(pk=delivery.pk), due_at=timezone.now() + PAUSES[1])
    if token is not None:
        delivery.attempts += 1
        _note(delivery, token, _attempt(delivery, token))
        delivery.refresh_from_db()


def _attempt(delivery: Delivery, token: str) -> Outcome:
    if reason := kept_back(delivery):
        return Outcome(detail=reason)
    try:
        headers = json.loads(sealing.unseal(delivery.headers)) if delivery.headers else {}
        secrets = _secrets(delivery.webhook) if delivery.webhook else ()
        text = _text(delivery, token)
    except sealing.Unreadable:
        return Outcome(detail=UNREADABLE if delivery.webhook else SEALED_ELSEWHERE)
    return send(delivery.team, delivery.url, text, headers, secrets=secrets)


def _secrets(webhook: Webhook) -> tuple[str, ...]:
    """Its own, and for a while after a renewal the one before, if that can still be read."""
    own = sealing.unseal(webhook.secret)
    if both_sign(webhook):
        with contextlib.suppress(sealing.Unreadable):
            return own, sealing.unseal(webhook.secret_before)
    return (own,)


def both_sign(webhook: Webhook) -> bool:
    """Whether the secret before the latest renewal still signs."""
    return webhook.secret_before_until is not None and webhook.secret_before_until > timezone.now()


def kept_back(delivery: Delivery) -> str:
    """Why the message is not sent just now; empty when it may go."""
    webhook = delivery.webhook
    if webhook and (webhook.deleted_at or (webhook.active_since is None and delivery.event != TEST)):
        return CLOSED
    return "" if may_tell(delivery.team) else NOTHING_LEAVES


def may_tell(team: Team) -> bool:
    """Whether the rules of the operator and of the team let anybody outside be told anything."""
    return remote_accounts.may_leave(remote_accounts.of_team(team))


def _text(delivery: Delivery, token: str) -> str:
    """The body; composed and kept at the first try, so that all tries say the same."""
    if delivery.body:
        return sealing.unseal(delivery.body) if delivery.private else delivery.body
    compose: Callable[[Delivery], Mapping[str, object]] = import_string(settings.CALLBACK_BODY)
    text = dumped(compose(delivery))
    kept = sealing.seal(text) if delivery.private else text
    Delivery.objects.filter(pk=delivery.pk, claim=token).update(body=kept)
    return text


def send(
    team: Team,
    url: str,
    text: str,
    headers: Mapping[str, str] | None = None,
    resolve: network.Resolver = network.resolve,
    *,
    secrets: tuple[str, ...] = (),
) -> Outcome:
    """Posts the body once, signed with the team's secret if no others are given.

    Redirects are not followed and answers are not read.
    """
    content = text.encode()
    own = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        SIGNATURE: signature(secrets or (signing_secrets.of_team(team),), content, int(time.time())),
    }
    deadline = network.Deadline(SECONDS)
    opened = settings.ALLOW_PRIVATE_CALLBACKS
    try:
        target = fetching.checked(url, opened)
        with (
            network.client(deadline, resolve, opened) as session,
            session.stream("POST", target, content=content, headers={**(headers or {}), **own}) as response,
        ):
            return _judged(response.status_code)
    except (Blocked, httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error) if isinstance(error, Blocked) else type(error).__name__
        logger.warning("callback not delivered: %s (%s)", fetching.bare(url), reason)
        return Outcome(detail=NO_ANSWER)


def _judged(code: int) -> Outcome:
    if httpx.codes.is_success(code):
        return Outcome(code)
    if httpx.codes.is_redirect(code):
        return Outcome(code, f"The address answered with a redirect (HTTP {code}), which is not followed.")
    return Outcome(code, f"The address answered HTTP {code}.")


def signature(secrets: tuple[str, ...], content: bytes, moment: int) -> str:
    """`t=1700000000,v1=…`: the HMAC-SHA256 of the moment, a dot and the body; a `v1` for each secret."""
    signed = f"{moment}.".encode() + content
    codes = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join((f"t={moment}", *(f"v1={code}" for code in codes)))


def _note(delivery: Delivery, token: str, outcome: Outcome) -> None:
    mine = Delivery.objects.filter(pk=delivery.pk, claim=token)
    now = timezone.now()
    tries = delivery.attempts
    noted: dict[str, Any] = {
        "response_code": outcome.response_code,
        "detail": outcome.detail,
        "claim": "",
        "lease_until": None,
    }
    if outcome.delivered or tries > len(PAUSES) or delivery.event == TEST:
        status = DeliveryStatus.DELIVERED if outcome.delivered else DeliveryStatus.FAILED
        erased = {"body": ""} if delivery.private else {}
        mine.update(**noted, **erased, status=status, completed_at=now, headers="")
        return
    due_at = now + PAUSES[tries - 1]
    with transaction.atomic():
        mine.update(**noted, due_at=due_at)
        if outcome.response_code is None:
            # a host that does not answer would hold up a worker for each of its messages
            _waiting().filter(host=delivery.host, team=delivery.team, due_at__lt=due_at).update(due_at=due_at)


def _waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(status=DeliveryStatus.WAITING)


def _due() -> QuerySet[Delivery]:
    return _waiting().filter(due_at__lte=timezone.now())


def forget(document: Document) -> None:
    """Drops what was still to be told of a document that is deleted, and the text of what was told."""
    _waiting().filter(document=document).delete()
    Delivery.objects.filter(document=document).update(body="")


def sweep() -> None:
    """Ends the log's oldest lines, and the webhooks to which none can lead any more."""
    now = timezone.now()
    Delivery.objects.filter(completed_at__lt=now - KEPT).delete()
    Webhook.objects.filter(deleted_at__lt=now - 2 * KEPT).delete()


def replay(delivery: Delivery) -> Delivery | None:
    """Sends the same text to the same address once more; None when the text is no longer known.

    Headers that came with the order are gone since its end, so the copy goes with ours alone.
    """
    if delivery.private or not delivery.body:
        return None
    with transaction.atomic():
        copy = Delivery.objects.create(
            team=delivery.team,
            document=delivery.document,
            batch=delivery.batch,
            webhook=delivery.webhook,
            event=delivery.event,
            url=delivery.url,
            host=delivery.host,
            headers=delivery.headers,
            body=delivery.body,
        )
        queues.deliver(copy.pk)
    return copy
