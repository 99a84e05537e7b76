"""Folders: made, named anew, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mathpixweb.accounts.audit_models import Deed
from mathpixweb.documents.library import folders
from mathpixweb.documents.models.library import Folder
from mathpixweb.web import auditing, numbers
from mathpixweb.web.access import TeamRequest, team_page, writers_only


@require_POST
@team_page
@writers_only
def make(request: TeamRequest) -> HttpResponse:
    """A folder, within the one that is open if there is one."""
    outer = chosen(request, request.POST.get("within", ""))
    path = request.POST.get("path", "")
    try:
        return _show(folders.make(request.team, f"{outer.path}/{path}" if outer and path.strip() else path))
    except folders.Refused as refusal:
        messages.error(request, reason(refusal))
        return _show(outer)


@require_POST
@team_page
@writers_only
def rename(request: TeamRequest, number: int) -> HttpResponse:
    """Another path: another name, or a place within another folder."""
    folder = get_object_or_404(Folder, pk=number, team=request.team)
    try:
        folders.move(folder, request.POST.get("path", ""))
    except folders.Refused as refusal:
        messages.error(request, reason(refusal))
    return _show(folder)


@require_POST
@team_page
@writers_only
def remove(request: TeamRequest, number: int) -> HttpResponse:
    folder = get_object_or_404(Folder, pk=number, team=request.team)
    folders.remove(folder)
    auditing.note(request, Deed.CHANGED, _("folder taken away: %(path)s") % {"path": folder.path})
    messages.success(
        request, _("The folder “%(name)s” is gone; its documents are still here.") % {"name": folder.name}
    )
    return redirect("web:library")


def chosen(request: TeamRequest, number: str) -> Folder | None:
    """The team's folder of that number; another team's does not exist, like an unknown one."""
    if not number:
        return None
    return get_object_or_404(Folder, pk=numbers.sent(number) or 0, team=request.team)


def reason(refusal: folders.Refused) -> str:
    if isinstance(refusal, folders.NoName):
        return _("A folder needs a name.")
    if isinstance(refusal, folders.Taken):
        return _("There is a folder of that name already.")
    return _("A team has %(most)d folders at most, %(deep)d within each other, with short names.") % {
        "most": folders.MOST,
        "deep": folders.DEEPEST,
    }


def _show(folder: Folder | None) -> HttpResponseRedirect:
    return redirect(f"{reverse('web:library')}{f'?folder={folder.pk}' if folder else ''}")
