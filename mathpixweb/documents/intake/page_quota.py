"""The month's pages once more when a document's pages are known: none is begun that would go beyond them."""

from __future__ import annotations

from django.db.models import F, Sum

from mathpixweb.accounts import quotas
from mathpixweb.accounts.models import ApiKey, Team
from mathpixweb.documents.models import Document, Status
from mathpixweb.providers.base import ProviderError


def check(document: Document, pages: int) -> None:
    """Whether the team and the key may have that many pages read beside those that are under way.

    Called in the transaction that lays the pages out, so that two documents never take the same rest.
    Raises ProviderError.
    """
    for key in dict.fromkeys((None, document.api_key)):
        if quotas.pages_limit(document.team, key):
            Team.objects.select_for_update().filter(pk=document.team_id).first()
            _check(document, key, pages)


def _check(document: Document, key: ApiKey | None, pages: int) -> None:
    begun = _under_way(document, key)
    try:
        quotas.admit_pages(document.team, key, begun + pages)
    except quotas.Exceeded as limit:
        left = max(0, limit.value - (limit.count - pages))
        whose = "this key" if key else "the team"
        message = (
            f"The document has {pages} pages, and {left} are left of the {limit.value} that {whose} may have "
            "read this month. Send fewer with page_ranges, or ask for a higher limit."
        )
        numbers = {"limit_name": limit.name, "limit_value": limit.value, "count": limit.count}
        raise ProviderError("pdf_page_limit_exceeded", message, **numbers) from limit


def _under_way(document: Document, key: ApiKey | None) -> int:
    """Pages that are laid out and in no ledger yet."""
    others = Document.objects.of_team(document.team).unfinished().filter(status=Status.SPLIT)
    others = others.exclude(pk=document.pk)
    if key is not None:
        others = others.filter(api_key=key)
    return others.aggregate(pages=Sum(F("num_pages") - F("counted_pages")))["pages"] or 0
