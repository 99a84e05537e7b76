"""The audit log: who saw, downloaded, changed and deleted what, and who signed in."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mathpixweb.accounts import audit
from mathpixweb.accounts.audit_models import AuditEntry, Deed
from mathpixweb.accounts.permissions import Action
from mathpixweb.web import downloads
from mathpixweb.web.access import TeamRequest, requires, team_page
from mathpixweb.web.views.usage import tame

ROWS = 50
MOST_EXPORTED = 100_000
COLUMNS = ("when", "who", "deed", "subject", "document", "address")


@require_safe
@team_page
@requires(Action.SEE_AUDIT)
def log(request: TeamRequest) -> HttpResponse:
    asked = _asked(request)
    page = Paginator(audit.find(request.team, **asked), ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    actors = AuditEntry.objects.filter(team=request.team).order_by("actor").values_list("actor", flat=True)
    context = {"page": page, "asked": asked, "deeds": Deed.choices, "actors": actors.distinct()[:200]}
    return render(request, "team/audit.html", {**context, "query": query.urlencode()})


@require_safe
@team_page
@requires(Action.SEE_AUDIT)
def export(request: TeamRequest) -> HttpResponseBase:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in audit.find(request.team, **_asked(request))[:MOST_EXPORTED].iterator():
        moment = line.created_at.isoformat(timespec="seconds")
        row = (moment, line.actor, line.deed, line.subject, line.document, line.address or "")
        writer.writerow([tame(value) for value in row])
    return downloads.text(text.getvalue(), "text/csv; charset=utf-8", "audit.csv")


def _asked(request: TeamRequest) -> dict[str, Any]:
    given = request.GET
    deed = given.get("deed", "")
    return {
        "who": given.get("who", "")[:254],
        "deed": deed if deed in Deed.values else "",
        "words": given.get("words", "").strip()[:200],
    }
