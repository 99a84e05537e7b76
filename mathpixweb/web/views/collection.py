"""Many documents at once: tags, retries, archives, saved searches."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.documents.library import folders, library, trash
from mathpixweb.documents.models import FINISHED, DocumentQuerySet
from mathpixweb.documents.models.library import SavedSearch
from mathpixweb.documents.search import questions
from mathpixweb.web import downloads
from mathpixweb.web.access import TeamRequest, documents_of, team_page, writers_only
from mathpixweb.web.views.folders import chosen as folder_chosen


@require_POST
@team_page
@writers_only
def change(request: TeamRequest) -> HttpResponse:
    """Does with the chosen documents what the button says."""
    chosen = _chosen(request)
    done = request.POST.get("do", "")
    name = request.POST.get("tag", "")
    if done == "tag":
        _tell(request, library.tag(chosen, name), _("“%(tag)s” was added.") % {"tag": name})
    elif done == "untag":
        _tell(request, library.untag(chosen, name), _("“%(tag)s” was taken away.") % {"tag": name})
    elif done == "retry":
        _tell(request, library.retry(chosen), _("What had failed is read again."))
    elif done == "move":
        folder = folder_chosen(request, request.POST.get("to", ""))
        where = folder.path if folder else _("the library")
        _tell(request, folders.put(chosen, folder), _("Moved to “%(folder)s”.") % {"folder": where})
    elif done == "trash":
        said = _("They lie in the trash and can be restored.")
        if request.team.keeps_nothing:
            said = _("What was private is erased, with receipts in the trash; the rest lies there.")
        _tell(request, trash.put(chosen, request.user), said)
    return redirect(_back(request))


@require_safe
@team_page
def export(request: TeamRequest) -> HttpResponseBase:
    """The chosen documents in one archive."""
    format_name = request.GET.get("format", library.FORMATS[0])
    if format_name not in library.FORMATS:
        raise Http404
    finished = _chosen(request).filter(status__in=FINISHED).order_by("-created_at")
    documents = list(finished[: library.MOST_EXPORTED + 1])
    if not documents:
        messages.info(request, _("Choose documents that are done."))
        return redirect(_back(request))
    if len(documents) > library.MOST_EXPORTED:
        messages.error(
            request, _("An archive takes %(most)d documents at most.") % {"most": library.MOST_EXPORTED}
        )
        return redirect(_back(request))
    archive = library.export(documents, format_name)
    return downloads.opened(archive, "application/zip", f"documents.{format_name}.zip")


def _chosen(request: TeamRequest) -> DocumentQuerySet:
    """Those with a tick; or all that the question finds."""
    sent = request.POST if request.method == "POST" else request.GET
    if "all" in sent:
        question, folder = sent.get("q", ""), folder_chosen(request, sent.get("folder", ""))
        documents = folders.inside(documents_of(request), folder, deep=bool(question))
        return questions.answer(documents, questions.parse(question))
    return documents_of(request).filter(public_id__in=sent.getlist("document"))


def _tell(request: TeamRequest, count: int, what: str) -> None:
    said = ngettext("%(count)d document.", "%(count)d documents.", count) % {"count": count}
    messages.success(request, f"{said} {what}") if count else messages.info(
        request, _("Nothing has changed: choose documents with the boxes before their names.")
    )


def _back(request: TeamRequest) -> str:
    sent = request.POST if request.method == "POST" else request.GET
    kept = {name: sent[name] for name in ("q", "folder") if sent.get(name)}
    return f"/?{urlencode(kept)}" if kept else "/"


@require_POST
@team_page
@writers_only
def save_search(request: TeamRequest) -> HttpResponse:
    """Keeps a question under a name, for the whole team."""
    name, question = request.POST.get("name", "").strip()[:80], request.POST.get("q", "").strip()[:500]
    if name and question:
        fields = {"question": question, "created_by": request.user}
        SavedSearch.objects.update_or_create(team=request.team, name=name, defaults=fields)
        messages.success(request, _("“%(name)s” is kept under Filter.") % {"name": name})
    return redirect(_back(request))


@require_POST
@team_page
@writers_only
def forget_search(request: TeamRequest, number: int) -> HttpResponse:
    get_object_or_404(SavedSearch, pk=number, team=request.team).delete()
    return redirect("web:library")
