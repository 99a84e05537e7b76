"""`/v3/ocr-results`: what was read in images and drawings, and page by page in one PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import QueryDict

from mathpixweb.api import ocr_answers, query
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.documents.models import IMAGE_KINDS, Document, Kind, PageStatus, Status

CONTAINED = ("text", "text_display", "latex_styled")
OF_IMAGES = ("text_display", "latex_styled")  # the result of a page has neither, nor has it tags


@endpoint("GET")
def ocr_results(request: ApiRequest) -> dict[str, Any]:
    """Newest first; the pages of a PDF in their order."""
    asked = request.http.GET
    page = query.number(asked, "page", 1, 1, 100)
    per_page = query.number(asked, "per_page", 100, 1, 1000)
    rows = slice((page - 1) * per_page, page * per_page)
    flags = query.flags(asked, ocr_answers.DETECTIONS)
    if pdf_id := asked.get("pdf_id"):
        found = _pages(request, pdf_id, asked, flags)
        return {"ocr_results": list(islice(found, rows.start, rows.stop))}
    documents = _images(request, asked, flags)[rows]
    return {"ocr_results": [ocr_answers.of_image(document) for document in documents]}


def _images(request: ApiRequest, asked: QueryDict, flags: dict[str, bool]) -> QuerySet[Document]:
    listed = Document.objects.of_team(request.team).alive().filter(private=False, kind__in=IMAGE_KINDS)
    documents = _within(listed, asked).exclude(completed_at=None)
    if request_id := asked.get("request_id"):
        documents = documents.filter(public_id=request_id)
    elif not query.flag(asked, "include_null_results"):
        documents = documents.filter(status=Status.COMPLETED)
    for tag in query.texts(asked, "tags"):
        documents = documents.filter(tags__name=tag)
    for name in CONTAINED:
        if wanted := asked.get(name):
            documents = documents.annotate(**{f"result_{name}": KeyTextTransform(name, "answer__result")})
            documents = documents.filter(**{f"result_{name}__contains": wanted})
    for name, value in flags.items():
        documents = documents.filter(**{f"answer__detections__{name}": value})
    return documents.select_related("answer").order_by("-completed_at", "-pk")


def _within(documents: QuerySet[Document], asked: QueryDict) -> QuerySet[Document]:
    if since := query.moment(asked, "from_date"):
        documents = documents.filter(completed_at__gte=since)
    if until := query.moment(asked, "to_date"):
        documents = documents.filter(completed_at__lt=until)
    if app_id := asked.get("app_id"):
        documents = documents.filter(api_key__app_id=app_id)
    return documents


def _pages(
    request: ApiRequest, pdf_id: str, asked: QueryDict, flags: dict[str, bool]
) -> Iterator[dict[str, Any]]:
    documents = Document.objects.of_team(request.team).alive().filter(private=False, kind=Kind.PDF)
    if app_id := asked.get("app_id"):
        documents = documents.filter(api_key__app_id=app_id)
    document = documents.filter(public_id=pdf_id).first()
    if document is None or query.texts(asked, "tags") or any(asked.get(name) for name in OF_IMAGES):
        return iter(())
    pages = document.pages.filter(status=PageStatus.COMPLETED)
    if since := query.moment(asked, "from_date"):
        pages = pages.filter(completed_at__gte=since)
    if until := query.moment(asked, "to_date"):
        pages = pages.filter(completed_at__lt=until)
    if text := asked.get("text"):
        pages = pages.filter(mmd__contains=text)
    entries = (ocr_answers.of_page(document, page) for page in pages.iterator(chunk_size=50))
    if request_id := asked.get("request_id"):
        entries = (entry for entry in entries if entry["image_id"] == request_id)
    return _seen(entries, flags)


def _seen(entries: Iterable[dict[str, Any]], flags: dict[str, bool]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        if all(entry["detections"].get(name) == value for name, value in flags.items()):
            yield entry
