"""Which provider does a document's work, and on whose account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings

from mathpixweb.accounts import remote_accounts
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.accounts.remote_models import Region
from mathpixweb.providers.base import Provider, ProviderError
from mathpixweb.providers.deferred import DeferredProvider
from mathpixweb.providers.mathpix import calls, faults
from mathpixweb.providers.mathpix.account import REGIONS, Account
from mathpixweb.providers.mathpix.reading import MathpixProvider

ENGINE = DeferredProvider(
    "mathpixweb.providers.local:LocalProvider", name="local", version="MathpixWeb-1", isolated=True
)
PROVIDERS: dict[str, Provider] = {ENGINE.name: ENGINE}


def named(name: str) -> Provider:
    """The provider called `name` that needs no account. Raises KeyError for any other."""
    return PROVIDERS[name]


def version(name: str) -> str:
    """What the provider says of itself in answers."""
    return MathpixProvider.version if name == MATHPIX else named(name).version


def chosen(team: Team) -> str:
    """The name of who reads what the team sends in."""
    return remote_accounts.reader(team)


def mathpix(team: Team) -> MathpixProvider:
    """Raises ProviderError where the team's rules say no."""
    return _mathpix(account(team))


def account(team: Team) -> Account:
    """Where the team's documents go, and with which keys. Raises ProviderError."""
    try:
        found = remote_accounts.credentials(team)
    except remote_accounts.Forbidden as rule:
        raise ProviderError("sys_exception", str(rule), provider=MATHPIX, reason="forbidden") from rule
    return Account(base_url(found.region), found.app_id, found.app_key)


def check(team: Team) -> None:
    """One call with the team's keys, which changes nothing. Raises ProviderError."""
    mathpix(team).client.json(calls.pdf_results({"page": 1, "per_page": 1}))


def base_url(region: str) -> str:
    """Raises ProviderError for the operator's own server when there is none."""
    url = settings.MATHPIX_API_URL if region == Region.SERVER else REGIONS.get(region, "")
    if not url:
        message = "The Mathpix account has no server. An owner can choose another region."
        raise ProviderError("sys_exception", message, provider=MATHPIX, reason="forbidden")
    return str(url)


def spend(team: Team, pages: int) -> None:
    """Takes the pages from the team's budget for Mathpix. Raises ProviderError when it is used up."""
    try:
        remote_accounts.spend(team, pages)
    except remote_accounts.OverBudget as over:
        raise ProviderError(
            "http_max_requests",
            f"The team lets Mathpix read {over.budget} pages a month. {over.used} were read and this needs "
            f"{pages} more. An owner can raise the budget, or have it read on this server.",
            limit_name="remote_page_budget",
            limit_value=over.budget,
            count=over.used + pages,
        ) from over


@contextmanager
def paid(team: Team, pages: int) -> Iterator[None]:
    """Sends something for that many pages, and has them back if it was certainly not taken.

    Raises ProviderError when the budget is used up.
    """
    spend(team, pages)
    try:
        yield
    except BaseException as error:
        if not faults.may_have_been_taken(error):
            remote_accounts.give_back(team, pages)
        raise


def asked_there(team: Team, options: Mapping[str, object]) -> dict[str, object]:
    """The request's options as they leave: untouched, but private where the team always is."""
    if not (team.keeps_nothing or remote_accounts.of_team(team).private):
        return dict(options)
    metadata = options.get("metadata")
    said = dict(metadata) if isinstance(metadata, Mapping) else {}
    return {**options, "metadata": {**said, "improve_mathpix": False}}


@lru_cache(maxsize=64)
def _mathpix(account: Account) -> MathpixProvider:
    """One for each account, so that connections are used again."""
    return MathpixProvider(account)
