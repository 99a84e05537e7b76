"""Looking at a file before it is converted: its pages, its frame, its password, its options."""

from __future__ import annotations

import math
from functools import partial

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mathpixweb.documents.intake import staging
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.library import Folder
from mathpixweb.documents.models.staging import Staged
from mathpixweb.providers import page_ranges
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import auditing, downloads, explanations, numbers, options_form, pace, passwords
from mathpixweb.web.access import TeamRequest, get_document, team_page, writers_only

SHOWN = 300  # pages that can be ticked; beyond them ranges are typed
EDGES = ("left", "top", "right", "bottom")


@require_http_methods(["GET", "HEAD", "POST"])
@team_page
@writers_only
def prepare(request: TeamRequest, staged: str) -> HttpResponse:
    waiting = _get(request, staged)
    if request.method != "POST":
        return _shown(request, waiting)
    try:
        pace.keep(request)
        document = _submit(request, waiting)
    except ProviderError as refusal:
        return _shown(request, waiting, refusal)
    auditing.note_added(request, [document])
    following = staging.sent_with(waiting)
    if following is None:
        return redirect("web:document", document.public_id)
    messages.success(request, _("“%(name)s” is being read. Here is the next one.") % {"name": document.name})
    return redirect("web:prepare", following.public_id)


def _submit(request: TeamRequest, waiting: Staged) -> Document:
    sent = request.POST.copy()
    if not sent.get("page_ranges") and (ticked := sent.getlist("page")):
        pages = (numbers.sent(number, digits=7) for number in ticked)
        sent["page_ranges"] = page_ranges.written(number for number in pages if number is not None)
    form = options_form.filled(request.team, sent, paged=not waiting.is_image)
    return staging.submit(
        waiting,
        form.request_options(),
        turns=(numbers.sent(sent.get("turns", ""), digits=4) or 0) % 4,
        frame=_frame(sent) if waiting.is_image else (),
        reader=form.chosen_reader,
    )


def _shown(request: TeamRequest, waiting: Staged, refusal: ProviderError | None = None) -> HttpResponse:
    initial = options_form.choices_of(waiting.options) if waiting.options else {}
    form = options_form.fresh(
        request.team, request.GET.get("preset", ""), initial=initial, paged=not waiting.is_image
    )
    context = {
        "staged": waiting,
        "options": form,
        "numbers": range(1, min(waiting.pages or 0, SHOWN) + 1) if not waiting.is_image else (),
        "unshown": max(0, (waiting.pages or 0) - SHOWN),
        "others": staging.of_person(request.team, request.user).count() - 1,
    }
    if refusal:
        return explanations.refused(request, "intake/prepare.html", context, refusal)
    return render(request, "intake/prepare.html", context)


@require_POST
@team_page
@writers_only
def drop(request: TeamRequest, staged: str) -> HttpResponse:
    staging.drop([_get(request, staged)])
    messages.info(request, _("The file was dropped; nothing of it is kept."))
    return redirect("web:library")


@sensitive_post_parameters("password")
@require_POST
@team_page
@writers_only
def unlock(request: TeamRequest, staged: str) -> HttpResponse:
    """Opens a locked file for the look at its pages."""
    waiting = _get(request, staged)
    if refused := passwords.refusal(request, partial(staging.unlock, waiting)):
        messages.error(request, refused)
    return redirect("web:prepare", staged)


@require_safe
@team_page
@writers_only
def picture(request: TeamRequest, staged: str, number: int, size: str) -> HttpResponseBase:
    try:
        path = staging.picture(_get(request, staged), number, small=size == "small")
        return downloads.picture(path, f"{staged}-{number}-{size}")
    except FileNotFoundError as error:
        raise Http404 from error


@require_POST
@team_page
@writers_only
def again(request: TeamRequest, public_id: str) -> HttpResponse:
    """The document's file once more, to be read with other options; what was read before stays."""
    document = get_document(request, public_id)
    if document.given or not document.source:
        raise Http404
    try:
        return redirect("web:prepare", staging.again(document, request.user).public_id)
    except FileNotFoundError as error:
        raise Http404 from error


def lay_aside(request: TeamRequest, folder: Folder | None) -> str:
    """The address at which the files of an upload are looked at. Raises ProviderError."""
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    taken = [staging.take(request.team, request.user, file, folder=folder) for file in files]
    return reverse("web:prepare", args=[taken[0].public_id])


def _get(request: TeamRequest, public_id: str) -> Staged:
    """One's own; anybody else's does not exist."""
    return get_object_or_404(staging.of_person(request.team, request.user), public_id=public_id)


def _frame(sent: QueryDict) -> list[float]:
    """What is to be left of the picture, as shares of its sides; empty where nothing is cut off."""
    cut = [_percent(sent.get(edge, "")) for edge in EDGES]
    return [cut[0], cut[1], 1 - cut[2], 1 - cut[3]] if any(cut) else []


def _percent(text: str) -> float:
    try:
        value = float(text) / 100
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and 0 < value < 1 else 0.0
