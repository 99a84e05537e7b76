"""One document: its pages as they come, and what can be done with it."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents.intake import privacy, unlocking
from mathpixweb.documents.library import trash
from mathpixweb.documents.models import PAGE_DONE, Document, PageStatus
from mathpixweb.documents.remote import erasing, fetched, readings
from mathpixweb.documents.telling.live import Update
from mathpixweb.documents.work import conversion
from mathpixweb.web import calls, egress, explanations, exports, fragments, passwords, progress, sheets
from mathpixweb.web.access import TeamRequest, get_document, team_page, writers_only
from mathpixweb.web.reports import Known

VIEWS = ("rendered", "source")


@gzip_page
@require_safe
@team_page
def document(request: TeamRequest, public_id: str) -> HttpResponse:
    document = get_document(request, public_id)
    context = {
        "document": document,
        "progress": progress.of_document(document),
        "sheets": sheets.all_sheets(document),
        "exports": exports.offered(document),
        "explanation": explanations.of_document(document),
        "call": calls.curl(document),
        "python": calls.python(document),
        "fetchable": fetched.fetchable(document),
        "locked": unlocking.is_locked(document),
        "ends_at": privacy.ends_at(document),
        "view": request.GET.get("view") if request.GET.get("view") in VIEWS else VIEWS[0],
    }
    return render(request, "documents/document.html", context)


@gzip_page
@require_safe
@team_page
def page(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    """One page with its content: as a fragment for the page list, or on its own."""
    document = get_document(request, public_id)
    found = get_object_or_404(document.pages, number=number)
    context = {"document": document, "sheet": sheets.sheet(document, found, ready=True)}
    return render(request, "documents/_page.html" if request.htmx else "documents/one_page.html", context)


@require_POST
@team_page
def changes(request: TeamRequest, public_id: str) -> HttpResponse:
    """What the WebSocket would tell the browser now; for when there is none."""
    document = get_document(request, public_id)
    known = Known.parse(request.body)
    update = _update(document, known)
    return HttpResponse(fragments.document(update, known, request.membership.may_write))


def _update(document: Document, known: Known) -> Update:
    editions = known.editions()
    done = document.pages.filter(status__in=PAGE_DONE)
    stamps = done.values_list("pk", "index", "edition")
    news = [pk for pk, index, edition in stamps if editions.get(index) != edition]
    completed = document.pages.filter(status=PageStatus.COMPLETED).count()
    return Update(document, list(document.pages.filter(pk__in=news)), completed)


@require_POST
@team_page
@writers_only
def cancel(request: TeamRequest, public_id: str) -> HttpResponse:
    document = get_document(request, public_id)
    if not conversion.cancel(document):
        messages.info(request, _("The document was finished already; there was nothing left to cancel."))
    return redirect("web:document", public_id)


@require_POST
@team_page
@writers_only
def retry(request: TeamRequest, public_id: str) -> HttpResponse:
    document = get_document(request, public_id)
    if not conversion.retry(document):
        messages.info(request, _("There is nothing to read again: every page was read."))
    return redirect("web:document", public_id)


@sensitive_post_parameters("password")
@require_POST
@team_page
@writers_only
def unlock(request: TeamRequest, public_id: str) -> HttpResponse:
    """Opens the locked file with its password and has it read."""
    document = get_document(request, public_id)
    if not unlocking.is_locked(document):
        messages.info(request, _("The file is not locked."))
    elif refused := passwords.refusal(request, partial(unlocking.unlock, document)):
        messages.error(request, refused)
    return redirect("web:document", public_id)


@require_POST
@team_page
@writers_only
def retry_page(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    document = get_document(request, public_id)
    page = get_object_or_404(document.pages, number=number)
    page.document = document
    reader = request.POST.get("reader", "")
    reader = reader if reader in (LOCAL, MATHPIX) else ""
    if reader == MATHPIX and not egress.may_be_asked(request.team):
        messages.error(request, _("Mathpix cannot be asked: the team has no account, or nothing may leave."))
    elif not conversion.retry_page(page, reader):
        messages.info(request, _("A page can be read again once the document is finished."))
    return redirect(f"{reverse('web:document', args=[public_id])}#page-{number}")


@require_safe
@team_page
def compare(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    """The page as two engines have read it, line by line, side by side."""
    document = get_document(request, public_id)
    page = get_object_or_404(document.pages, number=number)
    reader = page.provider or document.provider
    before = get_object_or_404(page.readings.exclude(provider=reader).order_by("-created_at")[:1])
    rows = readings.differences(before.mmd, page.mmd)
    context = {"document": document, "page": page, "before": before, "reader": reader, "rows": rows}
    context["differing"] = sum(not row.same for row in rows)
    return render(request, "documents/compare.html", context)


@require_POST
@team_page
@writers_only
def fetch(request: TeamRequest, public_id: str) -> HttpResponse:
    """Brings the pages of a document that was copied from the Mathpix account."""
    document = get_document(request, public_id)
    if not fetched.fetch(document):
        messages.info(request, _("There are no pages to fetch."))
    return redirect("web:document", public_id)


@require_http_methods(["GET", "POST"])
@team_page
@writers_only
def delete(request: TeamRequest, public_id: str) -> HttpResponse:
    document = get_document(request, public_id)
    if request.method == "GET":
        context = {"document": document, "days": settings.TRASH_DAYS, "elsewhere": erasing.sent(document)}
        return render(request, "documents/delete.html", context)
    if "forever" in request.POST or document.private:
        receipt = trash.end(document, request.user)
        return redirect("web:receipt", receipt.pk) if receipt else redirect("web:library")
    trash.put(Document.objects.filter(pk=document.pk))
    messages.success(
        request, _("“%(name)s” lies in the trash and can be restored.") % {"name": document.name}
    )
    return redirect("web:library")
