"""What a link opens: one document to read, for anybody who has the link and knows its password.

Nothing here looks at who is signed in. Every address stands under the link, so that it ends with the link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from mathpixweb.documents import ids
from mathpixweb.documents.library import sharing
from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.models.shares import ShareLink
from mathpixweb.documents.output import crops, previews, results
from mathpixweb.web import boxes, downloads, sheets, sitting, throttle, thumbnails
from mathpixweb.web.sheets import Sheet

COOKIE = "share"
HOURS = 12
NOBODY: dict[str, object] = {"membership": None, "may_write": False, "shared": True, "messages": []}
FIGURE = re.compile(r"/cropped/([\w-]+)\.jpg\?")

View = Callable[..., HttpResponseBase]


def by_link(view: View) -> View:
    """Finds what the link in the address opens, and asks for its password where it has one."""

    @wraps(view)
    def page(request: HttpRequest, token: str, *args: object, **kwargs: object) -> HttpResponseBase:
        link = sharing.find(token)
        if link is None:
            return _private(render(request, "shared/gone.html", NOBODY, status=404))
        if link.password and not _knows(request, link, token):
            return redirect("web:shared-password", token)
        try:
            return _private(view(request, link, token, *args, **kwargs))
        except Http404:  # the usual page would show whoever is signed in
            return _private(render(request, "shared/gone.html", NOBODY, status=404))

    return page


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    # the link is told to no other site; with “no-referrer” browsers would hide from ours, too, where a form
    # comes from, and the one that asks for the password would be refused
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _knows(request: HttpRequest, link: ShareLink, token: str) -> bool:
    kept = request.get_signed_cookie(COOKIE, default="", salt=token, max_age=HOURS * 3600)
    return kept == sharing.proof(link)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, token: str) -> HttpResponseBase:
    link = sharing.find(token)
    if link is None:
        return _private(render(request, "shared/gone.html", NOBODY, status=404))
    name, address, wrong = f"share {link.pk}", sitting.address(request), ""
    if request.method == "POST":
        if throttle.exhausted(name, address):
            wrong = _("There were too many attempts. Wait a quarter of an hour, then try again.")
        elif sharing.opens(link, request.POST.get("password", "")):
            throttle.forget(name)
            return _private(_admitted(link, token))
        else:
            throttle.note_failure(name, address)
            wrong = _("This is not the password of the link.")
    context = NOBODY | {"wrong": wrong}
    return _private(render(request, "shared/password.html", context, status=403 if wrong else 200))


def _admitted(link: ShareLink, token: str) -> HttpResponse:
    response = redirect("web:shared", token)
    response.set_signed_cookie(
        COOKIE,
        sharing.proof(link),
        salt=token,
        max_age=HOURS * 3600,
        path=f"/share/{token}",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@gzip_page
@require_safe
@by_link
def document(request: HttpRequest, link: ShareLink, token: str) -> HttpResponseBase:
    shown = link.document
    if request.method == "GET":
        sharing.note_view(link, sitting.address(request), request.headers.get("User-Agent", ""))
    view = "source" if request.GET.get("view") == "source" else "rendered"
    shown_sheets = [_under(token, sheet) for sheet in sheets.all_sheets(shown)]
    context = NOBODY | {"document": shown, "sheets": shown_sheets, "token": token, "view": view}
    return render(request, "shared/document.html", context)


@gzip_page
@require_safe
@by_link
def page(request: HttpRequest, link: ShareLink, token: str, number: int) -> HttpResponseBase:
    found = _page(link.document, number)
    sheet = _under(token, sheets.sheet(link.document, found, ready=True))
    context = NOBODY | {"document": link.document, "sheet": sheet, "token": token}
    whole = "shared/_page.html" if request.headers.get("HX-Request") else "shared/one_page.html"
    return render(request, whole, context)


@require_safe
@by_link
def lines(request: HttpRequest, link: ShareLink, token: str, number: int) -> HttpResponseBase:
    """The lines of a page with their places, to be laid over its picture."""
    found = _page(link.document, number)
    context = NOBODY | {"page": found, "boxes": boxes.of_page(found), "links": True}
    return render(request, "documents/_boxes.html", context)


@require_safe
@by_link
def picture(request: HttpRequest, link: ShareLink, token: str, number: int, size: str) -> HttpResponseBase:
    found = _page(link.document, number)
    make = thumbnails.thumbnail if size == "small" else previews.page_image
    try:
        return downloads.picture(make(link.document, found.number), f"{number}-{size}")
    except FileNotFoundError as error:
        raise Http404 from error


@require_safe
@by_link
def figure(request: HttpRequest, link: ShareLink, token: str, number: int) -> HttpResponseBase:
    """A figure of the document: the address is signed as everywhere, and opens with the link only."""
    found = _page(link.document, number)
    found.document = link.document
    region = crops.check(found.image_id, request.GET)
    content = crops.jpeg(link.document, found, region) if region else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@by_link
def download(request: HttpRequest, link: ShareLink, token: str) -> HttpResponseBase:
    """Its Mathpix Markdown; figures are named but not signed, as those addresses would outlive the link."""
    return downloads.text(results.mmd(link.document), "text/markdown; charset=utf-8", "document.mmd")


def _under(token: str, sheet: Sheet) -> Sheet:
    """The sheet with its figures at addresses under the link, so that they end with it."""

    def address(found: re.Match[str]) -> str:
        place = ids.parse_image_id(found[1])
        if place is None or place[0] != sheet.document.public_id:
            return "#"
        return f"{reverse('web:shared-figure', args=[token, place[1]])}?"

    return replace(sheet, html=FIGURE.sub(address, sheet.html)) if sheet.html else sheet


def _page(document: Document, number: int) -> Page:
    return get_object_or_404(document.pages, number=number)
