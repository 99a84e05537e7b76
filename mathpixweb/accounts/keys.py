"""API keys: issued once in clear, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from mathpixweb.accounts import rows
from mathpixweb.accounts.models import ApiKey, Team, User
from mathpixweb.accounts.permissions import Scope

LAST_USED_STEP = timedelta(minutes=1)  # so that a busy key does not write at every request


def fingerprint(secret: str) -> str:
    """Keys are random and long, so one fast hash keeps them safe and findable."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(
    team: Team,
    name: str,
    *,
    created_by: User | None = None,
    app_id: str = "",
    secret: str = "",
    scopes: Sequence[str] = (),
) -> tuple[ApiKey, str]:
    """A new key of the team and its secret, which cannot be read again."""
    secret = secret or secrets.token_hex(32)
    key = ApiKey.objects.create(
        team=team,
        name=name,
        app_id=app_id or f"{secrets.token_hex(6)}_{secrets.token_hex(3)}",
        key_hash=fingerprint(secret),
        key_start=secret[:6],
        scopes=list(scopes),
        created_by=created_by,
    )
    return key, secret


def find(secret: str, app_id: str | None = None) -> ApiKey | None:
    """The living key with this secret; an `app_id` given beside it must be its own."""
    key = with_team(rows.one(ApiKey, "key_hash", fingerprint(secret)))
    if key is None or (app_id and app_id != key.app_id):
        return None
    note_use(key)
    return key


def with_team(key: ApiKey | None) -> ApiKey | None:
    """The key and its team; none that was revoked."""
    if key is None or key.revoked_at is not None:
        return None
    team = rows.one(Team, "id", key.team_id)
    if team is None:
        return None
    key.team = team
    return key


def note_use(key: ApiKey) -> None:
    """Notes that the key, or a token of it, was used; at most once a minute."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_STEP)
    if key.last_used_at is None or key.last_used_at < now - LAST_USED_STEP:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def living_of(team: Team) -> QuerySet[ApiKey]:
    """The team's keys that are good for anything."""
    return ApiKey.objects.filter(team=team, revoked_at=None)


def is_living(key: ApiKey) -> bool:
    return living_of(key.team).filter(pk=key.pk).exists()


def revoke(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def good_for(key: ApiKey, scope: str) -> bool:
    return not key.scopes or scope in key.scopes


def change(key: ApiKey, name: str, scopes: Sequence[str], limits: Mapping[str, int | None]) -> None:
    """All scopes are kept as none, so that a scope of a later version is not missing."""
    narrowed = [] if set(scopes) == set(Scope.values) else list(scopes)
    ApiKey.objects.filter(pk=key.pk).update(name=name, scopes=narrowed, **limits)
