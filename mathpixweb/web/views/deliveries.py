"""The log of webhooks: what was sent to whom, what came back, and sending it again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.accounts.permissions import Action
from mathpixweb.documents.models.callbacks import Delivery, DeliveryStatus, Webhook
from mathpixweb.documents.telling import callbacks, webhooks
from mathpixweb.web import numbers, reasons
from mathpixweb.web.access import TeamRequest, requires, team_page

ROWS = 40


@require_safe
@team_page
@requires(Action.SEE_DELIVERIES)
def log(request: TeamRequest) -> HttpResponse:
    status, webhook = request.GET.get("status", ""), _webhook(request)
    found = Delivery.objects.filter(team=request.team).select_related("document", "batch")
    if webhook is not None:
        found = found.filter(webhook=webhook)
    if status in DeliveryStatus.values:
        found = found.filter(status=status)
    page = Paginator(found.order_by("-created_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    asked = {"webhook": webhook.pk if webhook else "", "status": status}
    query = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "query": query,
        "page": page,
        "status": status,
        "statuses": DeliveryStatus.values,
        "webhook": webhook,
    }
    return render(request, "team/deliveries.html", context)


def _webhook(request: TeamRequest) -> Webhook | None:
    """The one whose messages alone are asked for."""
    number = numbers.sent(request.GET.get("webhook", ""))
    return get_object_or_404(webhooks.of_team(request.team), pk=number) if number is not None else None


@require_safe
@team_page
@requires(Action.SEE_DELIVERIES)
def delivery(request: TeamRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Delivery.objects.select_related("document"), team=request.team, pk=number)
    shown = "" if found.private else found.body
    return render(request, "team/delivery.html", {"delivery": found, "body": shown})


@require_POST
@team_page
@requires(Action.REPLAY)
def replay(request: TeamRequest, number: int) -> HttpResponse:
    found = get_object_or_404(
        Delivery.objects.select_related("webhook", "team"), team=request.team, pk=number
    )
    if reason := callbacks.kept_back(found):
        messages.error(request, reasons.said(reason))
        return redirect("web:delivery", number)
    again = callbacks.replay(found)
    if again is None:
        messages.error(request, _("It cannot be sent again: its text was erased with what it tells of."))
        return redirect("web:delivery", number)
    messages.success(request, _("It is being sent again."))
    return redirect("web:delivery", again.pk)
