"""The month's pages: none is taken in when none is left, and once more when a document's pages are known."""

from __future__ import annotations

from django.db.models import F, Sum

from mathpixweb.accounts import quotas
from mathpixweb.accounts.models import ApiKey, Membership, Team, User
from mathpixweb.accounts.quotas import Whose
from mathpixweb.documents.models import Document, Status
from mathpixweb.providers.base import ProviderError

ERROR = "pdf_page_limit_exceeded"


def welcome(team: Team, user: User | None) -> None:
    """Whether a person has pages left this month; keys are asked for theirs before. Raises ProviderError."""
    member = _membership(team, user)
    if member is None:
        return
    try:
        quotas.admit_person(member)
    except quotas.Exceeded as limit:
        whose = "the team" if limit.value == quotas.pages_limit(team) else "you"
        message = f"All {limit.value} pages that {whose} may have read this month are used."
        raise ProviderError(ERROR, message, **_numbers(limit), retry_after=limit.wait) from limit


def check(document: Document, pages: int) -> None:
    """Whether the team, the key and the person may have that many pages read beside those under way.

    Called in the transaction that lays the pages out, so that two documents never take the same rest.
    Raises ProviderError.
    """
    member = _membership(document.team, document.user)
    for whose in dict.fromkeys((None, document.api_key, member)):
        if quotas.pages_limit(document.team, whose):
            Team.objects.select_for_update().filter(pk=document.team_id).first()
            _check(document, whose, pages)


def _check(document: Document, whose: Whose, pages: int) -> None:
    begun = _under_way(document, whose)
    try:
        quotas.admit_pages(document.team, whose, begun + pages)
    except quotas.Exceeded as limit:
        left = max(0, limit.value - (limit.count - pages))
        message = (
            f"The document has {pages} pages, and {left} are left of the {limit.value} that {_named(whose)} "
            "may have read this month. Send fewer with page_ranges, or ask for a higher limit."
        )
        raise ProviderError(ERROR, message, **_numbers(limit)) from limit


def _numbers(limit: quotas.Exceeded) -> dict[str, str | int]:
    return {"limit_name": limit.name, "limit_value": limit.value, "count": limit.count}


def _named(whose: Whose) -> str:
    if whose is None:
        return "the team"
    return "this key" if isinstance(whose, ApiKey) else "this person"


def _membership(team: Team, user: User | None) -> Membership | None:
    """None also for somebody who has left: nobody limits them any more, and they can send nothing."""
    if user is None:
        return None
    return Membership.objects.filter(team=team, user=user).select_related("team").first()


def _under_way(document: Document, whose: Whose) -> int:
    """Pages that are laid out and in no ledger yet."""
    others = Document.objects.of_team(document.team).unfinished().filter(status=Status.SPLIT)
    others = others.exclude(pk=document.pk)
    if isinstance(whose, ApiKey):
        others = others.filter(api_key=whose)
    elif whose is not None:
        others = others.filter(user=whose.user_id)
    return others.aggregate(pages=Sum(F("num_pages") - F("counted_pages")))["pages"] or 0
