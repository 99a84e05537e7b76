"""What ends when a person leaves a team: the keys and links that the person made, and so may still know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from mathpixweb.accounts import keys, teams
from mathpixweb.accounts.models import ApiKey, Membership, Team, User
from mathpixweb.documents.library import sharing
from mathpixweb.documents.models.shares import ShareLink


@dataclass(frozen=True, slots=True)
class Left:
    """Who has gone, and how many keys and links ended; none where the team has kept them."""

    membership: Membership
    keys: int
    links: int


def remove(giver: Membership, number: int, *, keep: bool = False) -> Left:
    """Takes a person out of the team; `keep` leaves keys and links to it. Raises as `teams.remove` does."""
    with transaction.atomic():
        removed = teams.remove(giver, number)
        if keep:
            return Left(removed, 0, 0)
        ended = _end(removed.team, removed.user)
    return Left(removed, *ended)


def leave(membership: Membership) -> Left:
    """Raises LastOwner."""
    return remove(membership, membership.pk)


def _end(team: Team, user: User) -> tuple[int, int]:
    made = keys.living_of(team).filter(created_by=user)
    for key in made:
        keys.revoke(key)
    return len(made), sum(sharing.revoke(link) for link in _links(team).filter(created_by=user))


def _links(team: Team) -> QuerySet[ShareLink]:
    return sharing.living().filter(document__team=team)


def made_by(team: Team, people: Iterable[User]) -> dict[int, tuple[int, int]]:
    """How many living keys and links each of them has made, by the person's number."""
    numbers = [user.pk for user in people]
    living = (keys.living_of(team), _links(team))
    counted = [_counted(rows.filter(created_by__in=numbers)) for rows in living]
    return {number: (counted[0].get(number, 0), counted[1].get(number, 0)) for number in numbers}


def _counted(rows: QuerySet[ApiKey] | QuerySet[ShareLink]) -> dict[int, int]:
    makers = [maker for maker in rows.values_list("created_by", flat=True) if maker is not None]
    return {maker: makers.count(maker) for maker in set(makers)}
