"""Pictures and drawings read at once: what was pasted, what is being drawn, and their results."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from mathpixweb.documents.images import snips as reading
from mathpixweb.documents.models import Document
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import auditing, explanations, pace, snips
from mathpixweb.web.access import TeamRequest, get_document, team_page, writers_only


@require_safe
@team_page
def snip(request: TeamRequest, public_id: str) -> HttpResponse:
    """The picture or the drawing, and everything its result can be copied as; that alone for a script."""
    document = get_document(request, public_id)
    if not document.is_image:
        raise Http404
    template = "intake/_snip.html" if request.htmx else "intake/snip.html"
    return render(request, template, {"snip": snips.of_document(document), "document": document})


@require_POST
@team_page
@writers_only
def take(request: TeamRequest) -> HttpResponse:
    """A pasted picture is read while its sender waits; a pasted text becomes a document."""
    file = request.FILES.get("file")
    try:
        pace.keep(request)
        if isinstance(file, UploadedFile):
            document = reading.read_image(request.team, file, options={}, user=request.user)
        else:
            document = reading.take_text(request.team, request.POST.get("text", ""), user=request.user)
    except ProviderError as refusal:
        return _refused(request, refusal)
    auditing.note_added(request, [document])
    address = _address(document)
    if request.htmx:
        return render(request, "intake/_taken.html", {"document": document, "address": address}, status=201)
    return redirect(address)


@require_GET
@team_page
@writers_only
def draw(request: TeamRequest) -> HttpResponse:
    return render(request, "intake/draw.html")


@require_POST
@team_page
@writers_only
def read_strokes(request: TeamRequest) -> HttpResponse:
    """The result of all that is drawn up to now, as a fragment that names the drawing's document.

    The forms that take long to make keep their places in it; the drawing's own page has them.
    """
    try:
        pace.keep(request)
        body = _body(request)
        strokes = reading.parsed(body.get("strokes"), len(request.body))
        drawing = str(body.get("drawing") or "")[:40]
        document = reading.read_drawing(request.team, strokes, user=request.user, public_id=drawing)
    except ProviderError as refusal:
        return _refused(request, refusal)
    context = {"snip": snips.of_document(document, live=True), "document": document, "live": True}
    return render(request, "intake/_snip.html", context)


def _body(request: TeamRequest) -> dict[str, object]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise ProviderError("strokes_syntax_error", "The drawing could not be understood.") from error
    return body if isinstance(body, dict) else {}


def _address(document: Document) -> str:
    return reverse("web:snip" if document.is_image else "web:document", args=[document.public_id])


def _refused(request: TeamRequest, refusal: ProviderError) -> HttpResponse:
    fragment = request.htmx or request.content_type == "application/json"
    template = "library/_refused.html" if fragment else "library/refused.html"
    return explanations.refused(request, template, {}, refusal)
