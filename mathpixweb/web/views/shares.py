"""The links of a document: making them, taking them back, seeing who used them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mathpixweb.documents.library import sharing
from mathpixweb.documents.models.shares import ShareLink, ShareView
from mathpixweb.web.access import TeamRequest, get_document, team_page, writers_only

DAYS = (1, 7, 30, 365)
SHORTEST = 8  # characters of a password
SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@team_page
@writers_only
def shares(request: TeamRequest, public_id: str) -> HttpResponse:
    document = get_document(request, public_id)
    refused = ""
    if request.method == "POST":
        password = request.POST.get("password", "")
        if not password or len(password) >= SHORTEST:
            expires_at = _expiry(request.POST.get("days", ""))
            sharing.make(document, request.user, expires_at=expires_at, password=password)
            messages.success(request, _("The link is below."))
            return redirect("web:shares", public_id)
        refused = _("A password has at least %(least)d characters.") % {"least": SHORTEST}
    views = ShareView.objects.filter(link__document=document).select_related("link")[:SHOWN]
    context = {"document": document, "links": sharing.of_document(document), "views": views}
    context |= {"days": DAYS, "base": settings.PUBLIC_URL.rstrip("/"), "refused": refused}
    context["days_kept"] = sharing.VIEWS_KEPT.days
    return render(request, "documents/shares.html", context, status=422 if refused else 200)


def _expiry(days: str) -> datetime | None:
    known = {str(each): each for each in DAYS}
    return timezone.now() + timedelta(days=known[days]) if days in known else None


@require_POST
@team_page
@writers_only
def revoke(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    document = get_document(request, public_id)
    sharing.revoke(get_object_or_404(ShareLink, pk=number, document=document))
    messages.success(request, _("The link opens nothing any more."))
    return redirect("web:shares", public_id)
