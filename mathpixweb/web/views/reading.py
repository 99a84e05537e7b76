"""Reading closely: lines with their places, what is doubtful, finding, copying."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from mathpixweb.documents.images import forms
from mathpixweb.documents.images.forms import Form
from mathpixweb.documents.models import Document, PageStatus
from mathpixweb.documents.models import Page as PageRow
from mathpixweb.documents.output import outline, results
from mathpixweb.documents.search import questions
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.web import boxes, copies, listing, numbers
from mathpixweb.web.access import TeamRequest, get_document, team_page

T = TypeVar("T")


@gzip_page
@require_safe
@team_page
def lines(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    """Every line with its place and confidence: laid over the picture, or as a page of its own."""
    document, page = _page(request, public_id, number)
    context = {"document": document, "page": page, "boxes": boxes.of_page(page)}
    if request.htmx:
        return render(request, "documents/_boxes.html", context)
    raw = json.dumps(results.page_json(document, page), ensure_ascii=False, indent=1)
    context |= {"raw": raw, "formulas": forms.formulas(page), "tables": forms.tables(page)}
    return render(request, "documents/lines.html", context)


@require_safe
@team_page
def doubtful(request: TeamRequest, public_id: str) -> HttpResponseBase:
    """Leads to the next line that somebody should look at, after `page` and `line` of the address."""
    document = get_document(request, public_id)
    page, line = (_counted(request.GET.get(name, "")) for name in ("page", "line"))
    start = document.pages.filter(number=page).values_list("index", flat=True).first() or 1
    found = boxes.next_doubtful(document, start, line)
    if request.htmx:
        place = {"page": found[0].number, "line": found[1].number} if found else {}
        return JsonResponse({**place, "none": _("No line is doubtful.")})
    if found is None:
        messages.info(request, _("No line is doubtful."))
        return redirect("web:document", public_id)
    place_of_lines = reverse("web:lines", args=[public_id, found[0].number])
    return redirect(f"{place_of_lines}#line-{found[1].number}")


@require_safe
@team_page
def find(request: TeamRequest, public_id: str) -> HttpResponse:
    """What is searched inside one document."""
    document = get_document(request, public_id)
    question = request.GET.get("words", "").strip()
    hits = listing.hits_in(document, question)
    context = {"document": document, "words": question, "hits": hits}
    return render(request, "documents/_found.html" if request.htmx else "documents/found.html", context)


@gzip_page
@require_safe
@team_page
def hits(request: TeamRequest, public_id: str) -> HttpResponse:
    """What a search shows of this document once somebody sees it in the list: formulas as they look."""
    document = get_document(request, public_id)
    question = request.GET.get("q", "").strip()
    found = listing.hits_of(document, questions.parse(question))
    return render(request, "library/_hits.html", {"result": found, "question": question, "settled": True})


@require_safe
@team_page
def contents(request: TeamRequest, public_id: str) -> HttpResponse:
    """The headings, each a way to its page."""
    document = get_document(request, public_id)
    context = {"document": document, "headings": outline.of(document)}
    return render(request, "documents/_contents.html" if request.htmx else "documents/contents.html", context)


@require_safe
@team_page
def formula(request: TeamRequest, public_id: str, number: int, place: int) -> HttpResponse:
    """Formula `place` of the page, from 1, in every form."""
    document, page = _page(request, public_id, number)
    found = forms.formulas(page)
    if not 0 < place <= len(found):
        raise Http404
    wanted = found[place - 1]
    context: dict[str, object] = {
        "latex": wanted.latex,
        "forms": copies.named(_made(forms.of_formula, wanted)),
    }
    return _copied(request, document, page, context)


@require_safe
@team_page
def table(request: TeamRequest, public_id: str, number: int, place: int) -> HttpResponse:
    """Table `place` of the page, from 1, in every form."""
    document, page = _page(request, public_id, number)
    found = forms.tables(page)
    if not 0 < place <= len(found):
        raise Http404
    return _copied(request, document, page, {"forms": copies.named(_made(forms.of_table, found[place - 1]))})


def _made(make: Callable[[T], list[Form]], what: T) -> list[Form]:
    try:
        return make(what)
    except RenderFailed:
        return []  # the page says so


def _copied(
    request: TeamRequest, document: Document, page: PageRow, context: dict[str, object]
) -> HttpResponse:
    template = "documents/_copies.html" if request.htmx else "documents/copies.html"
    return render(request, template, {"document": document, "page": page, **context})


def _page(request: TeamRequest, public_id: str, number: int) -> tuple[Document, PageRow]:
    """The page, once it was read."""
    document = get_document(request, public_id)
    page = get_object_or_404(document.pages, number=number, status=PageStatus.COMPLETED)
    page.document = document
    return document, page


def _counted(text: str) -> int:
    return numbers.sent(text, digits=9) or 0
