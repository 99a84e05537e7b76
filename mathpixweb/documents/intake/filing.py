"""Documents by the thousand: rows are written past the ORM, and what is there already is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Field
from django.utils import timezone

from mathpixweb.documents import ids, provider
from mathpixweb.documents.fetching import data_sources
from mathpixweb.documents.fetching.data_sources import Buckets
from mathpixweb.documents.intake import intake
from mathpixweb.documents.intake.privacy import is_private
from mathpixweb.documents.models import Batch, Document, Kind, Status
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.file_options import JobFile

ROWS_AT_ONCE = 5000
PREPARED = ("options", "error_detail", "completed_at")  # those that few files have


def insert(
    batch: Batch,
    files: Iterable[JobFile],
    options: Mapping[str, object],
    *,
    endpoint: str,
    api_key_id: int | None,
) -> None:
    """Makes a document of each file whose custom id is new to the batch; call it in a transaction."""
    now = timezone.now()
    known = data_sources.buckets(batch.team_id)
    template = Document(
        team_id=batch.team_id,
        batch=batch,
        api_key_id=api_key_id,
        kind=Kind.PDF,
        endpoint=endpoint,
        private=is_private(batch.team, options),
        provider=provider.chosen(batch.team),
        # equal moments tell that nobody has been called for the file yet
        created_at=now,
        modified_at=now,
        queued_at=now,
    )
    columns: list[Field[Any, Any]] = [
        field for field in Document._meta.concrete_fields if not field.primary_key
    ]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(Document._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    rows = _rows(template, files, options, columns, known)
    with connection.cursor() as cursor:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(statement, some)


def _rows(
    template: Document,
    files: Iterable[JobFile],
    options: Mapping[str, object],
    columns: list[Field[Any, Any]],
    known: Buckets,
) -> Iterator[list[Any]]:
    """The values of each file; only those that differ from file to file are prepared again."""
    common = {column.attname: _prepared(column, getattr(template, column.attname)) for column in columns}
    by_name = {column.attname: column for column in columns}
    common["options"] = _prepared(by_name["options"], dict(options))
    places, values = {name: at for at, name in enumerate(common)}, list(common.values())
    file_id, name, source, key = (places[own] for own in ("file_id", "name", "source_url", "key_in_batch"))
    as_it_is = connection.features.has_native_uuid_field
    for public_id, own_id, file in zip(ids.new_public_ids(), ids.new_file_ids(), files, strict=False):
        row = values.copy()
        row[places["public_id"]] = public_id
        row[file_id] = own_id if as_it_is else own_id.hex
        row[name], row[source], row[key] = _name(file), file.source_uri, file.custom_id
        for rare, value in _rare(file, options, template, known).items():
            row[places[rare]] = _prepared(by_name[rare], value) if rare in PREPARED else value
        yield row


def _name(file: JobFile) -> str:
    named = file.filename or file.source_uri.partition("?")[0].rstrip("/").rpartition("/")[2]
    return intake.clean_name(named) or "document.pdf"


def _rare(file: JobFile, options: Mapping[str, object], template: Document, known: Buckets) -> dict[str, Any]:
    """What most files of a job do not have: wishes of their own, or something wrong."""
    own: dict[str, Any] = {}
    if wishes := file.wishes:
        own["options"] = {**options, **wishes}
    if error := file.error or _unreachable(file, known):
        own |= {"status": Status.ERROR.value, "error_id": error.error_id}
        own |= {"error_detail": error.as_detail(), "completed_at": template.created_at}
    return own


def _unreachable(file: JobFile, known: Buckets) -> ProviderError | None:
    try:
        known.check(file.source_uri, file.destination_uri, file.destination_basename)
    except ProviderError as error:
        return error
    return None


def _prepared(column: Field[Any, Any], value: object) -> Any:
    return column.get_db_prep_save(value, connection)
