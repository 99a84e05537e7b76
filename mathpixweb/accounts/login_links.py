"""One-time login links: valid once, and only until the person has signed in some other way."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

from mathpixweb.accounts.models import User

SALT = "mathpixweb.login-link"


def make(user: User) -> str:
    """A token for `user`. It names the last sign-in, so using it makes it worthless."""
    return signing.dumps({"user": user.pk, "seen": _last_seen(user)}, salt=SALT)


def redeem(token: str) -> User | None:
    """The person the token was made for; None when it is forged, used or too old."""
    try:
        claim = signing.loads(token, salt=SALT, max_age=timedelta(hours=settings.LOGIN_LINK_HOURS))
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=claim["user"], is_active=True).first()
    if user is None or claim["seen"] != _last_seen(user):
        return None
    # signing in again within the clock's resolution must not leave the token alive
    stamped = User.objects.filter(pk=user.pk, last_login=user.last_login).update(last_login=timezone.now())
    return user if stamped else None


def _last_seen(user: User) -> str:
    return user.last_login.isoformat() if user.last_login else ""
