"""What of a team may be sent to another server: its account there, its rules, its budget."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from mathpixweb.accounts import rows, sealing
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_models import Region, RemoteAccount

LOCAL, MATHPIX = "local", "mathpix"
SENDABLE = re.compile(r"\A[ -~]*\Z")  # keys travel as headers


class Forbidden(Exception):
    """The team's rules keep this from leaving; the text says which, for the person."""


class OverBudget(Exception):
    """The month's pages are used up."""

    def __init__(self, budget: int, used: int) -> None:
        super().__init__(budget)
        self.budget = budget
        self.used = used


@dataclass(frozen=True, slots=True)
class Credentials:
    """`region` names the server; Region.SERVER is the one that the operator has set."""

    region: str
    app_id: str = field(repr=False)
    app_key: str = field(repr=False)


def of_team(team: Team) -> RemoteAccount:
    """The team's account; without one what the operator has set for all, not stored yet."""
    return of_team_id(team.pk)


def of_team_id(team_id: int) -> RemoteAccount:
    account = rows.one(RemoteAccount, "team_id", team_id)
    return account or RemoteAccount(team_id=team_id, provider=settings.PROVIDER, region=_usual_region())


def _usual_region() -> str:
    return Region.SERVER if settings.MATHPIX_API_URL else Region.US


def configured(account: RemoteAccount) -> bool:
    """Whether there are keys, the team's or the operator's."""
    return bool(account.app_key or settings.MATHPIX_APP_KEY)


def may_leave(account: RemoteAccount) -> bool:
    return settings.EGRESS and not account.nothing_leaves


def reader(team: Team) -> str:
    """Who reads what the team sends in."""
    account = of_team(team)
    return LOCAL if account.provider == MATHPIX and not may_leave(account) else account.provider


def credentials(team: Team) -> Credentials:
    """With what the team's documents are sent. Raises Forbidden where its rules or the operator's say no."""
    account = of_team(team)
    if not may_leave(account):
        raise Forbidden(
            "Nothing may leave this server, so Mathpix cannot be asked. An owner can change that."
        )
    if account.eu_only and account.region != Region.EU:
        raise Forbidden("This team's documents stay in the European Union, and its account is elsewhere.")
    app_id, app_key = _keys(account)
    if not SENDABLE.match(app_id + app_key):  # an error of the way would tell it
        raise Forbidden("The keys of the Mathpix account hold characters that no key has; enter them again.")
    return Credentials(account.region, app_id, app_key)


def _keys(account: RemoteAccount) -> tuple[str, str]:
    if not account.app_key:
        if not settings.MATHPIX_APP_KEY:
            raise Forbidden("The team has no Mathpix account. An owner can enter its app_id and app_key.")
        return settings.MATHPIX_APP_ID, settings.MATHPIX_APP_KEY
    try:
        return account.app_id, sealing.unseal(account.app_key)
    except sealing.Unreadable as error:
        raise Forbidden(
            "The keys of the Mathpix account cannot be read any more; enter them again."
        ) from error


def spend(team: Team, pages: int) -> None:
    """Takes the pages from the month's budget, all or none, whoever else does so now. Raises OverBudget."""
    account, _ = RemoteAccount.objects.get_or_create(
        team=team, defaults={"provider": settings.PROVIDER, "region": _usual_region()}
    )
    rows = _this_month(RemoteAccount.objects.filter(pk=account.pk))
    within = Q(page_budget=None) | Q(page_budget__gte=F("pages_this_month") + pages)
    if not rows.filter(within).update(pages_this_month=F("pages_this_month") + pages):
        account.refresh_from_db()
        raise OverBudget(account.page_budget or 0, account.pages_this_month)


def _this_month(accounts: QuerySet[RemoteAccount]) -> QuerySet[RemoteAccount]:
    """The same accounts, with nothing left of the last month's count."""
    month = f"{timezone.now():%Y-%m}"
    accounts.exclude(month=month).update(month=month, pages_this_month=0)
    return accounts


def give_back(team: Team, pages: int) -> None:
    """What was taken and then not sent."""
    rows = RemoteAccount.objects.filter(team=team, pages_this_month__gte=pages)
    rows.update(pages_this_month=F("pages_this_month") - pages)


def note(team: Team, pages: int) -> None:
    """Counts pages that went there before their number was known."""
    _this_month(RemoteAccount.objects.filter(team=team)).update(
        pages_this_month=F("pages_this_month") + pages
    )


def spent(account: RemoteAccount) -> int:
    """Pages of this month."""
    return account.pages_this_month if account.month == f"{timezone.now():%Y-%m}" else 0
