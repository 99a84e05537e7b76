"""People who sign in with an account elsewhere (OpenID Connect): who they are here, and who may come in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from mathpixweb.accounts import invitations
from mathpixweb.accounts.models import Identity, Invitation, Membership, Team, User


class NotWelcome(Exception):
    """The person has shown who they are, and has no place here."""


class Unproven(NotWelcome):
    """The provider does not vouch for the e-mail address, so it could be anybody's."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says of a person; `subject` is theirs for ever, `email` may change."""

    issuer: str
    subject: str
    email: str
    name: str
    proven: bool


def find_or_admit(claims: Claims, *, invited: Invitation | None = None) -> User:
    """The person's account, made if they may come in. Raises NotWelcome.

    Known people are found by the subject; the first time by their proven address, which may have an account,
    an invitation, or a place in the team that the settings open to everybody of the provider. `invited` is an
    invitation whose link they hold.
    """
    known = (
        Identity.objects.filter(issuer=claims.issuer, subject=claims.subject).select_related("user").first()
    )
    if known:
        return known.user
    if not claims.email or not claims.proven:
        raise Unproven
    with transaction.atomic():
        user = User.objects.filter(email=claims.email.lower()).first() or _newcomer(claims, invited)
        Identity.objects.create(user=user, issuer=claims.issuer, subject=claims.subject)
    return user


def _newcomer(claims: Claims, invited: Invitation | None) -> User:
    waiting = invitations.open_for(claims.email)
    open_team = (
        Team.objects.filter(name=settings.OIDC_TEAM).order_by("pk").first() if settings.OIDC_TEAM else None
    )
    if not waiting and invited is None and open_team is None:
        raise NotWelcome
    user = User.objects.create_user(claims.email, name=claims.name[:120])
    for invitation in waiting:
        invitations.accept(invitation, user)
    if open_team is not None:
        Membership.objects.get_or_create(team=open_team, user=user, defaults={"role": settings.OIDC_ROLE})
    return user


def only_by_link(user: User) -> bool:
    """Whether the person has no way in of their own: no password, and no account elsewhere."""
    return not user.has_usable_password() and not Identity.objects.filter(user=user).exists()
