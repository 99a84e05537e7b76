"""The trash, and the receipts of what was deleted for good."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.documents.library import trash
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.library import Receipt
from mathpixweb.web import downloads
from mathpixweb.web.access import TeamRequest, team_page, writers_only

SHOWN = 200


@require_safe
@team_page
def contents(request: TeamRequest) -> HttpResponse:
    lying = trash.of_team(request.team)
    rows = [(document, trash.ends_at(document)) for document in lying[:SHOWN]]
    receipts = Receipt.objects.filter(team=request.team)[:50]
    context = {"rows": rows, "count": lying.count(), "days": settings.TRASH_DAYS, "receipts": receipts}
    return render(request, "library/trash.html", context)


@require_POST
@team_page
@writers_only
def take_out(request: TeamRequest) -> HttpResponse:
    chosen = request.POST.getlist("document")
    count = trash.take_out(Document.objects.of_team(request.team).filter(public_id__in=chosen))
    messages.success(request, _("Restored: %(count)d.") % {"count": count})
    return redirect("web:trash")


@require_POST
@team_page
@writers_only
def end(request: TeamRequest) -> HttpResponse:
    """Deletes one document for good, or the first of all that lie here."""
    lying = trash.of_team(request.team)
    if "all" not in request.POST:
        lying = lying.filter(public_id__in=request.POST.getlist("document"))
    receipts = [trash.end(document, request.user) for document in lying[:SHOWN]]
    made = [receipt for receipt in receipts if receipt]
    if len(made) == 1:
        return redirect("web:receipt", made[0].pk)
    messages.success(request, _("Deleted for good: %(count)d. Receipts are below.") % {"count": len(made)})
    return redirect("web:trash")


@require_safe
@team_page
def receipt(request: TeamRequest, number: int) -> HttpResponseBase:
    """What was erased, to be read or to be kept as JSON."""
    found = get_object_or_404(Receipt, pk=number, team=request.team)
    if request.GET.get("format") == "json":
        content = json.dumps(_json(found), ensure_ascii=False, indent=1)
        return downloads.text(content, "application/json", f"receipt-{found.document}.json")
    return render(request, "library/receipt.html", {"receipt": found})


def _json(found: Receipt) -> dict[str, object]:
    return {
        "document": found.document,
        "name": found.name,
        "deleted_by": found.actor,
        "deleted_at": found.created_at.isoformat(),
        "erased": found.erased,
    }
