"""A team's budget for a month at list price, and how much of it the running month has taken.

What has been passed stands in the team's row, so that a page shows it without summing anything up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from mathpixweb.accounts import months, usage_report
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.usage_report import Asked

LEVELS = (100, 80)  # percent that are told of
PAUSE = timedelta(minutes=1)  # between two looks at a team, by whichever machine


def change(team: Team, amount: Decimal | None) -> None:
    """Sets the budget; another amount has its own 80 percent, which nobody has been told of."""
    same = Q(budget=amount) if amount is not None else Q(budget=None)
    Team.objects.filter(pk=team.pk).exclude(same).update(
        budget=amount, budget_passed=0, budget_month=None, budget_seen_at=None
    )


def due() -> Iterator[Team]:
    """Teams that have not been looked at for a while and have not passed all of their budget, each once."""
    for team in _waiting():
        if _waiting().filter(pk=team.pk).update(budget_seen_at=timezone.now()):
            yield team


def _waiting() -> QuerySet[Team]:
    now = timezone.now()
    rested = Q(budget_seen_at=None) | Q(budget_seen_at__lt=now - PAUSE) | Q(budget_seen_at__gt=now + PAUSE)
    told = Q(budget_passed=max(LEVELS), budget_month=months.began(now).date())
    return Team.objects.filter(rested, budget__isnull=False).exclude(told)


def look(team: Team) -> int:
    """The percent of the budget that the month has newly passed, told to one of those who look; else 0."""
    team.refresh_from_db(fields=["budget", "budget_passed", "budget_month"])
    passed = _passed(team)
    if passed <= team.budget_alert:
        return 0
    as_it_was = Team.objects.filter(
        pk=team.pk, budget=team.budget, budget_passed=team.budget_passed, budget_month=team.budget_month
    )
    return (
        passed
        if as_it_was.update(budget_passed=passed, budget_month=months.began(timezone.now()).date())
        else 0
    )


def spent(team: Team) -> Decimal:
    """What the running month has cost up to now."""
    now = timezone.now()
    return usage_report.totals(Asked(team, months.began(now), months.ends(now))).cost


def _passed(team: Team) -> int:
    if team.budget is None:
        return 0
    cost = spent(team)
    return next((level for level in LEVELS if cost > 0 and 100 * cost >= level * team.budget), 0)
