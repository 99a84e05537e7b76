"""The bodies of the Files API's answers."""

from __future__ import annotations

from typing import Any

from mathpixweb.api import answers, files_errors
from mathpixweb.api.errors import stored
from mathpixweb.documents import renditions
from mathpixweb.documents.models import Document, Status

PENDING = "pending"


def status_word(document: Document) -> str:
    """Before its pages are known a file is pending, however far it is."""
    return PENDING if document.status in (Status.RECEIVED, Status.LOADED) else document.status


def file_status(document: Document) -> dict[str, Any]:
    progress = answers.progress(document)
    return {
        "file_id": str(document.file_id),
        "status": status_word(document),
        "filename": document.name,
        "custom_id": document.custom_id,
        "num_pages": document.num_pages or 0,
        "num_pages_completed": progress["num_pages_completed"],
        "percent_done": float(progress["percent_done"]),
        "format_primary": "mmd",
        "formats": {name: state["status"] for name, state in renditions.status(document).items()},
        "destination_uri": None,
        "destination_basename": None,
        **_error(document),
    }


def _error(document: Document) -> dict[str, Any]:
    """Nothing for a file that did not fail, not even the keys."""
    if document.status != Status.ERROR:
        return {}
    return files_errors.body(stored(document.error_id, document.error_detail))


def file_deletion(document: Document) -> dict[str, Any]:
    return {"file_id": str(document.file_id), "status": "deleted"}
