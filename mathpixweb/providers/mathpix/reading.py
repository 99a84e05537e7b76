"""Mathpix as a provider: single pages, pictures and strokes, waited for; whole documents are handed in here
and then followed by whoever relays their stream."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mathpixweb.engine import page_images
from mathpixweb.engine.errors import EngineError
from mathpixweb.providers.base import ProviderError, Stroke
from mathpixweb.providers.mathpix import calls, excerpts, faults, pictures, retrying
from mathpixweb.providers.mathpix.account import Account
from mathpixweb.providers.mathpix.calls import Attachment
from mathpixweb.providers.mathpix.client import Client
from mathpixweb.providers.mathpix.pages import Origin, result_at, results
from mathpixweb.providers.results import ImageResult, PageResult, SurveyResult

# answered at our own door: conversions are made here, callbacks sent from here, files fetched from here
OURS = (
    "url",
    "streaming",
    "conversion_formats",
    "conversion_options",
    "callback",
    "callback_url",
    "callback_headers",
    "callback_events",
    "file_batch_id",
)
MARK = "mathpixweb"  # the word in `metadata` under which a document's mark stands there
ROWS, MOST_LISTS = 100, 10  # of the list in which a mark is looked for
LONGEST_LOOK = 2.0  # seconds between two looks at the status
LONGEST_ID = 80  # as long as anybody stores
PAGE_SECONDS = 40.0  # for one page that is waited for


class MathpixProvider:
    name = "mathpix"
    version = "Mathpix"
    isolated = False

    def __init__(self, account: Account) -> None:
        self.client = Client(account)

    def submit(self, source: Path, name: str, options: Mapping[str, object], mark: str = "") -> str:
        """Hands in the whole document, its pages to be streamed; the `pdf_id` that it has there."""
        asked = {**passed_on(options), "streaming": True}
        if mark:
            metadata = options.get("metadata")
            asked["metadata"] = {**(metadata if isinstance(metadata, Mapping) else {}), MARK: mark}
        return self._submitted(Attachment(source, name), asked)

    def find_submitted(self, mark: str, since: datetime) -> str | None:
        """The `pdf_id` of the document that was handed in with this mark and has not failed; None without."""
        for page in range(1, MOST_LISTS + 1):
            query: calls.Query = {"page": page, "per_page": ROWS, "from_date": since.isoformat()}
            rows = self.client.json(calls.pdf_results(query)).get("pdfs")
            rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            for row in rows:
                if _mark_of(row) == mark and row.get("status") != "error" and _is_id(row.get("id")):
                    return str(row["id"])
            if len(rows) < ROWS:
                return None
        return None

    def survey(self, source: Path, options: Mapping[str, object]) -> SurveyResult:
        """Counts the pages, for which nothing needs to leave this server."""
        return SurveyResult(page_count=excerpts.page_count(source) or 0)

    def read(
        self,
        source: Path,
        public_id: str,
        pages: Sequence[tuple[int, int]],
        survey: Mapping[str, object],
        options: Mapping[str, object],
        *,
        scans: bool = True,
    ) -> Iterator[PageResult]:
        """Each page is sent alone, so nothing leaves that was not asked for."""
        for index, number in pages:
            pdf_id = self.submit_page(source, number, options)
            yield self.page(pdf_id, public_id, index, number)

    def page_image(self, source: Path, number: int, width: int) -> bytes:
        try:
            return page_images.render(source, number, width)
        except EngineError as error:
            raise ProviderError("page_failed", f"This page could not be drawn. {error}".strip()) from error

    def read_image(self, image: bytes, options: Mapping[str, object]) -> ImageResult:
        return self._read_picture(calls.text(pictures.asked(options), Attachment(image)))

    def read_formula(self, image: bytes, options: Mapping[str, object]) -> ImageResult:
        """With the options of /v3/latex. Raises ProviderError."""
        return self._read_picture(calls.latex(pictures.asked(options), Attachment(image)))

    def read_strokes(self, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
        return self._read_picture(calls.strokes({**pictures.asked(options), **pictures.drawn(strokes)}))

    def _read_picture(self, call: calls.Call) -> ImageResult:
        try:
            return pictures.result(self.client.json(call))
        except ProviderError as error:
            return pictures.nothing(error)

    def submit_page(self, source: Path, number: int, options: Mapping[str, object]) -> str:
        """Hands in the one page; the `pdf_id` that it has there."""
        asked = {name: value for name, value in passed_on(options).items() if name != "page_ranges"}
        page = excerpts.single_page(source, number)
        if page is None:
            asked["page_ranges"] = str(number)
        return self._submitted(Attachment(source if page is None else page, "page.pdf"), asked)

    def page(self, pdf_id: str, public_id: str, index: int, number: int) -> PageResult:
        """The page that was handed in alone, once it is read."""
        self._wait_for(pdf_id)
        origin = Origin(pdf_id, public_id, only=number)
        found = list(results(self.client.json(calls.pdf_result(pdf_id, "lines.json")), origin))
        if not found:
            raise ProviderError("page_failed", "Mathpix has read nothing of this page.")
        return result_at(found[0], index)

    def _submitted(self, file: Attachment, options: Mapping[str, object]) -> str:
        pdf_id = self.client.json(calls.submit_pdf(options, file)).get("pdf_id")
        if not _is_id(pdf_id):
            raise faults.Garbled("Mathpix took the document, but did not say under which id.")
        return str(pdf_id)

    def _wait_for(self, pdf_id: str) -> None:
        """Returns when the document is completed."""
        looks, ends = 0, time.monotonic() + PAGE_SECONDS
        while not settled(self.client.json(calls.pdf_status(pdf_id))):
            if time.monotonic() > ends:
                raise faults.Unreachable("Mathpix took too long to read this page. Try again in a while.")
            looks += 1
            time.sleep(min(LONGEST_LOOK, retrying.backoff(looks)))


def passed_on(options: Mapping[str, object]) -> dict[str, object]:
    """All that was asked, known or not, except what this server does itself."""
    return {name: value for name, value in options.items() if name not in OURS}


def _is_id(said: object) -> bool:
    return isinstance(said, str) and 0 < len(said) <= LONGEST_ID


def _mark_of(row: Mapping[str, Any]) -> object:
    asked = row.get("request_args")
    metadata = asked.get("metadata") if isinstance(asked, dict) else None
    return metadata.get(MARK) if isinstance(metadata, dict) else None


def settled(status: Mapping[str, Any]) -> bool:
    """Whether the document is completed. Raises ProviderError for one that failed without saying why."""
    if status.get("status") == "error":
        raise ProviderError("sys_exception", "Mathpix could not read this document, and does not say why.")
    return status.get("status") == "completed"
