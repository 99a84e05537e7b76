"""Where a document's files lie: one folder each, so that deleting it is one act.

They are on this machine, and where `FILES_URL` names a bucket they are there first: `present` gets what
another machine has stored.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.move import file_move_safe
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from mathpixweb.documents import bucket
from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.models import Document, Kind, Rendition

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


def place(name: str) -> Path:
    """Where the file or folder of that name lies on this machine."""
    return Path(settings.MEDIA_ROOT) / name


def folder(document: Document) -> Path:
    return place(folder_name(document))


def source_name(document: Document) -> str:
    return f"{folder_name(document)}/{SOURCES.get(document.kind, 'source.pdf')}"


def source_path(document: Document) -> Path:
    return place(source_name(document))


def source(document: Document) -> Path:
    """The file as it came, to be read. Raises FileNotFoundError, NotStored."""
    return present(source_path(document))


def rendition(made: Rendition) -> Path:
    """The file of a format, to be read. Raises FileNotFoundError, NotStored."""
    return present(place(str(made.file.name)))


def present(path: Path) -> Path:
    """The path, when the latest version of its file is there. Raises FileNotFoundError, NotStored."""
    if bucket.is_home():
        bucket.update(path)
    return path


def exists(path: Path) -> bool:
    """Raises NotStored."""
    return bucket.has(path) if bucket.is_home() else path.exists()


class NoRoom(NotStored):
    """The disk is full."""


@contextmanager
def room() -> Iterator[None]:
    """Raises NoRoom where the system says that the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise NoRoom("sys_exception", DISK_FULL) from error


def store_source(document: Document, upload: UploadedFile[Any]) -> None:
    """Moves the upload into the document's folder; a big file is renamed, not copied. Raises NotStored.

    It is on the disk before the document is in the database, so nothing is accepted that a power cut takes.
    """
    try:
        with room():
            document.source.name = source_name(document)
            _keep(upload, source_path(document))
        share(source_path(document))
    except NotStored:
        shutil.rmtree(folder(document), ignore_errors=True)
        raise


def _keep(upload: UploadedFile[Any], target: Path) -> None:
    """The document's first file; when this returns, it and its name are on the disk."""
    target.parent.mkdir(parents=True)  # nobody else has a folder of that name
    if isinstance(upload, TemporaryUploadedFile):
        file_move_safe(upload.temporary_file_path(), str(target))
    else:
        with target.open("xb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
    target.chmod(settings.FILE_UPLOAD_PERMISSIONS)  # a temporary file is for its owner only
    _to_disk(target)
    _to_disk(target.parent)


def share(path: Path) -> None:
    """Gives other machines what has been written at the path by somebody else. Raises NotStored."""
    if bucket.is_home():
        bucket.note(path, bucket.put(path, path))


@contextmanager
def arriving(document: Document) -> Iterator[None]:
    """While the document's files are stored and its row is not: whoever dies in between leaves a note of it.

    Raises NotStored.
    """
    note = arrivals() / document.public_id
    try:
        with room():
            _touch(note)
        yield
    except NotStored:
        note.unlink(missing_ok=True)
        raise
    note.unlink(missing_ok=True)


def _touch(note: Path) -> None:
    try:
        note.touch()
    except FileNotFoundError:  # the first of all
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()


def arrivals() -> Path:
    """The notes, each named like its document; `leftovers` looks after them."""
    return place("arriving")


def copy(upload: UploadedFile[Any], target: Path) -> None:
    """Raises NotStored."""
    with room():
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
    share(target)


class Fingerprinted(TemporaryUploadedFile):
    """A file whose `fingerprint` was taken while it was written."""

    fingerprint: str


def fingerprint_of(upload: UploadedFile[Any]) -> str:
    return upload.fingerprint if isinstance(upload, Fingerprinted) else fingerprint(upload.chunks())


def fingerprint(chunks: Iterable[bytes]) -> str:
    """The same for the same bytes, and in practice for no others."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def page_image(document: Document, number: int) -> Path:
    """PNG, JPEG or WebP, as its content tells."""
    return folder(document) / "pages" / f"{number}.picture"


def figure(document: Document, number: int, region: Iterable[int]) -> Path:
    """A picture that came with the page; what is cut from the page's own picture is not kept."""
    return folder(document) / "figures" / f"{number}-{'-'.join(map(str, region))}.jpg"


def rendition_name(document: Document, format_name: str) -> str:
    return f"{folder_name(document)}/renditions/{format_name}"


def write(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """All or nothing: a reader never sees half a file, a crash leaves none. Raises NotStored.

    A power cut may leave an empty one, unless it is to be `lasting`: that takes some milliseconds more.
    """
    version = bucket.put(path, content) if bucket.is_home() else ""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")  # another may be writing it, too
    with room():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content)
            if lasting:  # before it has the name, or the name could outlast the content
                _to_disk(draft)
            draft.replace(path)
            if lasting:
                _to_disk(path.parent)
            if version:
                bucket.note(path, version)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def save(name: str, content: bytes) -> str:
    """Stores what others may be storing under that name at the same time; the name that it got.

    Raises NotStored.
    """
    given = f"{name}-{secrets.token_hex(4)}"
    write(place(given), content, lasting=True)
    return given


def remove(path: Path) -> None:
    """The one file, which may be gone already. Raises NotStored."""
    if bucket.is_home():
        bucket.remove(path)
        bucket.forget(path)
    path.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Raises NotStored."""
    if bucket.is_home():
        bucket.remove_below(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _to_disk(path: Path) -> None:
    """Returns when the file's content, or the folder's names, are on the disk and not in memory only."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erase(document: Document) -> None:
    """Removes every file of the document. Raises NotStored."""
    remove_folder(folder(document))


def listing(document: Document) -> list[tuple[str, int]]:
    """The names of all files of the document, and their bytes. Raises NotStored."""
    home = folder(document)
    found = bucket.names(home) if bucket.is_home() else sizes(home)
    return sorted((name, size) for name, size in found.items() if not bucket.is_note(name))


def names(*, copies: bool = False) -> list[str]:
    """The names of all files there are, or of the copies on this machine only. Raises NotStored."""
    home = Path(settings.MEDIA_ROOT)
    found = sizes(home) if copies or not bucket.is_home() else bucket.names(home)
    return sorted(name for name in found if not bucket.is_note(name))


def sizes(home: Path) -> dict[str, int]:
    """The names of all files below a folder of this machine, and their bytes.

    Another may be erasing them meanwhile; `os.walk`, unlike `Path.rglob`, passes over what vanishes.
    """
    found = {}
    for parent, _, files in os.walk(home):
        for path in (Path(parent, file) for file in files):
            with suppress(OSError):
                found[str(path.relative_to(home))] = path.stat().st_size
    return found
