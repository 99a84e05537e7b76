"""The usage of the team: charts, the documents behind a bar, downloads, and the budget."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.accounts import budgets, prices, usage_report
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import ApiKey, User
from mathpixweb.accounts.permissions import Action
from mathpixweb.accounts.usage_report import Asked
from mathpixweb.documents.models import CANCELLED, FINISHED, Document, DocumentQuerySet, Kind, Status
from mathpixweb.documents.telling import budget_notices
from mathpixweb.web import auditing, cockpit, downloads, listing, numbers, periods
from mathpixweb.web.access import TeamRequest, requires, team_page
from mathpixweb.web.periods import Period

ROWS = 40
COLUMNS = ("day", "usage_type", "app_id", "person", "count", "requests", "list_price_usd")
KINDS = {"pdf-page": Kind.PDF, "image-async": Kind.IMAGE}  # others are called as their kind is


class BudgetForm(forms.Form):
    budget = forms.DecimalField(
        label=_("Budget a month, in US dollars"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text=_("At list price. Empty: none."),
    )


@gzip_page
@require_safe
@team_page
@requires(Action.SEE_USAGE)
def usage(request: TeamRequest) -> HttpResponse:
    period = periods.chosen(request.GET)
    context = {
        "period": period,
        "names": [
            ("7", _t("7 days")),
            ("30", _t("30 days")),
            ("90", _t("90 days")),
            ("month", _t("This month")),
            ("last-month", _t("Last month")),
        ],
        "cockpit": cockpit.cockpit(request.team, period),
        "budget_form": BudgetForm(initial={"budget": request.team.budget}, label_suffix=""),
    }
    return render(request, "usage/usage.html", context)


@require_POST
@team_page
@requires(Action.MANAGE_BUDGET)
def budget(request: TeamRequest) -> HttpResponse:
    form = BudgetForm(request.POST)
    if form.is_valid():
        amount = form.cleaned_data["budget"]
        budgets.change(request.team, amount)
        budget_notices.note(request.team)
        auditing.note(request, Deed.TEAM, f"budget: {amount}")
        messages.success(request, _t("The budget was changed."))
    else:
        messages.error(request, _t("A budget is an amount of dollars, such as 120 or 49.50."))
    return redirect(f"{reverse('web:usage')}?period=month")


@require_safe
@team_page
@requires(Action.SEE_USAGE)
def download(request: TeamRequest, format_name: str) -> HttpResponseBase:
    """Day, type, key and person, one line each: their sum is the ledger's."""
    period = periods.chosen(request.GET)
    rows = _lines(Asked(request.team, period.since, period.until))
    name = f"usage {period.since.date()} to {period.last_day}.{format_name}"
    if format_name == "json":
        answer = JsonResponse({"usage": rows}, json_dumps_params={"indent": 1})
        return downloads.attachment(answer, name)
    if format_name != "csv":
        raise Http404
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows({key: tame(value) for key, value in row.items()} for row in rows)
    return downloads.text(text.getvalue(), "text/csv; charset=utf-8", name)


def tame(value: object) -> object:
    """Text that a spreadsheet would take for a formula, made text again."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


def _lines(asked: Asked) -> list[dict[str, Any]]:
    keys, people = usage_report.names(asked)
    return [
        {
            "day": day,
            "usage_type": kind,
            "app_id": keys[key].app_id if key in keys else "",
            "person": people[person].email if person in people else "",
            "count": count,
            "requests": requests,
            "list_price_usd": str(prices.cost({kind: count})),
        }
        for day, kind, key, person, count, requests in usage_report.lines(asked)
    ]


@require_safe
@team_page
@requires(Action.SEE_USAGE)
def documents(request: TeamRequest) -> HttpResponse:
    """What stands behind a bar: the documents that ended then, and what the ledger has of it."""
    asked, period = _asked(request)
    found = _behind(asked, request.GET.get("outcome", ""))
    page = Paginator(listing.with_progress(found).order_by("-completed_at", "-pk"), ROWS)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "totals": usage_report.totals(asked),
        "asked": asked,
        "failed_only": request.GET.get("outcome") == "failed",
        "who": _who(asked),
        "type": cockpit.type_name(asked.usage_type) if asked.usage_type else "",
        "query": query.urlencode(),
        "period": period,
        **_last(asked),
    }
    return render(request, "usage/documents.html", context)


def _last(asked: Asked) -> dict[str, object]:
    """The last day where whole days are asked for, and whether it is a part of one day."""
    whole = all(moment.time() == time.min for moment in (asked.since, asked.until))
    within = asked.since.date() == (asked.until - timedelta(microseconds=1)).date()
    last = (asked.until - periods.DAY).date() if whole and asked.since < asked.until else None
    return {"last_day": last, "last_hour": within and not whole}


def _asked(request: TeamRequest) -> tuple[Asked, Period]:
    period = periods.chosen(request.GET)
    since, until = _moment(request.GET.get("since", "")), _moment(request.GET.get("until", ""))
    since, until = (since, until) if since and until else (period.since, period.until)
    person, key = (numbers.sent(request.GET.get(name, "")) for name in ("person", "key"))
    return Asked(request.team, since, until, person, key, request.GET.get("type", "")[:32]), period


def _behind(asked: Asked, outcome: str) -> DocumentQuerySet:
    found = Document.objects.of_team(asked.team).filter(
        completed_at__gte=asked.since, completed_at__lt=asked.until
    )
    found = found.alive().filter(status__in=FINISHED, private=False)
    if asked.person is not None:
        found = found.filter(user=asked.person or None)
    if asked.key is not None:
        found = found.filter(api_key=asked.key or None)
    if asked.usage_type:
        found = found.filter(kind=KINDS.get(asked.usage_type, asked.usage_type))
    if outcome == "failed":
        found = found.filter(status=Status.ERROR).exclude(error_id=CANCELLED)
    return found


def _who(asked: Asked) -> str:
    if asked.key:
        return (
            ApiKey.objects.filter(team=asked.team, pk=asked.key).values_list("name", flat=True).first() or "?"
        )
    if asked.person:
        person = User.objects.filter(pk=asked.person, memberships__team=asked.team).first()
        return person.get_full_name() if person else _t("somebody who is no longer here")
    if asked.key == 0:
        return _t("the browser")
    return _t("API keys") if asked.person == 0 else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None and 1970 <= moment.year < 9000 else None
