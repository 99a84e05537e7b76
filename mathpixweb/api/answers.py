"""The bodies of the contract's answers, built from documents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mathpixweb.accounts import rows
from mathpixweb.api import errors
from mathpixweb.documents.models import Document, Page, PageStatus, Status
from mathpixweb.documents.output import renditions


def timestamp(moment: datetime | None) -> str | None:
    """`2020-06-26T03:08:23.827Z`"""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def document_error(document: Document) -> dict[str, Any]:
    """`error` and `error_info` of a document that failed; nothing for any other, not even the keys."""
    if document.status != Status.ERROR:
        return {}
    return errors.body(errors.stored(document.error_id, document.error_detail))


def pdf_status(document: Document) -> dict[str, Any]:
    states = {} if document.deleted_at else renditions.status(document)
    return {
        "pdf_id": document.public_id,
        "status": document.status,
        **progress(document),
        **({"conversion_status": states} if states else {}),
        **({"deleted_at": timestamp(document.deleted_at)} if document.deleted_at else {}),
        **document_error(document),
    }


def progress(document: Document) -> dict[str, Any]:
    """Pages that failed are done, but not completed."""
    completed, failed = _done_pages(document)
    if document.num_pages is None:
        return {"num_pages_completed": completed, "percent_done": 0}
    done = completed + failed
    finished = document.status == Status.COMPLETED or not document.num_pages
    return {
        "num_pages": document.num_pages,
        "num_pages_completed": completed,
        "percent_done": 100 if finished else 100 * done / document.num_pages,
    }


def _done_pages(document: Document) -> tuple[int, int]:
    """How many are completed and have failed; of a deleted document, whose pages are gone, those counted."""
    if document.deleted_at:
        return document.counted_pages, 0
    counts = rows.tally(Page, "document_id", document.pk, "status")
    return counts.get(PageStatus.COMPLETED, 0), counts.get(PageStatus.ERROR, 0)


def pdf_deletion(document: Document) -> dict[str, Any]:
    return {
        "pdf_id": document.public_id,
        "status": document.status,
        "input_file": _input_file(document),
        "num_pages": document.num_pages or 0,
        "num_pages_completed": _done_pages(document)[0],
        "created_at": timestamp(document.created_at),
        "deleted_at": timestamp(document.deleted_at),
        "version": document.version,
    }


def pdf_result(document: Document) -> dict[str, Any]:
    """One row of `/v3/pdf-results`; `read_pages` is counted by the query."""
    read_pages: int = getattr(document, "read_pages", 0)
    return {
        "id": document.public_id,
        "input_file": _input_file(document),
        "status": document.status,
        "created_at": timestamp(document.created_at),
        "modified_at": timestamp(document.completed_at or document.modified_at),
        "num_pages": document.num_pages or 0,
        "num_pages_completed": document.counted_pages if document.deleted_at else read_pages,
        "request_args": document.options,
    }


def _input_file(document: Document) -> str:
    return document.source_url or document.name


def conversion_status(document: Document) -> dict[str, Any]:
    return {"status": Status.COMPLETED.value, "conversion_status": renditions.status(document)}


def conversion_deletion(document: Document, states: dict[str, Any]) -> dict[str, Any]:
    """`states` are the formats as they were before they were deleted."""
    return {
        "conversion_id": document.public_id,
        "status": document.status,
        "conversion_status": states,
        "deleted_at": timestamp(document.deleted_at),
    }


def conversion_result(document: Document) -> dict[str, Any]:
    """One row of `/v3/converter-results`."""
    args = dict(document.options)
    return {
        "id": document.public_id,
        "input_file": document.name,
        "status": document.status,
        "created_at": timestamp(document.created_at),
        "modified_at": timestamp(document.modified_at),
        "request_args": {"formats": args.pop("conversion_formats", {}), **args},
    }


def stream_message(page: Page, num_selected: int, text: str) -> dict[str, Any]:
    """A page as the stream tells it; one that failed has no text and says why, without the key `error`."""
    document = page.document
    message = {
        "version": document.version,
        "text": text,
        "page_idx": page.index,
        "pdf_selected_len": num_selected,
        "pdf_id": document.public_id,
    }
    if page.status == PageStatus.ERROR:
        message["error_info"] = errors.info(errors.stored(page.error_id, page.error_detail))
    return message
