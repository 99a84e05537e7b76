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
from django.core.files.base import ContentFile
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
    """Moves the upload into the document's folder; a big file is renamed, not copied. Raises NoRoom.

    It is on the disk before the document is in the database, so nothing is accepted that a power cut takes.
    """
    try:
        with _room():
            document.source.name = default_storage.save(source_name(document), upload)
            _outlast_power(source_path(document))
    except NoRoom:
        erase(document)
        raise


@contextmanager
def arriving(document: Document) -> Iterator[None]:
    """While the document's files are stored and its row is not: whoever dies in between leaves a note of it.

    Raises NoRoom.
    """
    note = arrivals() / document.public_id
    try:
        with _room():
            note.parent.mkdir(parents=True, exist_ok=True)
            note.touch()
        yield
    except NoRoom:
        note.unlink(missing_ok=True)
        raise
    note.unlink(missing_ok=True)


def arrivals() -> Path:
    """The notes, each named like its document; `leftovers` looks after them."""
    return Path(settings.MEDIA_ROOT) / "arriving"


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


def write(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """All or nothing: a reader never sees half a file, a crash leaves none. Raises NoRoom.

    A power cut may leave an empty one, unless it is to be `lasting`: that takes some milliseconds more.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")  # another may be writing it, too
    with _room():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content)
            if lasting:  # before it has the name, or the name could outlast the content
                _outlast_power(draft)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def save(name: str, content: bytes) -> str:
    """Stores what may be there under that name already; the name that it got."""
    given: str = default_storage.save(name, ContentFile(content))
    _outlast_power(Path(settings.MEDIA_ROOT) / given)
    return given


def _outlast_power(path: Path) -> None:
    """Returns when the file, and that it lies in its folder, is on the disk and not in memory only."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
