"""Files of a document: pictures of its pages, and what was made from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePath
from typing import TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mathpixweb.documents import storage
from mathpixweb.documents.intake import sniffing
from mathpixweb.documents.models import Document, Kind
from mathpixweb.documents.output import previews, renditions, results
from mathpixweb.engine.kinds import EXTENSIONS, HTML
from mathpixweb.engine.writers.formats import FORMATS
from mathpixweb.web import bundles, downloads, exports, thumbnails
from mathpixweb.web.access import TeamRequest, get_document, team_page, writers_only

T = TypeVar("T")


@require_safe
@team_page
def page_image(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    document = get_document(request, public_id)
    page = get_object_or_404(document.pages, number=number)
    return _picture(partial(previews.page_image, document, page.number), f"{number}")


@require_safe
@team_page
def page_thumbnail(request: TeamRequest, public_id: str, number: int) -> HttpResponse:
    document = get_document(request, public_id)
    page = get_object_or_404(document.pages, number=number)
    return _picture(partial(thumbnails.thumbnail, document, page.number), f"{number}-small")


def _picture(get: Callable[[], Path], etag: str) -> HttpResponse:
    return _found(lambda: downloads.picture(get(), etag))


def _found(get: Callable[[], T]) -> T:
    try:
        return get()
    except FileNotFoundError as error:
        raise Http404 from error


@require_safe
@team_page
def source(request: TeamRequest, public_id: str) -> HttpResponseBase:
    """The file as it was uploaded."""
    document = get_document(request, public_id)
    if not document.source:
        raise Http404
    path = _found(partial(storage.source, document))
    if not document.is_image:
        found = sniffing.kind_of(path)
        named = PurePath(document.name).suffix.lower().removeprefix(".")
        extension = named if named in EXTENSIONS else found.extension
        mime = "application/octet-stream" if found == HTML else found.mime  # a stranger's page is never shown
        return downloads.file(path, mime, _name(document, extension))
    kind = "application/json" if document.kind == Kind.STROKES else sniffing.type_of(path)
    return downloads.file(path, kind or "application/octet-stream", document.name)


@require_safe
@team_page
def download(request: TeamRequest, public_id: str, format_name: str) -> HttpResponseBase:
    document = get_document(request, public_id)
    if not document.finished:
        messages.info(request, _("Downloads are there as soon as the last page is read."))
        return redirect("web:document", public_id)
    if format_name == bundles.NAME:
        texts = ((name, _text(document, name)) for name in exports.direct(document))
        return downloads.opened(
            bundles.of_document(document, texts), "application/zip", _name(document, bundles.NAME)
        )
    if content_type := exports.direct(document).get(format_name):
        return downloads.text(_text(document, format_name), content_type, _name(document, format_name))
    made = document.renditions.filter(format=format_name, status="completed").first()
    if made is None:
        raise Http404
    kind = FORMATS[format_name].content_type
    return downloads.file(_found(partial(storage.rendition, made)), kind, _name(document, format_name))


def _text(document: Document, format_name: str) -> str:
    if format_name == "lines.json":
        content = json.dumps(results.lines_json(document), ensure_ascii=False, indent=1)
    else:
        content = results.mmd(document)
    return results.absolute(content, document, settings.PUBLIC_URL)


def _name(document: Document, suffix: str) -> str:
    return f"{PurePath(document.name).stem}.{suffix}"


@require_POST
@team_page
@writers_only
def export(request: TeamRequest, public_id: str, format_name: str) -> HttpResponse:
    """Has the format made, unless it is there already."""
    document = get_document(request, public_id)
    if not document.finished or format_name not in FORMATS:
        raise Http404
    renditions.request(document, [format_name], document.options.get("conversion_options") or {})
    if request.htmx:
        return _export(request, document, format_name)
    return redirect(f"{reverse('web:document', args=[public_id])}#export")


@require_safe
@team_page
def export_state(request: TeamRequest, public_id: str, format_name: str) -> HttpResponse:
    return _export(request, get_document(request, public_id), format_name)


def _export(request: TeamRequest, document: Document, format_name: str) -> HttpResponse:
    try:
        shown = exports.one(document, format_name)
    except KeyError as error:
        raise Http404 from error
    return render(request, "documents/_export.html", {"document": document, "export": shown, "asked": True})
