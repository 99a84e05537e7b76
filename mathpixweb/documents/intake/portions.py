"""Big jobs, stored in portions of files that workers make into documents one portion after the other.

Who asks for files that are not documents yet has their portion unpacked at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.conf import settings
from django.db import transaction

from mathpixweb.accounts.models import ApiKey
from mathpixweb.documents.intake import batches, filing
from mathpixweb.documents.models import Batch
from mathpixweb.documents.models.portions import Portion
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import queues
from mathpixweb.providers.file_options import JobFile

FILES = 5000  # a portion: a quarter of a second of writing
CUSTOM_ID = JobFile._fields.index("custom_id")


def store(
    batch: Batch,
    files: Sequence[JobFile],
    options: Mapping[str, object],
    *,
    endpoint: str,
    api_key: ApiKey | None,
) -> None:
    """Keeps the files for later, and wakes a worker on commit."""
    rest = iter(files)
    while some := list(islice(rest, FILES)):
        Portion.objects.create(
            batch=batch,
            api_key=api_key,
            endpoint=endpoint,
            options=dict(options),
            files=json.dumps(some, ensure_ascii=False),
            count=len(some),
        )
    if files:
        queues.unpack(batch.pk)


def custom_ids(batch: Batch) -> Iterator[str]:
    """The custom ids of the files that are not documents yet."""
    for text in batch.portions.values_list("files", flat=True).iterator(chunk_size=1):
        yield from (fields[CUSTOM_ID] for fields in json.loads(text) if fields[CUSTOM_ID])


def work(batch_id: int) -> None:
    """A worker's turn: unpacks one portion, calls readers for it, and leaves the next to another turn."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None or not unpack_next(batch):
        return
    for _ in range(2 * settings.WORKERS):
        batches.wake_next(batch_id)
    if batch.portions.exists():
        queues.unpack(batch_id)


def unpack_next(batch: Batch) -> bool:
    """Makes documents of the oldest portion; whether there was one."""
    while portion := batch.portions.order_by("pk").first():
        if _unpack(portion):
            return True
    return False


def unpack_with(batch: Batch, custom_id: str) -> bool:
    """Makes documents of the portion that holds the custom id; whether there is one."""
    written = json.dumps(custom_id, ensure_ascii=False)
    for portion in batch.portions.order_by("pk").iterator(chunk_size=1):
        if written in portion.files:
            return _unpack(portion)
    return False


def _unpack(portion: Portion) -> bool:
    """Once, whoever else tries at the same moment."""
    files = (JobFile(*fields) for fields in json.loads(portion.files))
    with transaction.atomic():
        if not Portion.objects.filter(pk=portion.pk).delete()[0]:
            return False
        filing.insert(
            portion.batch,
            files,
            portion.options,
            endpoint=portion.endpoint,
            api_key_id=portion.api_key_id,
        )
        events.refused(portion.batch)
    return True
