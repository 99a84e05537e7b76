"""The secret with which a team's webhooks are signed: made when it is first asked for, kept sealed."""

from __future__ import annotations

import secrets

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team


def of_team(team: Team) -> str:
    """The team's secret; a new one where there is none, or none that can be read any more."""
    team.refresh_from_db(fields=["signing_secret"])
    if secret := _readable(team.signing_secret):
        return secret
    Team.objects.filter(pk=team.pk, signing_secret=team.signing_secret).update(signing_secret=_new())
    team.refresh_from_db(fields=["signing_secret"])
    return sealing.unseal(team.signing_secret)


def renew(team: Team) -> str:
    """A new secret; what is signed from now on is signed with it."""
    Team.objects.filter(pk=team.pk).update(signing_secret=_new())
    return of_team(team)


def _readable(sealed: str) -> str:
    try:
        return sealing.unseal(sealed) if sealed else ""
    except sealing.Unreadable:
        return ""


def _new() -> str:
    return sealing.seal(f"whsec_{secrets.token_hex(32)}")
