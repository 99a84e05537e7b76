"""How much a team, its keys and its people may ask for: edited by who administers the team, live."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from mathpixweb.accounts import quotas, teams
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import ApiKey, Membership, Team
from mathpixweb.accounts.permissions import Action
from mathpixweb.web import auditing
from mathpixweb.web.access import TeamRequest, requires, team_page

MOST_REQUESTS, MOST_PAGES = 1_000_000, 2_000_000_000


class LimitsForm(forms.Form):
    """How much may be asked for; what is left empty is as the server's settings say."""

    requests_per_minute = forms.IntegerField(
        label=_("Requests a minute"), required=False, min_value=0, max_value=MOST_REQUESTS
    )
    pages_per_month = forms.IntegerField(
        label=_("Pages a month"), required=False, min_value=0, max_value=MOST_PAGES
    )

    def limits(self) -> dict[str, int | None]:
        return {name: self.cleaned_data[name] for name in ("requests_per_minute", "pages_per_month")}


class PeopleForm(forms.Form):
    """The limits of each person, by the number of the membership."""

    def __init__(self, people: list[Membership], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for member in people:
            self.fields[f"requests-{member.pk}"] = _limit_field(
                _t("Requests a minute"),
                MOST_REQUESTS,
                member.requests_per_minute,
                general("MEMBER")["requests"],
            )
            self.fields[f"pages-{member.pk}"] = _limit_field(
                _t("Pages a month"), MOST_PAGES, member.pages_per_month, general("MEMBER")["pages"]
            )

    def limits(self) -> dict[int, dict[str, int | None]]:
        said = self.cleaned_data
        return {
            member.pk: {
                "requests_per_minute": said[f"requests-{member.pk}"],
                "pages_per_month": said[f"pages-{member.pk}"],
            }
            for member in self.people
        }


def _limit_field(label: str, most: int, own: int | None, else_: int) -> forms.IntegerField:
    shown = forms.NumberInput(attrs={"placeholder": else_ or "∞"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, initial=own, widget=shown
    )


@require_http_methods(["GET", "POST"])
@team_page
@requires(Action.MANAGE_KEYS)
def of_team(request: TeamRequest) -> HttpResponse:
    """Limits of all keys of the team together, above those of its people."""
    form = LimitsForm(request.POST or None, initial=of(request.team), label_suffix="")
    if request.method == "POST" and form.is_valid():
        teams.limit(request.team, form.limits())
        auditing.note(request, Deed.TEAM, said(form.limits()))
        messages.success(request, _t("The limits were changed; they hold from the next call on."))
        return redirect("web:key-limits")
    return _shown(request, form, PeopleForm(_people(request.team)))


@require_POST
@team_page
@requires(Action.MANAGE_KEYS)
def of_people(request: TeamRequest) -> HttpResponse:
    people = _people(request.team)
    form = PeopleForm(people, request.POST)
    if not form.is_valid():
        return _shown(request, LimitsForm(initial=of(request.team), label_suffix=""), form)
    for member, changed in teams.limit_people(people, form.limits()):
        told = ", ".join(f"{name}={'' if limit is None else limit}" for name, limit in changed.items())
        auditing.note(request, Deed.TEAM, f"{member.user.email}: {told}")
    messages.success(request, _t("The limits were changed; they hold from the next document on."))
    return redirect("web:key-limits")


@require_POST
@team_page
@requires(Action.KEEP_NOTHING)
def keep_nothing(request: TeamRequest) -> HttpResponse:
    """Whether anything stays of what is sent in from now on."""
    wanted = "keep_nothing" in request.POST
    if teams.keep_nothing(request.team, wanted):
        auditing.note(request, Deed.TEAM, f"keeps nothing: {'yes' if wanted else 'no'}")
    said = _t("The team keeps nothing from now on. What is here stays until somebody deletes it.")
    messages.success(request, said if wanted else _t("The team keeps what is sent in from now on."))
    return redirect("web:key-limits")


def _shown(request: TeamRequest, form: LimitsForm, people_form: PeopleForm) -> HttpResponse:
    used = quotas.pages_of_people(request.team)
    rows = [
        {
            "person": member.user,
            "fields": [people_form[f"{name}-{member.pk}"] for name in ("requests", "pages")],
            "used": used.get(member.user_id, 0),
        }
        for member in _people(request.team)
    ]
    context = {
        "form": form,
        "people": rows,
        "of_people": general("MEMBER"),
        "private_hours": settings.PRIVATE_HOURS,
        **general("TEAM"),
    }
    return render(request, "accounts/limits.html", context)


def _people(team: Team) -> list[Membership]:
    return list(team.memberships.select_related("user").order_by("created_at", "pk"))


def of(owner: ApiKey | Team) -> dict[str, int | None]:
    return {"requests_per_minute": owner.requests_per_minute, "pages_per_month": owner.pages_per_month}


def general(of: str) -> dict[str, int]:
    """What holds where nothing is said; 0 is no limit."""
    return {
        "requests": getattr(settings, f"{of}_REQUESTS_PER_MINUTE"),
        "pages": getattr(settings, f"{of}_PAGES_PER_MONTH"),
    }


def said(limits: dict[str, int | None]) -> str:
    return ", ".join(f"{name}={value}" for name, value in limits.items() if value is not None)
