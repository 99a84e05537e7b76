"""The editor of a page's Mathpix Markdown: preview, drafts, versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mathpixweb.documents.library import editing
from mathpixweb.documents.models import Document, Page, PageStatus
from mathpixweb.documents.models.edits import PageVersion
from mathpixweb.documents.output import rendering, results
from mathpixweb.documents.remote import readings
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.web import html
from mathpixweb.web import numbers
from mathpixweb.web.access import TeamRequest, get_document, team_page, writers_only

TOO_LONG = 413
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@team_page
@writers_only
def edit(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    document, page = _page(request, public_id, number)
    if request.method == "POST" and "preview" not in request.POST:
        return _save(request, document, page)
    text = editing.text_for(page, request.user)
    mmd = request.POST.get("mmd", text.mmd)
    edition = _edition(request) if request.method == "POST" else text.edition
    return _editor(request, document, page, mmd=mmd, edition=edition, draft=text.draft)


def _save(request: TeamRequest, document: Document, page: Page) -> HttpResponse:
    mmd, edition = request.POST.get("mmd", ""), _edition(request)
    try:
        changed = editing.save(page, request.user, mmd, edition)
    except editing.Changed:
        editing.keep_draft(page, request.user, mmd, edition)
        return _editor(request, document, page, mmd=mmd, edition=page.edition, status=CONFLICT)
    except editing.TooLong:
        return _editor(request, document, page, mmd=mmd[: editing.LONGEST], edition=edition, status=TOO_LONG)
    if changed:
        messages.success(request, _("Saved. Exports and downloads have the new text."))
    return redirect(f"{reverse('web:document', args=[document.public_id])}#page-{page.number}")


def _editor(
    request: TeamRequest, document: Document, page: Page, status: int = 200, **context: object
) -> HttpResponse:
    mmd = str(context["mmd"])
    context |= {"document": document, "page": page, "preview": _preview(document, page, mmd)}
    context |= {"too_long": status == TOO_LONG, "conflict": status == CONFLICT}
    return render(request, "documents/edit.html", context, status=status)


@require_POST
@team_page
@writers_only
def preview(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    document, page = _page(request, public_id, number)
    context = {"preview": _preview(document, page, request.POST.get("mmd", ""))}
    return render(request, "documents/_preview.html", context)


def _preview(document: Document, page: Page, mmd: str) -> str | None:
    """None when the text cannot be rendered."""
    if len(mmd) > rendering.LONGEST_SHOWN:
        return None
    try:
        made = html.fragment(mmd, rendering.renderer, prefix=f"p{page.number}-") if mmd.strip() else ""
    except RenderFailed:
        return None
    return results.absolute(made, document, "")


@require_POST
@team_page
@writers_only
def draft(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    """Keeps what was typed, or throws it away."""
    _document, page = _page(request, public_id, number)
    if "discard" in request.POST:
        editing.discard_draft(page, request.user)
        return redirect("web:edit", public_id, number)
    try:
        kept = editing.keep_draft(page, request.user, request.POST.get("mmd", ""), _edition(request))
    except editing.TooLong:
        return JsonResponse({"said": _("Too long to be kept.")}, status=TOO_LONG)
    at = time_format(timezone.localtime(kept.saved_at), "H:i:s")
    return JsonResponse({"said": _("Draft kept at %(time)s") % {"time": at}})


@require_safe
@team_page
def versions(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    """Who changed the page and when; and one version beside the page as it is now."""
    document, page = _page(request, public_id, number)
    known = editing.versions(page)
    context = {"document": document, "page": page, "versions": known}
    chosen = next((each for each in known if str(each.number) == request.GET.get("version")), None)
    if chosen:
        rows = readings.differences(chosen.mmd, page.mmd)
        context |= {"chosen": chosen, "rows": rows, "differing": sum(not row.same for row in rows)}
    return render(request, "documents/versions.html", context)


@require_POST
@team_page
@writers_only
def restore(request: TeamRequest, public_id: str, number: int, version: int) -> HttpResponse:
    document, page = _page(request, public_id, number)
    found = get_object_or_404(PageVersion, page=page, number=version)
    found.page = page
    try:
        editing.restore(found, request.user)
    except editing.Changed:
        messages.error(request, _("Somebody has just changed the page. Look at its versions again."))
    else:
        messages.success(request, _("Version %(number)d is the page's text again.") % {"number": version})
    return redirect("web:versions", document.public_id, page.number)


def _page(request: TeamRequest, public_id: str, number: int) -> tuple[Document, Page]:
    document = get_document(request, public_id)
    page = get_object_or_404(document.pages, number=number, status=PageStatus.COMPLETED)
    page.document = document
    return document, page


def _edition(request: TeamRequest) -> int:
    return numbers.sent(request.POST.get("edition", ""), digits=8) or 0
