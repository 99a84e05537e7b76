"""Lists of results."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from mathpixweb.api import answers, query
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.documents.models import Document, Kind, Page, PageStatus


@endpoint("GET")
def pdf_results(request: ApiRequest) -> dict[str, Any]:
    # counted for the rows that are shown alone; a join would count for all documents that there are
    read = Page.objects.filter(document=OuterRef("pk"), status=PageStatus.COMPLETED).order_by()
    counted = Subquery(read.values("document").annotate(count=Count("pk")).values("count"))
    rows = _newest(request, Kind.PDF).annotate(read_pages=Coalesce(counted, 0))
    return {"pdfs": [answers.pdf_result(document) for document in rows]}


@endpoint("GET")
def converter_results(request: ApiRequest) -> dict[str, Any]:
    rows = _newest(request, Kind.CONVERTER)
    return {"documents": [answers.conversion_result(document) for document in rows]}


def _newest(request: ApiRequest, kind: Kind) -> QuerySet[Document]:
    """The team's documents, newest first; those sent with `improve_mathpix: false` are not listed."""
    asked = request.http.GET
    page = query.number(asked, "page", 1, 1, 1000)
    per_page = query.number(asked, "per_page", 100, 1, 100)
    found = _matching(Document.objects.of_team(request.team).filter(private=False, kind=kind), asked)
    return found.order_by("-created_at", "-pk")[(page - 1) * per_page : page * per_page]


def _matching(documents: QuerySet[Document], asked: QueryDict) -> QuerySet[Document]:
    if since := query.moment(asked, "from_date"):
        documents = documents.filter(created_at__gte=since)
    if until := query.moment(asked, "to_date"):
        documents = documents.filter(created_at__lt=until)
    if app_id := asked.get("app_id"):
        documents = documents.filter(api_key__app_id=app_id)
    if pdf_id := asked.get("pdf_id"):
        documents = documents.filter(public_id=pdf_id)
    return documents
