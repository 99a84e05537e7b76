"""The library's list: newest first, a page at a time, each document with how far it is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mathpixweb.documents.models import PAGE_DONE, Document, DocumentQuerySet, Page, PageStatus
from mathpixweb.documents.output import rendering
from mathpixweb.documents.search import questions, search
from mathpixweb.documents.search.questions import Question
from mathpixweb.web import snippets
from mathpixweb.web.snippets import Piece

ROWS = 30
HITS = 25
HITS_A_DOCUMENT = 3
RENDER_SECONDS = 0.3  # for pages that nobody has looked at; formulas of the rest are shown as LaTeX


@dataclass(frozen=True, slots=True)
class Listing:
    """Some rows, and the id to ask for what is older; empty when there is nothing older."""

    documents: list[Document]
    older: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, and what it says there."""

    page: Page
    pieces: list[Piece]

    @property
    def query(self) -> str:
        """For the page's own script, which shows the place: the formula or the words that were found."""
        found = next((piece for piece in self.pieces if piece.found), None)
        return urlencode({"formula" if found.formula else "words": found.text}) if found else ""


@dataclass(frozen=True, slots=True)
class Found:
    """A document with its best hits; none when only its name was found."""

    document: Document
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found. With `more`, `total` is what was counted before the search stopped."""

    found: list[Found]
    total: int
    more: bool
    page: int
    last: int


def with_progress(documents: DocumentQuerySet) -> DocumentQuerySet:
    """Each document with `done_pages`, `failed_pages` and `first_number`, the first page that was read."""
    pages = Page.objects.filter(document=OuterRef("pk"))
    done = pages.filter(status__in=PAGE_DONE).order_by()
    failed = pages.filter(status=PageStatus.ERROR).order_by()
    read = pages.filter(status=PageStatus.COMPLETED)
    return (
        documents.select_related("user", "api_key", "folder")
        .prefetch_related("tags")
        .annotate(
            done_pages=Coalesce(Subquery(_count(done)), 0),
            failed_pages=Coalesce(Subquery(_count(failed)), 0),
            first_number=Subquery(read.order_by("index").values("number")[:1]),
        )
    )


def _count(pages: QuerySet[Page]) -> QuerySet[Page, Any]:
    return pages.values("document").annotate(count=Count("pk")).values("count")


def newest(documents: DocumentQuerySet, older_than: str = "") -> Listing:
    """The newest rows, or those that follow the document named `older_than`."""
    if older_than:
        documents = _older(documents, older_than)
    ordered = with_progress(documents).order_by(F("created_at").desc(), F("pk").desc())
    rows = list(ordered[: ROWS + 1])
    return Listing(rows[:ROWS], rows[ROWS - 1].public_id if len(rows) > ROWS else "")


def _older(documents: DocumentQuerySet, public_id: str) -> DocumentQuerySet:
    # deleted ones too: the list goes on where a row was that somebody has just deleted
    edge = Document.objects.filter(public_id=public_id).values("created_at", "pk").first()
    if edge is None:
        return documents.none()
    same_moment = Q(created_at=edge["created_at"], pk__lt=edge["pk"])
    return documents.filter(Q(created_at__lt=edge["created_at"]) | same_moment)


def find(documents: DocumentQuerySet, question: Question, page: int = 1) -> Results:
    """Documents that the question means, newest first, with the places where its words stand."""
    matching = questions.answer(documents, question)
    total = matching.count()
    last = max(1, -(-total // HITS))
    page = min(max(1, page), last)
    start = (page - 1) * HITS
    rows = with_progress(matching).order_by("-created_at", "-pk")[start : start + HITS]
    more = any(search.terms(words) for words in question.alternatives) and total >= search.MOST_DOCUMENTS
    return Results(_with_hits(documents, question, rows), total, more, page, last)


def _with_hits(documents: DocumentQuerySet, asked: Question, rows: Iterable[Document]) -> list[Found]:
    found = {document.pk: Found(document, []) for document in rows}
    patience = time.monotonic() + RENDER_SECONDS
    for question in asked.alternatives if found else []:
        for page in _hits(documents.filter(pk__in=found), question):
            hits = found[page.document_id].hits
            if len(hits) < HITS_A_DOCUMENT and page not in (hit.page for hit in hits):
                if time.monotonic() < patience:
                    rendering.page_html(page)  # kept, so that the next search has it
                hits.append(Hit(page, snippets.around(page, question)))
    return list(found.values())


def hits_in(document: Document, question: str) -> list[Hit]:
    """The pages of one document that have the words or the formula, in their order."""
    found = list(_hits(Document.objects.filter(pk=document.pk), question))
    return [Hit(page, snippets.around(page, question)) for page in found]


def _hits(documents: DocumentQuerySet, question: str) -> Iterable[Page]:
    if not search.terms(question):
        return []
    return search.find(documents, question).defer("lines", "plain", "search_text")[
        : HITS * HITS_A_DOCUMENT * 2
    ]
