"""Links by which anybody reads one document, until they expire or somebody takes them back."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mathpixweb.accounts import keys, sealing
from mathpixweb.accounts.models import User
from mathpixweb.documents.models import Document
from mathpixweb.documents.share_models import ShareLink, ShareView

SALT = "mathpixweb.share"


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
    return _open().select_related("document").filter(token_hash=keys.fingerprint(token)).first()


def _open() -> QuerySet[ShareLink]:
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    there = Q(document__deleted_at=None, document__trashed_at=None)
    return ShareLink.objects.filter(unexpired, there, revoked_at=None)


def of_document(document: Document) -> list[ShareLink]:
    """Newest first, each with `token_text`, `views_count` and `last_view`; those taken back have no token."""
    links = ShareLink.objects.filter(document=document).select_related("created_by")
    counted = list(links.annotate(views_count=Count("views"), last_view=Max("views__created_at")))
    for link in counted:
        link.token_text = _token(link)  # type: ignore[attr-defined]
        link.over = bool(link.expires_at and link.expires_at <= timezone.now())  # type: ignore[attr-defined]
    return counted


def _token(link: ShareLink) -> str:
    try:
        return "" if link.revoked_at else sealing.unseal(link.token)
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
    ShareView.objects.create(link=link, address=address or None, browser=browser[:200])
