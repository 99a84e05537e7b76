"""Why a page reads as it does, for those who run the server and want to know."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from mathpixweb.documents import storage
from mathpixweb.documents.images import readers
from mathpixweb.documents.intake import sniffing
from mathpixweb.documents.models import Document, Kind
from mathpixweb.engine import kinds
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import reasons
from mathpixweb.web.access import TeamRequest, get_document, team_page
from mathpixweb.web.operating import operators_only

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"


@never_cache
@gzip_page
@require_safe
@team_page
@operators_only
def explained(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    """What the engine of this server sees on a page of a PDF."""
    document = get_document(request, public_id)
    page = get_object_or_404(document.pages, number=number)
    if not _is_pdf(document):
        raise Http404
    try:
        content = readers.explanation(storage.source(document), page.number)
    except ProviderError as error:
        messages.error(
            request, _("This page cannot be explained: %(why)s") % {"why": reasons.said(error.message)}
        )
        return redirect("web:document", public_id)
    response = HttpResponse(content)
    response["Content-Security-Policy"] = POLICY
    return response


def _is_pdf(document: Document) -> bool:
    if document.kind != Kind.PDF or not document.source:
        return False
    return sniffing.kind_of(storage.source(document)) == kinds.PDF
