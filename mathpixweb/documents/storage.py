"""Where a document's files lie: one folder each, so that deleting it is one act."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from mathpixweb.documents.models import Document, Kind
from mathpixweb.providers.base import ProviderError

SOURCES: dict[str, str] = {
    Kind.IMAGE: "source.image",
    Kind.LATEX: "source.image",
    Kind.STROKES: "source.json",
}

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
DISK_FULL = (
    "This server's disk is full, so the file was not taken in. Nothing is wrong with the file: send it again "
    "when whoever runs this server has made room."
)


def folder_name(document: Document) -> str:
    """Relative to the storage; spread over 256 folders by the id's random part."""
    return f"{document.public_id[11:13]}/{document.public_id}"


def folder(document: Document) -> Path:
    return Path(settings.MEDIA_ROOT) / folder_name(document)


def source_name(document: Document) -> str:
    return f"{folder_name(document)}/{SOURCES.get(document.kind, 'source.pdf')}"


def source_path(document: Document) -> Path:
    return Path(settings.MEDIA_ROOT) / source_name(document)


class NoRoom(ProviderError):
    """The disk is full."""


@contextmanager
def _room() -> Iterator[None]:
    """Raises NoRoom where the system says that the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise NoRoom("sys_exception", DISK_FULL) from error


def store_source(document: Document, upload: UploadedFile[Any]) -> None:
    """Moves the upload into the document's folder; a big file is renamed, not copied. Raises NoRoom."""
    try:
        with _room():
            document.source.name = default_storage.save(source_name(document), upload)
    except NoRoom:
        erase(document)
        raise


def copy(upload: UploadedFile[Any], target: Path) -> None:
    """Raises NoRoom."""
    with _room():
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)


def fingerprint(chunks: Iterable[bytes]) -> str:
    """The same for the same bytes, and in practice for no others."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def page_image(document: Document, number: int) -> Path:
    return folder(document) / "pages" / f"{number}.webp"


def figure(document: Document, number: int, region: Iterable[int]) -> Path:
    """A picture that came with the page; what is cut from the page's own picture is not kept."""
    return folder(document) / "figures" / f"{number}-{'-'.join(map(str, region))}.jpg"


def rendition_name(document: Document, format_name: str) -> str:
    return f"{folder_name(document)}/renditions/{format_name}"


def write(path: Path, content: bytes) -> None:
    """All or nothing: a reader never sees half a file, a crash leaves none. Raises NoRoom."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")  # another may be writing it, too
    with _room():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def erase(document: Document) -> list[str]:
    """Removes every file of the document; the names of what was there.

    Another may be erasing it at the same moment; `os.walk`, unlike `Path.rglob`, passes over what vanishes.
    """
    home = folder(document)
    names = sorted(
        str(Path(parent, name).relative_to(home)) for parent, _, files in os.walk(home) for name in files
    )
    shutil.rmtree(home, ignore_errors=True)
    return names
