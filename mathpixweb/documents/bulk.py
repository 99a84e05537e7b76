"""Whole jobs, two hundred thousand files at once: rows are written past the ORM, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Field
from django.utils import timezone

from mathpixweb.accounts.models import ApiKey, Team
from mathpixweb.documents import batches, ids, intake
from mathpixweb.documents.models import Batch, Document, Kind, Status
from mathpixweb.providers.file_options import JobFile

ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Job:
    """What is sent in: files, the options for all of them, and how the sender knows the job."""

    files: list[JobFile]
    options: Mapping[str, object]
    job_id: str | None = None
    idempotency_key: str | None = None
    request_hash: str = ""


def submit(team: Team, job: Job, *, endpoint: str, api_key: ApiKey | None = None) -> Batch:
    """Stores every file of the job that was not there yet, and calls the first workers.

    Raises Refused when an idempotency key is used for two jobs.
    """
    if before := _sent_before(team, job):
        return before
    template = Document(
        team=team,
        api_key=api_key,
        kind=Kind.PDF,
        endpoint=endpoint,
        provider=settings.PROVIDER,
    )
    try:
        with transaction.atomic():
            template.batch = batch = _batch(team, job)
            _insert(template, job)
    except IntegrityError:
        if before := _sent_before(team, job):
            return before
        raise
    for _ in range(min(len(job.files), 2 * settings.WORKERS)):
        batches.wake_next(batch.pk)
    return batch


def _sent_before(team: Team, job: Job) -> Batch | None:
    if job.idempotency_key is None:
        return None
    before = Batch.objects.filter(team=team, idempotency_key=job.idempotency_key).first()
    if before is not None and before.request_hash != job.request_hash:
        raise intake.Refused("conflict", "This Idempotency-Key was used for another job.")
    return before


def _batch(team: Team, job: Job) -> Batch:
    if job.job_id is not None:
        return batches.opened(team, job.job_id)
    return Batch.objects.create(
        team=team,
        job_id=str(uuid4()),
        idempotency_key=job.idempotency_key,
        request_hash=job.request_hash,
    )


def _insert(template: Document, job: Job) -> None:
    # equal moments tell that nobody has been called for the file yet
    template.created_at = template.modified_at = template.queued_at = timezone.now()
    columns: list[Field[Any, Any]] = [
        field for field in Document._meta.concrete_fields if not field.primary_key
    ]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(Document._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    rows = _rows(template, job, columns)
    with connection.cursor() as cursor:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(statement, some)


def _rows(template: Document, job: Job, columns: list[Field[Any, Any]]) -> Iterator[list[Any]]:
    """The values of each file; only those that differ from file to file are prepared again."""
    common = {column.attname: _prepared(column, getattr(template, column.attname)) for column in columns}
    by_name = {column.attname: column for column in columns}
    common["options"] = _prepared(by_name["options"], dict(job.options))
    for public_id, file in zip(ids.new_public_ids(), job.files, strict=False):
        own = {"public_id": public_id, **_own(file, job.options, template)}
        own |= {name: _prepared(by_name[name], own[name]) for name in PREPARED if name in own}
        yield [own.get(name, value) for name, value in common.items()]


PREPARED = ("file_id", "options", "error_detail", "completed_at")


def _own(file: JobFile, options: Mapping[str, object], template: Document) -> dict[str, Any]:
    named = file.filename or PurePath(file.source_uri.split("?")[0]).name
    own: dict[str, Any] = {
        "file_id": uuid4(),
        "name": intake.clean_name(named) or "document.pdf",
        "source_url": file.source_uri,
        "key_in_batch": file.custom_id,
    }
    if file.page_ranges:
        own["options"] = {**options, "page_ranges": file.page_ranges}
    if file.error is not None:
        own |= {"status": Status.ERROR.value, "error_id": file.error.error_id}
        own |= {"error_detail": file.error.as_detail(), "completed_at": template.created_at}
    return own


def _prepared(column: Field[Any, Any], value: object) -> Any:
    return column.get_db_prep_save(value, connection)


def distinct(files: Iterable[JobFile]) -> int:
    """How many files a request holds, those with the same custom id counted once."""
    keys = [file.custom_id for file in files]
    named = {key for key in keys if key is not None}
    return len(named) + keys.count(None)
