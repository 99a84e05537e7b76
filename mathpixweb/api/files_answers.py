"""The bodies of the Files API's answers."""

from __future__ import annotations

from typing import Any

from mathpixweb.api import answers, files_errors
from mathpixweb.api.errors import stored
from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import Batch, Document, Status
from mathpixweb.documents.models.stores import Shipment
from mathpixweb.documents.output import renditions

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
        "destination_uri": document.options.get("destination_uri") or None,
        "destination_basename": document.options.get("destination_basename") or None,
        **_destination(document),
        **_error(document),
    }


def _destination(document: Document) -> dict[str, Any]:
    """How far the writing to the destination is; ours, as the contract tells only of the formats."""
    if not document.options.get("destination_uri"):
        return {}
    shipment = Shipment.objects.filter(document=document).first()
    if shipment is None:
        return {"destination_status": PENDING}
    message = shipment.error_detail.get("message")
    return {"destination_status": shipment.status, **({"destination_message": message} if message else {})}


def _error(document: Document) -> dict[str, Any]:
    """Nothing for a file that did not fail, not even the keys."""
    if document.status != Status.ERROR:
        return {}
    return files_errors.body(stored(document.error_id, document.error_detail))


def file_deletion(document: Document) -> dict[str, Any]:
    return {"file_id": str(document.file_id), "status": "deleted"}


def job_status(batch: Batch) -> dict[str, Any]:
    progress = batches.progress(batch)
    return {
        "job_id": batch.job_id,
        "status": "completed" if progress.finished else "processing",
        "file_count": progress.files,
        "files_completed": progress.completed,
        "files_errored": progress.errored,
        "created_at": answers.timestamp(batch.created_at),
        "modified_at": answers.timestamp(progress.modified_at or batch.created_at),
    }
