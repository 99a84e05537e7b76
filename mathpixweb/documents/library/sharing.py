"""Links by which anybody reads one document, until they expire or somebody takes them back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mathpixweb.accounts import keys, sealing
from mathpixweb.accounts.models import User
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.shares import ShareLink, ShareView

SALT = "mathpixweb.share"
MOST_VIEWS = 500  # of one link are kept, the newest
VIEWS_KEPT = timedelta(days=90)


def make(document: Document, user: User, *, expires_at: datetime | None, password: str = "") -> ShareLink:
    token = secrets.token_urlsafe(24)
    return ShareLink.objects.create(
        document=document,
        token_hash=keys.fingerprint(token),
        token=sealing.seal(token),
        password=make_password(password) if password else "",
        created_by=user,
        expires_at=expires_at,
    )


def find(token: str) -> ShareLink | None:
    """The link with that secret if it still opens anything."""
    return living().select_related("document").filter(token_hash=keys.fingerprint(token)).first()


def living() -> QuerySet[ShareLink]:
    """Those that open something."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    there = Q(document__deleted_at=None, document__trashed_at=None)
    return ShareLink.objects.filter(unexpired, there, revoked_at=None)


@dataclass(frozen=True, slots=True)
class Shown:
    """A link with what its document's people see of it; `token` is empty when it opens nothing any more."""

    link: ShareLink
    token: str
    expired: bool
    last_view: datetime | None


def of_document(document: Document) -> list[Shown]:
    """Newest first."""
    links = ShareLink.objects.filter(document=document).select_related("created_by")
    return [_shown(link, link.last_view) for link in links.annotate(last_view=Max("views__created_at"))]


def _shown(link: ShareLink, last_view: datetime | None) -> Shown:
    expired = link.expires_at is not None and link.expires_at <= timezone.now()
    token = "" if expired or link.revoked_at else _token(link)
    return Shown(link, token, expired, last_view)


def _token(link: ShareLink) -> str:
    try:
        return sealing.unseal(link.token)
    except sealing.Unreadable:
        return ""  # the server's SECRET_KEY has changed; the link itself still works


def revoke(link: ShareLink) -> bool:
    return bool(ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()))


def opens(link: ShareLink, password: str) -> bool:
    return check_password(password, link.password)


def proof(link: ShareLink) -> str:
    """What a browser keeps after it knew the password; worthless for any other link or password."""
    return salted_hmac(SALT, f"{link.pk} {link.password}", algorithm="sha256").hexdigest()


def note_view(link: ShareLink, address: str, browser: str) -> None:
    """Counted without end, kept with an end: whoever calls a link a million times fills no disk."""
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)
    ShareView.objects.create(link=link, address=address or None, browser=browser[:200])
    beyond = ShareView.objects.filter(link=link).order_by("-pk")[MOST_VIEWS : 2 * MOST_VIEWS]
    ShareView.objects.filter(pk__in=list(beyond.values_list("pk", flat=True))).delete()


def sweep() -> None:
    """Forgets who opened links long ago."""
    ShareView.objects.filter(created_at__lt=timezone.now() - VIEWS_KEPT).delete()
