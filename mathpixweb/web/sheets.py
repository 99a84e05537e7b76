"""Pages as the browser shows them: the original beside what was read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _

from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents.models import Document, Page, PageStatus
from mathpixweb.documents.output import rendering, results
from mathpixweb.web import boxes, egress, explanations
from mathpixweb.web.explanations import Explanation

OUTLINE = (
    "document_id", "index", "number", "status", "error_id", "error_detail", "width", "height", "confidence",
    "edition", "provider",
)  # fmt: skip
READY_SHEETS = 8  # so many come with their content; the others fetch it when they scroll into view
LETTER = (8.5, 11.0)  # the shape of a page that has not been seen yet


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page in the page list. `html` is None while the content is waiting or fetched later."""

    document: Document
    page: Page
    html: str | None
    failure: Explanation | None
    width: float
    height: float
    elsewhere: bool = False  # Mathpix may be asked to read it
    number: str = ""  # as text, which templates need not write in the reader's way for each of many pages
    label: str = ""
    address: str = ""

    @property
    def reader(self) -> str:
        return str(self.page.provider or self.document.provider)

    @property
    def other_reader(self) -> str:
        """Who else may read the page; empty when nobody."""
        if not self.document.source or self.document.is_image:
            return ""
        if self.reader == MATHPIX:
            return LOCAL
        return MATHPIX if self.elsewhere else ""

    @property
    def state(self) -> str:
        """waiting, reading, completed or error; a page that will not be read any more is "skipped"."""
        if self.document.finished and not self.page.done:
            return "skipped"
        return str(self.page.status)

    @property
    def level(self) -> str:
        """sure, unsure or doubtful, as sure as the reader of the whole page was; empty for what was given."""
        if self.document.given or self.page.status != PageStatus.COMPLETED:
            return ""
        return boxes.level(self.page.confidence)

    @property
    def deferred(self) -> bool:
        return self.html is None and self.page.status == PageStatus.COMPLETED


def sheet(document: Document, page: Page, *, ready: bool) -> Sheet:
    """`ready`: with its content, rendered now if it never was before."""
    page.document = document
    html = _content(page) if ready and page.status == PageStatus.COMPLETED else None
    width, height = (page.width, page.height) if page.width and page.height else LETTER
    common, number = _common(document), str(page.number)
    return Sheet(
        document,
        page,
        html,
        explanations.of_page(page) if page.status != PageStatus.COMPLETED else None,
        width,
        height,
        common.elsewhere,
        number,
        common.label % {"number": number},
        f"{common.address}/pages/{number}",
    )


@dataclass(frozen=True, slots=True)
class _Common:
    """What all pages of a document have in common, found out once however many there are."""

    elsewhere: bool
    label: str
    address: str


def _common(document: Document) -> _Common:
    known = getattr(document, "of_all_sheets", None)
    if known is None:
        address = reverse("web:document", args=[document.public_id])
        known = _Common(egress.may_be_asked(document.team), _("Page %(number)s"), address)
        document.of_all_sheets = known  # type: ignore[attr-defined]
    return known


def _content(page: Page) -> str:
    return results.absolute(rendering.page_html(page), page.document, "")  # figures signed, on this server


def sheets(document: Document, pages: Iterable[Page]) -> Iterator[Sheet]:
    """The first ones ready, the others deferred, so that five hundred pages open as fast as five."""
    for page in pages:
        yield sheet(document, page, ready=page.index <= READY_SHEETS)


def all_sheets(document: Document) -> list[Sheet]:
    """Of pages whose content is fetched later only what their place in the list tells is read."""
    first = document.pages.defer("lines", "search_text", "plain").filter(index__lte=READY_SHEETS)
    later = document.pages.only(*OUTLINE).filter(index__gt=READY_SHEETS)
    return list(sheets(document, chain(first, later)))
