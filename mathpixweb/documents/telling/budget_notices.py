"""A word to those who answer for a team's budget when the month has taken most of it, and all of it."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from mathpixweb.accounts import budgets
from mathpixweb.accounts.models import Team, User
from mathpixweb.accounts.permissions import ALLOWED, Action
from mathpixweb.documents.work import queues


def sweep() -> None:
    """Looks at the teams that are due, each at most once a minute."""
    for team in budgets.due():
        note(team)


def note(team: Team) -> None:
    """Has a worker tell of what the month has newly passed."""
    if budgets.look(team):
        queues.warn_of_budget(team.pk)


def tell(team_id: int) -> None:
    team = Team.objects.filter(pk=team_id).first()
    if team is not None and team.budget_alert:
        import_string(settings.BUDGET_NOTICE)(team, _answerable(team))


def _answerable(team: Team) -> list[User]:
    roles = ALLOWED[Action.MANAGE_BUDGET]
    people = User.objects.filter(is_active=True, memberships__team=team, memberships__role__in=roles)
    return list(people.order_by("pk"))
