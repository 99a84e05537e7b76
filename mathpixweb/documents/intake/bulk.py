"""Whole jobs, up to two hundred thousand files: the first are there at once, the others in a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from mathpixweb.accounts.models import ApiKey, Team
from mathpixweb.documents.fetching import origins
from mathpixweb.documents.intake import batches, filing, intake, portions
from mathpixweb.documents.models import Batch
from mathpixweb.documents.telling import events
from mathpixweb.providers.callback_options import CallbackOrder
from mathpixweb.providers.file_options import JobFile

AT_ONCE = 1000  # files that are documents when the request is answered


@dataclass(frozen=True, slots=True)
class Job:
    """What is sent in: files, the options for all of them, and how the sender knows the job."""

    files: Sequence[JobFile]
    options: Mapping[str, object]
    job_id: str | None = None
    idempotency_key: str | None = None
    request_hash: str = ""
    callback: CallbackOrder | None = None


def submit(team: Team, job: Job, *, endpoint: str, api_key: ApiKey | None = None) -> Batch:
    """Stores every file of the job that was not there yet, and calls the first workers.

    Raises ProviderError, for instance when an idempotency key is used for two jobs.
    """
    events.check(team, job.callback)
    origins.check_destination(team, job.options)
    if before := _sent_before(team, job):
        return before
    try:
        with transaction.atomic():
            batch = _batch(team, job)
            events.subscribe(job.callback, team, batch=batch)
            files = _new(batch, job.files)
            api_key_id = api_key.pk if api_key else None
            filing.insert(batch, files[:AT_ONCE], job.options, endpoint=endpoint, api_key_id=api_key_id)
            events.refused(batch)
            portions.store(batch, files[AT_ONCE:], job.options, endpoint=endpoint, api_key=api_key)
    except IntegrityError:
        if before := _sent_before(team, job):
            return before
        raise
    for _ in range(min(len(files), 2 * settings.WORKERS)):
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


def _new(batch: Batch, files: Sequence[JobFile]) -> list[JobFile]:
    """The files that the batch does not have, each custom id once."""
    seen = set(batches.files(batch).exclude(key_in_batch=None).values_list("key_in_batch", flat=True))
    seen.update(portions.custom_ids(batch))
    new = []
    for file in files:
        if file.custom_id is None:
            new.append(file)
        elif file.custom_id not in seen:
            seen.add(file.custom_id)
            new.append(file)
    return new


def distinct(files: Sequence[JobFile]) -> int:
    """How many files a request holds, those with the same custom id counted once."""
    keys = [file.custom_id for file in files]
    named = {key for key in keys if key is not None}
    return len(named) + keys.count(None)
