"""Which requests leave a line in the audit log: a table of addresses, so that none can be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from mathpixweb.accounts import audit
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import ApiKey, Team, User
from mathpixweb.documents.models import Document
from mathpixweb.web import sitting
from mathpixweb.web.access import TeamRequest

# by the method and the name of the address; what is not here is not worth a line, or is noted by its view
DEEDS: Mapping[tuple[str, str], Deed] = {
    ("GET", "web:document"): Deed.SAW,
    ("GET", "web:page"): Deed.SAW,
    ("GET", "web:source"): Deed.DOWNLOADED,
    ("GET", "web:download"): Deed.DOWNLOADED,
    ("POST", "web:unlock"): Deed.CHANGED,
    ("POST", "web:change-about"): Deed.CHANGED,
    ("POST", "web:cancel"): Deed.CHANGED,
    ("POST", "web:retry"): Deed.CHANGED,
    ("POST", "web:retry-page"): Deed.CHANGED,
    ("POST", "web:edit"): Deed.CHANGED,
    ("POST", "web:restore-version"): Deed.CHANGED,
    ("POST", "web:shares"): Deed.CHANGED,
    ("POST", "web:revoke-share"): Deed.CHANGED,
    ("POST", "web:change-many"): Deed.CHANGED,
    ("GET", "web:export-many"): Deed.DOWNLOADED,
    ("POST", "web:take-out"): Deed.CHANGED,
    ("POST", "web:end"): Deed.DELETED,
    ("POST", "web:delete"): Deed.DELETED,
    ("DELETE", "api:pdf"): Deed.DELETED,
    ("DELETE", "api:converter"): Deed.DELETED,
    ("DELETE", "api:file"): Deed.DELETED,
    ("GET", "api:pdf-download"): Deed.DOWNLOADED,
    ("GET", "api:pdf-stream"): Deed.DOWNLOADED,
    ("GET", "api:converter-download"): Deed.DOWNLOADED,
    ("GET", "api:file-download"): Deed.DOWNLOADED,
}
ID_ARGUMENTS = ("public_id", "pdf_id", "conversion_id")


def note(request: TeamRequest, deed: Deed, subject: str = "") -> None:
    audit.note(request.team, request.user, deed, subject, address=sitting.address(request))


def note_added(request: TeamRequest, documents: Sequence[Document]) -> None:
    """One line for all that came at once, which leads to the first."""
    if not documents:
        return
    first, more = documents[0], len(documents) - 1
    subject = f"{_named(first)} (+{more})" if more else _named(first)
    address = sitting.address(request)
    audit.note(request.team, request.user, Deed.ADDED, subject, document=first.public_id, address=address)


def _named(document: Document) -> str:
    """The log outlasts what is private, so it does not know its name."""
    return "(private)" if document.private else document.name


@sync_and_async_middleware
def noting_deeds(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = await get_response(request)
            if _deed(request, response):
                await sync_to_async(_note)(request, response)
            return response

        return later

    def at_once(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = get_response(request)
        if _deed(request, response):
            _note(request, response)
        return response

    return at_once


def _deed(request: HttpRequest, response: HttpResponseBase) -> Deed | None:
    if request.resolver_match is None or response.status_code >= 400:
        return None
    return DEEDS.get((str(request.method), request.resolver_match.view_name))


def _note(request: Any, response: HttpResponseBase) -> None:
    deed = _deed(request, response)
    team: Team | None = getattr(request, "team", None)
    who: User | ApiKey | None = getattr(request, "api_key", None) or getattr(request, "user", None)
    if deed is None or team is None or who is None:
        return  # somebody who was sent to sign in, or was refused
    document = _document(request, team)
    if document is None and request.resolver_match.kwargs:
        return  # the API may say with HTTP 200 that there is none
    name, public_id = (_named(document), document.public_id) if document else ("", "")
    audit.note(team, who, deed, name, document=public_id, address=sitting.address(request))


def _document(request: HttpRequest, team: Team) -> Document | None:
    """The document that the address names; it is there after its deletion too."""
    arguments = request.resolver_match.kwargs if request.resolver_match else {}
    documents = Document.objects.of_team(team).only("name", "public_id", "private")
    for name in ID_ARGUMENTS:
        if name in arguments:
            return documents.filter(public_id=arguments[name]).first()
    if "file_id" in arguments:
        return documents.filter(file_id=arguments["file_id"]).first()
    return None
