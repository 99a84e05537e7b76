"""Options that a team keeps under a name."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from mathpixweb.accounts.models import Team, User
from mathpixweb.documents.models.staging import Preset

LONGEST_NAME = 60
MOST = 50  # of a team


def of_team(team: Team) -> QuerySet[Preset]:
    return Preset.objects.filter(team=team)


def keep(team: Team, name: str, choices: Mapping[str, object], user: User) -> Preset | None:
    """Replaces the one of that name; None without a name, or where there are too many."""
    name = " ".join(name.split())[:LONGEST_NAME]
    others = of_team(team).exclude(name=name)
    if not name or others.count() >= MOST:
        return None
    fields = {"choices": dict(choices), "created_by": user}
    return Preset.objects.update_or_create(team=team, name=name, defaults=fields)[0]


def use_for_all(preset: Preset, wanted: bool = True) -> None:
    """Whether it holds for every upload that says nothing else; then no other one does."""
    with transaction.atomic():
        of_team(preset.team).update(for_all=False)
        if wanted:
            of_team(preset.team).filter(pk=preset.pk).update(for_all=True)


def usual(team: Team) -> Preset | None:
    """The one that holds for all uploads."""
    return of_team(team).filter(for_all=True).first()
