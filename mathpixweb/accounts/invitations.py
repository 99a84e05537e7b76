"""Invitations: a link that makes whoever opens it a member, once, within a week."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import Invitation, Membership, Team, User

VALID = timedelta(days=7)


class ForSomebodyElse(Exception):
    """The invitation names another e-mail address."""


class AlreadyIn(Exception):
    """Who has this e-mail address is in the team."""


def make(team: Team, role: str, *, created_by: User, email: str = "") -> tuple[Invitation, str]:
    """An invitation and the secret of its link, which cannot be read again.

    It takes the place of an open one for the same address. Raises AlreadyIn.
    """
    email, secret = email.strip().lower(), secrets.token_urlsafe(24)
    if email:
        if team.memberships.filter(user__email=email).exists():
            raise AlreadyIn
        _open().filter(team=team, email=email).update(revoked_at=timezone.now())
    invitation = Invitation.objects.create(
        team=team,
        email=email,
        role=role,
        token_hash=keys.fingerprint(secret),
        created_by=created_by,
        expires_at=timezone.now() + VALID,
    )
    return invitation, secret


def open_of(team: Team) -> QuerySet[Invitation]:
    """Those that somebody can still accept."""
    return _open().filter(team=team).select_related("created_by").order_by("-pk")


def find(secret: str) -> Invitation | None:
    """The invitation behind a link, while it is open."""
    return _open().select_related("team", "created_by").filter(token_hash=keys.fingerprint(secret)).first()


def open_for(email: str) -> list[Invitation]:
    """Those that name this address."""
    return list(_open().filter(email=email.lower()).select_related("team"))


def accept(invitation: Invitation, user: User) -> Membership | None:
    """Makes the person a member; None when somebody was faster. Who is one already keeps the role.

    Raises ForSomebodyElse.
    """
    if invitation.email and invitation.email != user.email:
        raise ForSomebodyElse
    with transaction.atomic():
        if not _open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
            return None
        membership, _ = Membership.objects.get_or_create(
            team=invitation.team, user=user, defaults={"role": invitation.role}
        )
        return membership


def sign_up(invitation: Invitation, *, email: str, name: str, password: str) -> User | None:
    """Makes the account of a newcomer and accepts for them; None when the invitation is used up."""
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name)
        if accept(invitation, user) is None:
            transaction.set_rollback(True)
            return None
        return user


def revoke(invitation: Invitation) -> None:
    _open().filter(pk=invitation.pk).update(revoked_at=timezone.now())


def revoke_beyond(team: Team, giver: User, roles: Sequence[str]) -> None:
    """Ends the giver's open invitations to other roles: a link kept aside must not outlast a role."""
    given = _open().filter(team=team, created_by=giver).exclude(role__in=roles)
    given.update(revoked_at=timezone.now())


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
