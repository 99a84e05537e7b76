"""`/v3/file-batches`: PDFs sent to v3/pdf with a `file_batch_id`, counted and listed together.

A file batch is a job of the Files API by another name, and is answered there too.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from mathpixweb.accounts.models import Team
from mathpixweb.api import query
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError
from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import Batch

ROWS = 100


@endpoint("POST")
def create(request: ApiRequest) -> dict[str, Any]:
    return {"file_batch_id": batches.opened(request.team, str(uuid4())).job_id}


@endpoint("GET")
def status(request: ApiRequest, file_batch_id: str) -> dict[str, Any]:
    progress = batches.progress(found(request.team, file_batch_id))
    return {
        "file_batch_id": file_batch_id,
        "total_files": progress.files,
        "completed_files": progress.completed,
        "error_files": progress.errored,
    }


@endpoint("GET")
def files(request: ApiRequest, file_batch_id: str) -> dict[str, Any]:
    """The ids of its PDFs in the order in which they came; `cursor` asks for those that follow."""
    after = query.row(request.http.GET, "cursor")
    rows = batches.files(found(request.team, file_batch_id)).filter(pk__gt=after).order_by("pk")
    some = list(rows.values_list("pk", "public_id")[: ROWS + 1])
    has_more = len(some) > ROWS
    listed = [public_id for _, public_id in some[:ROWS]]
    return {"results": listed, "cursor": str(some[ROWS - 1][0]) if has_more else "", "has_more": has_more}


def found(team: Team, file_batch_id: str) -> Batch:
    """Raises ApiError."""
    batch = batches.find(team, file_batch_id)
    if batch is None:
        raise ApiError("batch_unknown_id", file_batch_id=file_batch_id)
    return batch
