"""App tokens: keys for a while, for programs in other people's hands."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from mathpixweb.accounts import keys, rows
from mathpixweb.accounts.models import ApiKey, AppToken, Team

KEPT = timedelta(days=1)  # after their end, until the next token is issued


def issue(
    key: ApiKey, seconds: float, *, user_id: str = "", with_strokes_session: bool = False
) -> tuple[AppToken, str]:
    """A new token of the key and its secret, which cannot be read again."""
    now = timezone.now()
    AppToken.objects.filter(expires_at__lt=now - KEPT).delete()
    secret = f"token_{secrets.token_hex(16)}"
    token = AppToken.objects.create(
        api_key=key,
        token_hash=keys.fingerprint(secret),
        user_id=user_id,
        strokes_session_id=f"strokes_{secrets.token_hex(16)}" if with_strokes_session else "",
        expires_at=now + timedelta(seconds=seconds),
    )
    return token, secret


def find(secret: str, app_id: str | None = None) -> AppToken | None:
    """The living token with this secret; an `app_id` given beside it must be its key's."""
    token = rows.one(AppToken, "token_hash", keys.fingerprint(secret))
    if token is None or token.revoked_at is not None or token.expires_at <= timezone.now():
        return None
    key = keys.with_team(rows.one(ApiKey, "id", token.api_key_id))
    if key is None or (app_id and app_id != key.app_id):
        return None
    token.api_key = key
    keys.note_use(key)
    return token


def of_team(team: Team, secret: str) -> AppToken | None:
    """The living token with this secret, if a key of the team has issued it."""
    return _living().filter(api_key__team=team, token_hash=keys.fingerprint(secret)).first()


def has_session(team: Team, session_id: str) -> bool:
    """Whether a key of the team was given this session of strokes, and it has not ended."""
    return _living().filter(api_key__team=team, strokes_session_id=session_id).exists()


def living_of(team: Team) -> QuerySet[AppToken]:
    """The team's tokens that still open something, the newest first."""
    return _living().filter(api_key__team=team).order_by("-pk")


def revoke(token: AppToken) -> None:
    AppToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def _living() -> QuerySet[AppToken]:
    """Neither ended nor revoked, nor the key behind them."""
    living = AppToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), api_key__revoked_at=None)
    return living.select_related("api_key__team")
