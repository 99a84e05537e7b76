"""The library: what the team has, what is found in it, and the way in for new documents."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.accounts import identities
from mathpixweb.documents.intake import staging
from mathpixweb.documents.library import folders
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.models.library import Folder
from mathpixweb.documents.search import questions
from mathpixweb.documents.telling import live
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import (
    auditing,
    explanations,
    facets,
    fragments,
    listing,
    numbers,
    options_form,
    pace,
    reasons,
    uploads,
)
from mathpixweb.web.access import TeamRequest, documents_of, team_page, writers_only
from mathpixweb.web.reports import Known
from mathpixweb.web.templatetags.workspace import ago, pages
from mathpixweb.web.views.folders import chosen
from mathpixweb.web.views.prepare import lay_aside
from mathpixweb.web.views.samples import SAMPLES

MOST_REFUSALS = 5  # files of an archive that are named
MOST_WAITING = 5  # files that are named
MOST_UNDERWAY = 50
LOOKS = ("list", "grid")


@gzip_page
@require_safe
@team_page
def library(request: TeamRequest) -> HttpResponse:
    if request.GET.get("look") in LOOKS:
        request.session["look"] = request.GET["look"]
    folder = chosen(request, request.GET.get("folder", ""))
    question = request.GET.get("q", "").strip()
    return _found(request, question, folder) if question else _newest(request, folder)


def _newest(request: TeamRequest, folder: Folder | None) -> HttpResponse:
    now = timezone.now()  # before the look, so that nothing falls between it and what is told live
    documents = folders.inside(documents_of(request), folder, deep=False)
    older_than = request.GET.get("older", "")
    rows = listing.newest(documents, older_than)
    if request.htmx and older_than:
        return render(request, "library/_rows.html", {"listing": rows, "folder": folder})
    busy = any(not document.finished for document in rows.documents)
    context = {"listing": rows, "since": now.isoformat(), "older_than": older_than, "busy": busy}
    context |= _around(request, "", folder) | {"total": documents.count()}
    preset = request.GET.get("preset", "")
    context |= {"waiting": list(staging.of_person(request.team, request.user)[:MOST_WAITING])}
    if preset or "options" in request.GET:  # else they come when somebody opens them
        context["options"] = options_form.fresh(request.team, preset)
    context["samples"] = SAMPLES
    context["without_password"] = identities.only_by_link(request.user)
    return render(request, "library/library.html", context)


def _found(request: TeamRequest, question: str, folder: Folder | None) -> HttpResponse:
    asked = questions.parse(question)
    page = numbers.sent(request.GET.get("page", ""), digits=6)
    documents = folders.inside(documents_of(request), folder, deep=True)
    results = listing.find(documents, asked, 1 if page is None else page)
    context = {"results": results, "found": results.found, "question": question, "asked": asked}
    return render(request, "library/search.html", context | _around(request, question, folder))


def _around(request: TeamRequest, question: str, folder: Folder | None) -> dict[str, object]:
    """Where one is, what the list can be narrowed to, and how it looks."""
    return {
        "folder": folder,
        "inner": [each for each in folders.within(folder) if each.depth == folder.depth + 1]
        if folder
        else [],
        "chosen": facets.chosen(question, folder.pk if folder else None),
        "look": request.session.get("look", LOOKS[0]),
    }


@require_POST
@team_page
def changes(request: TeamRequest) -> HttpResponse:
    """What the WebSocket would have told since the browser last heard; for when there is none."""
    known = Known.parse(request.body)
    since = live.no_later_than_now(known.since or timezone.now())
    changed = Document.objects.visible_to(request.user).of_team(request.team).filter(modified_at__gt=since)
    return HttpResponse(
        fragments.library(request.membership, list(changed.order_by("modified_at")[:50]), known)
    )


@require_safe
@team_page
def narrow(request: TeamRequest) -> HttpResponse:
    """What the list can be narrowed to, counted when somebody asks."""
    folder, question = chosen(request, request.GET.get("folder", "")), request.GET.get("q", "").strip()
    found = facets.of(documents_of(request), question, folder.pk if folder else None)
    context = {"facets": found, "question": question, "folder": folder}
    return render(request, "library/_facets.html" if request.htmx else "library/facets.html", context)


@require_safe
@team_page
def underway(request: TeamRequest) -> JsonResponse:
    """How far some documents are, for pages that do not show them."""
    asked = request.GET.getlist("document")[:MOST_UNDERWAY]
    rows = listing.with_progress(documents_of(request).filter(public_id__in=asked))
    return JsonResponse({"documents": [_far(document) for document in rows]})


def _far(document: Document) -> dict[str, object]:
    failed = document.status == Status.ERROR
    return {
        "id": document.public_id,
        "name": document.name,
        "finished": document.finished,
        "said": reasons.said(document.error_message()) if failed else pages(document.num_pages or 0),
        "address": reverse("web:document", args=[document.public_id]),
    }


@require_POST
@team_page
@writers_only
def upload(request: TeamRequest) -> HttpResponse:
    """Answers a plain form with the next page, and the page's own script with a fragment."""
    folder = chosen(request, request.POST.get("folder", ""))
    try:
        pace.keep(request)
        if "look" in request.POST and request.FILES:
            return _sent(request, lay_aside(request, folder), "library/_laid_aside.html")
        taken = uploads.submit(request)
    except ProviderError as refusal:
        return _refused(request, refusal)
    auditing.note_added(request, taken.documents)
    if folder:
        folders.put(documents_of(request).filter(pk__in=[each.pk for each in taken.documents]), folder)
    _tell_left_out(request, taken)
    first, alone = taken.all[0], len(taken.all) == 1
    home = f"{reverse('web:library')}?folder={folder.pk}" if folder else reverse("web:library")
    address = reverse("web:document", args=[first.public_id]) if alone else home
    return _sent(request, address, "library/_uploaded.html", document=first, taken=taken)


def _sent(request: TeamRequest, address: str, fragment: str, **context: object) -> HttpResponse:
    if request.htmx:
        return render(request, fragment, {"address": address, **context}, status=201)
    return redirect(address)


def _tell_left_out(request: TeamRequest, taken: uploads.Taken) -> None:
    """Which files became no new documents."""
    for document in taken.known[:MOST_REFUSALS]:
        said = {"name": document.name, "time": ago(document.created_at)}
        messages.info(request, _("“%(name)s” was read %(time)s, with the same options: here it is.") % said)
    for name, reason in taken.refused[:MOST_REFUSALS]:
        messages.warning(request, _("%(name)s was left out: %(reason)s") % {"name": name, "reason": reason})
    if more := len(taken.refused[MOST_REFUSALS:]):
        messages.warning(request, _("%(more)d more files were left out.") % {"more": more})


def _refused(request: TeamRequest, refusal: ProviderError) -> HttpResponse:
    template = "library/_refused.html" if request.htmx else "library/refused.html"
    return explanations.refused(request, template, {}, refusal)
