"""`/files/v1/jobs`: many files sent in at once, and known together by the caller's own ids."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict

from mathpixweb.accounts import usage
from mathpixweb.api import files_answers, lookup, query
from mathpixweb.api.answers import timestamp
from mathpixweb.api.endpoint import ApiRequest
from mathpixweb.api.errors import NotFoundError
from mathpixweb.api.limits import JOB_BYTES
from mathpixweb.api.views.files import files_endpoint, idempotency_key
from mathpixweb.documents.intake import batches, bulk, portions
from mathpixweb.documents.models import FINISHED, Batch, Document, Status
from mathpixweb.documents.telling import events
from mathpixweb.providers import file_options

ENDPOINT = "/files/v1/jobs"
MOST_ROWS = 1000
FILTERS = ("pending", "completed", "error")
WRITTEN = 36  # characters of an id


class Listed(NamedTuple):
    """What a list tells of a file; a thousand documents would take four times as long."""

    pk: int
    file_id: str
    name: str
    custom_id: str | None


@files_endpoint("GET", "POST", json_limit=JOB_BYTES)
def submit_or_list(request: ApiRequest) -> dict[str, Any]:
    return _submit(request) if request.http.method == "POST" else listed(request)


def _submit(request: ApiRequest) -> dict[str, Any]:
    order = file_options.parse_job(request.args)
    key = idempotency_key(request) if order.job_id is None else None
    request_hash = usage.args_hash(request.args) if key else ""
    request.args.clear()  # of two hundred thousand files: fifty megabytes that are not needed twice
    job = bulk.Job(order.files, order.options, order.job_id, key, request_hash, order.callback)
    batch = bulk.submit(request.team, job, endpoint=ENDPOINT, api_key=request.api_key)
    return {"job_id": batch.job_id, "file_count": bulk.distinct(order.files)}


def listed(request: ApiRequest) -> dict[str, Any]:
    """The team's jobs, newest first; both days are included."""
    asked = request.http.GET
    found = Batch.objects.filter(team=request.team, of_images=False)
    if start := query.moment(asked, "start"):
        found = found.filter(created_at__gte=start)
    if end := query.moment(asked, "end"):
        found = found.filter(created_at__lt=end + timedelta(days=1))
    if after := query.row(asked, "paging_state"):
        found = found.filter(pk__lt=after)
    rows, token = page(found.order_by("-pk"), limit(asked))
    jobs = [{"job_id": row.job_id, "created_at": timestamp(row.created_at)} for row in rows]
    return {"jobs": jobs, "next_page_token": token}


def limit(asked: QueryDict) -> int:
    return query.number(asked, "limit", 100, 1, MOST_ROWS)


def page(rows: Any, limit: int) -> tuple[list[Any], str | None]:
    """One page of rows, and the token for the next one, if there is one."""
    return _cut(list(rows[: limit + 1]), limit)


def _cut(found: list[Any], limit: int) -> tuple[list[Any], str | None]:
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else None


@files_endpoint("GET")
def status(request: ApiRequest, job_id: str) -> dict[str, Any]:
    return files_answers.job_status(lookup.job(request.team, job_id))


@files_endpoint("GET")
def files(request: ApiRequest, job_id: str) -> dict[str, Any]:
    """The job's files in the order in which they came; their status is told only when it was asked for."""
    asked = request.http.GET
    wanted = query.choice(asked, "status", FILTERS)
    rows, token = files_page(asked, lookup.job(request.team, job_id), wanted)
    return {"files": [_entry(row, wanted or None) for row in rows], "next_page_token": token}


def files_page(
    asked: QueryDict, batch: Batch, wanted: str = "", **named: str
) -> tuple[list[Listed], str | None]:
    after, most = query.row(asked, "paging_state"), limit(asked)
    found = batches.files(batch).filter(pk__gt=after, **named).order_by("pk")
    if wanted == files_answers.PENDING:
        found = found.exclude(status__in=FINISHED)
    elif wanted:
        found = found.filter(status=Status(wanted))
    rows, token = _listed(found, most)
    if token is None and portions.unpack_next(batch):
        # not all files were there yet; there may be more behind those that are now
        rows, token = _listed(found, most)
        last = rows[-1].pk if rows else after
        token = token or (str(last) if batch.portions.exists() else None)
    return rows, token


def _listed(found: QuerySet[Document], most: int) -> tuple[list[Listed], str | None]:
    as_text = Cast(
        "file_id", CharField()
    )  # two fifths of the work were taking UUIDs apart and together again
    rows = found.values_list("pk", as_text, "name", "key_in_batch")[: most + 1]
    return _cut([Listed(pk, _dashed(file_id), *rest) for pk, file_id, *rest in rows], most)


def _dashed(file_id: str) -> str:
    """An id as it is written; SQLite keeps it without dashes."""
    if len(file_id) == WRITTEN:
        return file_id
    return f"{file_id[:8]}-{file_id[8:12]}-{file_id[12:16]}-{file_id[16:20]}-{file_id[20:]}"


def _entry(row: Listed, status: str | None) -> dict[str, Any]:
    return {"file_id": row.file_id, "filename": row.name, "status": status, "custom_id": row.custom_id}


@files_endpoint("GET")
def file_by_custom_id(request: ApiRequest, job_id: str, custom_id: str) -> dict[str, Any]:
    batch = lookup.job(request.team, job_id)
    named = batches.files(batch).filter(key_in_batch=custom_id)
    found = named.first() or (portions.unpack_with(batch, custom_id) and named.first())
    if not found:
        raise NotFoundError("not_found")
    return files_answers.file_status(found)


@files_endpoint("POST")
def finalize(request: ApiRequest, job_id: str) -> dict[str, Any]:
    batch = events.finalize(lookup.job(request.team, job_id))
    message = "The job is finalized. Its callbacks are told when all of its files are finished."
    return {"job_id": batch.job_id, "finalized_at": timestamp(batch.finalized_at), "message": message}
