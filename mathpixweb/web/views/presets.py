"""Options that a team keeps under a name: kept, used for all uploads, forgotten."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.documents.intake import presets
from mathpixweb.documents.models.staging import Preset
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import options_form, reasons
from mathpixweb.web.access import TeamRequest, team_page, writers_only

LONGEST_RANGES = 2000  # characters
PLACES = ("library", "prepare")  # pages that have the form


@require_safe
@team_page
@writers_only
def options(request: TeamRequest) -> HttpResponse:
    """The form as it is first shown, for the page's own script; the library with it without one."""
    if not request.htmx:
        return redirect(f"{reverse('web:library')}?options=1#options")
    return render(request, "library/_option_fields.html", {"options": options_form.fresh(request.team)})


@require_safe
@team_page
@writers_only
def preset(request: TeamRequest, number: int) -> HttpResponse:
    """The form filled by it, for the page's own script; the page itself without one."""
    if not request.htmx:
        return redirect(_back(request, number))
    paged = "unpaged" not in request.GET
    typed = {"page_ranges": request.GET.get("page_ranges", "")[:LONGEST_RANGES]}
    form = options_form.fresh(request.team, str(number), paged=paged, initial=typed)
    return render(request, "library/_option_fields.html", {"options": form, "preset": number})


@require_POST
@team_page
@writers_only
def keep(request: TeamRequest) -> HttpResponse:
    name = request.POST.get("preset_name", "")
    try:
        choices = options_form.filled(request.team, request.POST).lasting()
    except ProviderError as refusal:
        messages.error(request, reasons.said(refusal.message))
        return redirect(_back(request))
    kept = presets.keep(request.team, name, choices, request.user)
    if kept is None:
        messages.error(
            request, _("A preset needs a name, and a team has %(most)d at most.") % {"most": presets.MOST}
        )
        return redirect(_back(request))
    messages.success(request, _("The preset “%(name)s” is kept for the team.") % {"name": kept.name})
    return redirect(_back(request, kept.pk))


@require_POST
@team_page
@writers_only
def use(request: TeamRequest, number: int) -> HttpResponse:
    """For every upload that says nothing else, or no longer."""
    found = get_object_or_404(Preset, pk=number, team=request.team)
    presets.use_for_all(found, not found.for_all)
    said = (
        _("“%(name)s” holds for single files again.") if found.for_all else _("“%(name)s” now holds for all.")
    )
    messages.success(request, said % {"name": found.name})
    return redirect(_back(request))


@require_POST
@team_page
@writers_only
def forget(request: TeamRequest, number: int) -> HttpResponse:
    get_object_or_404(Preset, pk=number, team=request.team).delete()
    return redirect(_back(request))


def _back(request: TeamRequest, number: int = 0) -> str:
    """The page with the form that was sent, with the preset of that number."""
    path = urlsplit(request.headers.get("Referer", "")).path
    try:
        path = path if resolve(path).url_name in PLACES else reverse("web:library")
    except Resolver404:
        path = reverse("web:library")
    return f"{path}?preset={number}#options" if number else f"{path}#options"
