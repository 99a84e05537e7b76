"""Pieces of pages for open browsers: each replaces the element with its id, or joins a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from mathpixweb.accounts.models import Membership
from mathpixweb.documents.intake import unlocking
from mathpixweb.documents.models import Document
from mathpixweb.documents.telling.live import Update
from mathpixweb.web import access, calls, explanations, exports, listing, progress, sheets
from mathpixweb.web.reports import Known
from mathpixweb.web.sheets import Sheet

Context = dict[str, object]
A_PAGE = ("documents/_page.html", "documents/_thumb.html")
LAST_WORDS = ("documents/_actions.html", "documents/_verdict.html")
NOTHING_TO_REVIEW = ("documents/_review.html",)


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a browser is sent, and the pages that it shows from then on (index → edition)."""

    html: str
    shown: dict[str, int]


def document(update: Update, known: Known, may_write: bool) -> str:
    """The progress, the pages that the browser has not, and at the end what a finished document offers."""
    pieces = pieces_of(update, bool(known.have), may_write)
    known.have.update(pieces.shown)
    return pieces.html


def pieces_of(update: Update, has_pages: bool, may_write: bool) -> Pieces:
    """The same for all browsers that have, or have not, any pages."""
    document = update.document
    document_progress = progress.of_document(document)
    context: Context = {
        "document": document,
        "progress": document_progress,
        "may_write": may_write,
        "live": True,
    }
    pages, shown = _pages(update, has_pages, context)
    parts = [render_to_string("documents/_progress.html", context), *pages]
    if document.finished:
        last = {
            "exports": exports.offered(document),
            "explanation": explanations.of_document(document),
            "call": calls.curl(document),
            "python": calls.python(document),
            "locked": unlocking.is_locked(document),
        }
        # menus that may be open are not made anew without need
        names = LAST_WORDS if document_progress.done else LAST_WORDS + NOTHING_TO_REVIEW
        parts += [render_to_string(name, {**context, **last}) for name in names]
    return Pieces("".join(parts), {str(sheet.page.index): sheet.page.edition for sheet in shown})


def _pages(update: Update, has_pages: bool, context: Context) -> tuple[list[str], Sequence[Sheet]]:
    """The whole list when the browser has none yet, or when the waiting pages will not be read any more."""
    document = update.document
    given_up = document.finished and document.error_id
    if not (given_up or document.num_pages or has_pages):
        return [], ()  # there is no list yet that they could join; when their number is known all come
    if given_up or (document.num_pages and not has_pages):
        shown = sheets.all_sheets(document)
        return [render_to_string("documents/_pages.html", {**context, "sheets": shown})], shown
    shown = list(sheets.sheets(document, update.pages))
    return [render_to_string(name, {**context, "sheet": sheet}) for sheet in shown for name in A_PAGE], shown


def library(membership: Membership, changed: Iterable[Document], known: Known) -> str:
    """Rows of changed documents: new ones on top, known ones in place, deleted ones taken out.

    None of what is private to others or to the senders of an API.
    """
    ids = [document.pk for document in changed]
    shown_here = Document.objects.filter(team=membership.team_id, pk__in=ids).open_to(membership.user)
    rows = listing.with_progress(shown_here).order_by("created_at", "pk")
    parts, others = [], False  # whether there are other documents now than before
    for row in rows:
        shown = row.public_id in known.have
        gone = _is_gone(row, known)
        if shown or (not gone and _is_new(row, known)):
            context = {"document": row, "known": shown, "gone": gone}
            parts.append(render_to_string("library/_row_change.html", context))
            known.have[row.public_id] = 0
            others = others or gone or not shown
    return "".join([*parts, _count(membership, known)] if others else parts)


def _count(membership: Membership, known: Known) -> str:
    """How many documents the list has, beside its heading."""
    documents = access.documents_for(membership.user, membership.team)
    if known.folder is not None:
        documents = documents.filter(folder=known.folder)
    return render_to_string("library/_count.html", {"total": documents.count(), "live": True})


def _is_gone(document: Document, known: Known) -> bool:
    """Deleted, or no longer in the folder that is shown."""
    elsewhere = known.folder is not None and document.folder_id != known.folder
    return bool(document.deleted_at or document.trashed_at or elsewhere)


def _is_new(document: Document, known: Known) -> bool:
    """Not so an old one far down the list that has only changed."""
    return known.since is None or document.created_at > known.since
