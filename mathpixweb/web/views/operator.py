"""The operator's page: what works, what waits, what failed, what it takes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.accounts.audit_models import Deed
from mathpixweb.documents.work import conversion, operation, pausing
from mathpixweb.web import auditing
from mathpixweb.web.access import TeamRequest, team_page
from mathpixweb.web.engines import ENGINES
from mathpixweb.web.operating import operators_only

FAILED_SHOWN = 20


@never_cache
@require_safe
@team_page
@operators_only
def operator(request: TeamRequest) -> HttpResponse:
    context = {
        "machines": operation.machines(),
        "queues": operation.queues(),
        "pause": pausing.paused(),
        "page_times": operation.page_times(),
        "waits": operation.waits(),
        "failed": operation.failed()[:FAILED_SHOWN],
        "disk": operation.disk(),
    }
    return render(request, "operator/operator.html", context)


@never_cache
@require_safe
@team_page
@operators_only
def engines(request: TeamRequest) -> HttpResponse:
    """Asked for by the page after it is shown: programs take seconds to tell their versions."""
    found = [(engine, engine.find()) for engine in ENGINES]
    template = "operator/_engines.html" if request.htmx else "operator/engines.html"
    return render(request, template, {"engines": found})


@require_POST
@team_page
@operators_only
def retry_failed(request: TeamRequest, number: int) -> HttpResponse:
    document = get_object_or_404(operation.failed(), pk=number)
    document.refresh_from_db()
    if conversion.retry(document):
        auditing.note(request, Deed.CHANGED, _("retried by the operator"))
        messages.success(request, _("It is being read again."))
    else:
        messages.info(request, _("There is nothing to read again."))
    return redirect("web:operator")


@require_POST
@team_page
@operators_only
def switch_queue(request: TeamRequest) -> HttpResponse:
    if request.POST.get("to") == "pause":
        pausing.pause(request.user.get_full_name())
        messages.success(request, _("Paused. Pages that are being read are finished; then workers wait."))
    else:
        pausing.resume()
        messages.success(request, _("The workers go on."))
    return redirect("web:operator")
