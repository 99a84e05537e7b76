"""Teams and who is in them. A team always keeps an owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from mathpixweb.accounts import invitations, permissions
from mathpixweb.accounts.models import Membership, Team, User
from mathpixweb.accounts.permissions import Action, Role


class Refused(Exception):
    """What was asked for cannot be done to a team."""


class LastOwner(Refused):
    """Without this person nobody could decide about the team any more."""


class NotAllowed(Refused):
    """The role of the person who asks does not allow it."""


def create(name: str, owner: User) -> Membership:
    with transaction.atomic():
        team = Team.objects.create(name=name)
        return Membership.objects.create(team=team, user=owner, role=Role.OWNER)


def rename(team: Team, name: str) -> None:
    Team.objects.filter(pk=team.pk).update(name=name)


def limit(team: Team, limits: Mapping[str, int | None]) -> None:
    """Of all keys of the team together: requests a minute, pages a month."""
    Team.objects.filter(pk=team.pk).update(**limits)


def limit_people(
    people: Iterable[Membership], limits: Mapping[int, Mapping[str, int | None]]
) -> Iterator[tuple[Membership, dict[str, int | None]]]:
    """Sets the limits of those for whom one is another now, and names them with what is."""
    for member in people:
        changed = {name: limit for name, limit in limits[member.pk].items() if limit != getattr(member, name)}
        if changed:
            Membership.objects.filter(pk=member.pk).update(**changed)
            yield member, changed


def keep_nothing(team: Team, wanted: bool) -> bool:
    """From now on; whether that is new."""
    return bool(Team.objects.filter(pk=team.pk, keeps_nothing=not wanted).update(keeps_nothing=wanted))


def change_role(giver: Membership, number: int, role: str) -> Membership:
    """Raises Membership.DoesNotExist for one of another team, NotAllowed and LastOwner."""
    with transaction.atomic():
        changed = _locked(giver.team)[number]
        if not permissions.may_change(giver.role, changed.role, role):
            raise NotAllowed
        if changed.role == Role.OWNER and role != Role.OWNER:
            _keep_an_owner(changed)
        Membership.objects.filter(pk=changed.pk).update(role=role)
        invitations.revoke_beyond(changed.team, changed.user, manageable(role))
        changed.role = role
        return changed


def remove(giver: Membership, number: int) -> Membership:
    """Takes a person out of the team; what they added stays. Raises as `change_role` does."""
    with transaction.atomic():
        removed = _locked(giver.team)[number]
        oneself = removed.pk == giver.pk
        if not oneself and not permissions.may_give(giver.role, removed.role):
            raise NotAllowed
        if removed.role == Role.OWNER:
            _keep_an_owner(removed)
        Membership.objects.filter(pk=removed.pk).delete()
        invitations.revoke_beyond(removed.team, removed.user, [])
        return removed


def leave(membership: Membership) -> None:
    """Raises LastOwner."""
    remove(membership, membership.pk)


def may_operate(user: User) -> bool:
    """Whether the person runs the server: staff, and the owners of its first team."""
    if user.is_staff:
        return True
    first = Team.objects.order_by("pk").values("pk")[:1]
    return Membership.objects.filter(user=user, role=Role.OWNER, team__in=first).exists()


class _Members(dict[int, Membership]):
    def __missing__(self, number: int) -> Membership:
        raise Membership.DoesNotExist


def _locked(team: Team) -> _Members:
    """All members, as nobody else can change them until the end of the transaction."""
    members = Membership.objects.select_for_update(of=("self",)).filter(team=team).select_related("user")
    return _Members({member.pk: member for member in members})


def _keep_an_owner(but: Membership) -> None:
    if not Membership.objects.filter(team=but.team_id, role=Role.OWNER).exclude(pk=but.pk).exists():
        raise LastOwner


def manageable(giver: str) -> list[str]:
    """The roles that somebody of the role `giver` may give to others."""
    if not permissions.may(giver, Action.MANAGE_MEMBERS):
        return []
    return [role for role in Role.values if permissions.may_give(giver, role)]
