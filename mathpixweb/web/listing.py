"""The library's list: newest first, a page at a time, each document with how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, IntegerField, Q
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from mathpixweb.documents.models import Document, DocumentQuerySet, Page
from mathpixweb.documents.output import rendering
from mathpixweb.documents.search import questions, search, search_index
from mathpixweb.documents.search.questions import Question
from mathpixweb.web import snippets
from mathpixweb.web.snippets import Piece

ROWS = 30
HITS = 25
HITS_A_DOCUMENT = 3
MOST_HITS_INSIDE = 150
MOST_FOUND = 2_000  # documents that are remembered between counting and showing

OF_DOCUMENT = "FROM documents_page p WHERE p.document_id = documents_document.id"
DONE = f"SELECT COUNT(*) {OF_DOCUMENT} AND p.status IN ('completed', 'error')"
FAILED = f"SELECT COUNT(*) {OF_DOCUMENT} AND p.status = 'error'"
FIRST = f"SELECT p.number {OF_DOCUMENT} AND p.status = 'completed' ORDER BY p.\"index\" LIMIT 1"
SHOWN_OF_A_HIT = ("document_id", "index", "number", "mmd", "html", "edition")


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
    def text(self) -> SafeString:
        return SafeString("".join(piece.shown for piece in self.pieces))

    @property
    def place(self) -> str:
        """What follows the document's address. The query is for the page's own script, which shows the place:
        the formula or the words that were found."""
        found = next((piece for piece in self.pieces if piece.found), None)
        query = f"?{urlencode({'formula' if found.formula else 'words': found.text})}" if found else ""
        return f"{query}#page-{self.page.number}"


@dataclass(frozen=True, slots=True)
class Found:
    """A document with its first hits; none when only its name was found, or others took all the room."""

    document: Document
    hits: list[Hit]

    @property
    def unfinished(self) -> bool:
        """Whether more can be shown: hits, or formulas of pages that nobody has looked at, now in LaTeX."""
        pieces = (piece for hit in self.hits for piece in hit.pieces)
        return not self.hits or any(piece.formula and not piece.math for piece in pieces)


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
    return (
        documents.select_related("user", "api_key", "folder")
        .prefetch_related("tags")
        .annotate(done_pages=_number(DONE), failed_pages=_number(FAILED), first_number=_number(FIRST))
    )


def _number(statement: str) -> RawSQL:
    """SQL of our own: Django would write it anew for every list, which takes longer than to answer it."""
    return RawSQL(statement, (), output_field=IntegerField())  # noqa: S611 - nothing of it comes from anybody


def newest(documents: DocumentQuerySet, older_than: str = "") -> Listing:
    """The newest rows, or those that follow the document named `older_than`."""
    if older_than:
        documents = _older(documents, older_than)
    order = F("created_at").desc(), F("pk").desc()
    # SQLite would look at the pages of all documents before it sorts them
    shown = list(documents.order_by(*order).values_list("pk", flat=True)[: ROWS + 1])
    rows = list(with_progress(documents.filter(pk__in=shown)).order_by(*order))
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
    matching = questions.answer(documents, question).order_by("-created_at", "-pk")
    worded = any(search.terms(words) for words in question.alternatives)
    # asked once: a document is found by its name, too, for which all names are looked through
    found = list(matching.values_list("pk", flat=True)[:MOST_FOUND]) if worded else []
    counted = worded and len(found) < MOST_FOUND
    total = len(found) if counted else matching.count()
    last = max(1, -(-total // HITS))
    page = min(max(1, page), last)
    start = (page - 1) * HITS
    if counted:
        matching = documents.filter(pk__in=found[start : start + HITS]).order_by("-created_at", "-pk")
        rows = with_progress(matching)
    else:
        rows = with_progress(matching)[start : start + HITS]
    more = worded and total >= search.MOST_DOCUMENTS
    return Results(_with_hits(question, rows), total, more, page, last)


def _with_hits(asked: Question, rows: Iterable[Document]) -> list[Found]:
    """The first pages of each that say it, as far as a search for all of them goes."""
    found = {document.pk: Found(document, []) for document in rows}
    for question in asked.alternatives if found else []:
        for page in _first_pages([each.document for each in found.values()], question):
            hits = found[page.document_id].hits
            if len(hits) < HITS_A_DOCUMENT and page not in (hit.page for hit in hits):
                hits.append(Hit(page, snippets.around(page, question)))
    return list(found.values())


def _first_pages(documents: Sequence[Document], question: str) -> list[Page]:
    """Of each document no more than are shown: of the others not even the text is read."""
    terms, by_id = search.terms(question), {document.pk: document for document in documents}
    numbers = (
        [page for page, _ in search_index.first_pages(list(by_id), terms, HITS_A_DOCUMENT)] if terms else []
    )
    read = Page.objects.only(*SHOWN_OF_A_HIT).in_bulk(numbers)
    for page in read.values():
        page.document = by_id[page.document_id]
    return [read[number] for number in numbers if number in read]


def hits_of(document: Document, asked: Question) -> Found:
    """The same of one document, whose formulas are shown as they look, whoever has seen the pages."""
    for question in asked.alternatives:
        for page in _first_pages([document], question):
            rendering.page_html(page)
    return _with_hits(asked, [document])[0]


def hits_in(document: Document, question: str) -> list[Hit]:
    """The pages of one document that have the words or the formula, in their order."""
    if not search.terms(question):
        return []
    pages = search.find(Document.objects.filter(pk=document.pk), question)
    found = pages.defer("lines", "plain", "search_text")[:MOST_HITS_INSIDE]
    return [Hit(page, snippets.around(page, question)) for page in found]
