"""What is done with many documents at once."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO

from django.conf import settings

from mathpixweb.documents.intake import naming
from mathpixweb.documents.models import FINISHED, Document, DocumentQuerySet, Tag
from mathpixweb.documents.output import results
from mathpixweb.documents.work import conversion

MOST_RETRIED = 500
MOST_EXPORTED = 500
LONGEST_TAG = 60
IN_MEMORY = 8 << 20  # bytes of a zip archive before it goes to the disk
FORMATS = ("mmd", "lines.json")  # there without being made


def rename(document: Document, name: str) -> None:
    """Nothing happens for a name of spaces only."""
    if (clean := naming.clean(name)) and clean != document.name:
        Document.objects.filter(pk=document.pk).change(name=clean)


def set_tags(document: Document, names: Iterable[str]) -> None:
    """Exactly these."""
    wanted = {name for each in names if (name := _clean_tag(each))}
    document.tags.exclude(name__in=wanted).delete()
    Tag.objects.bulk_create([Tag(document=document, name=name) for name in wanted], ignore_conflicts=True)


def _clean_tag(name: str) -> str:
    return " ".join(name.split())[:LONGEST_TAG].replace('"', "")


def tag(documents: DocumentQuerySet, name: str) -> int:
    """How many documents have the tag now that had it not."""
    name = _clean_tag(name)
    if not name:
        return 0
    new = documents.exclude(tags__name=name).values_list("pk", flat=True)
    made = Tag.objects.bulk_create([Tag(document_id=pk, name=name) for pk in new], ignore_conflicts=True)
    return len(made)


def untag(documents: DocumentQuerySet, name: str) -> int:
    return Tag.objects.filter(document__in=documents.values("pk"), name=name).delete()[0]


def retry(documents: DocumentQuerySet) -> int:
    """Reads again what failed; how many documents had something to read."""
    return sum(
        conversion.retry(document) for document in documents.filter(status__in=FINISHED)[:MOST_RETRIED]
    )


def export(documents: Iterable[Document], format_name: str) -> IO[bytes]:
    """A zip archive of one file a document, open at its beginning; the caller closes it."""
    archive = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    names: set[str] = set()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for document in documents:
            packed.writestr(_name(document, format_name, names), _content(document, format_name))
    archive.seek(0)
    return archive


def _content(document: Document, format_name: str) -> str:
    if format_name == "lines.json":
        content = json.dumps(results.lines_json(document), ensure_ascii=False, indent=1)
    else:
        content = results.mmd(document)
    return results.absolute(content, document, settings.PUBLIC_URL)


def _name(document: Document, suffix: str, taken: set[str]) -> str:
    """The document's name without what an archive could lead astray with; each name once."""
    stem = PurePath(document.name.replace("\\", "/")).stem.strip(". ") or document.public_id
    name = f"{stem}.{suffix}"
    if name in taken:
        name = f"{stem} ({document.public_id}).{suffix}"
    taken.add(name)
    return name
