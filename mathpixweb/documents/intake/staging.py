"""Looking before converting: an uploaded file waits until its pages, its frame or its password are given.

What nobody comes back for is removed after a day.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from mathpixweb.accounts.models import Team, User
from mathpixweb.documents import provider, storage
from mathpixweb.documents.images import readers
from mathpixweb.documents.intake import image_intake, intake, sniffing, unlocking
from mathpixweb.documents.library import folders
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.library import Folder
from mathpixweb.documents.models.staging import Staged
from mathpixweb.engine import kinds
from mathpixweb.providers.base import ProviderError

KEPT_FOR = timedelta(days=1)
TOGETHER = timedelta(minutes=1)
MOST_WAITING = 50  # files of one person
SMALL, LARGE = 220, 1600  # pixels of a picture's width


def take(
    team: Team, user: User, upload: UploadedFile[Any], *, name: str = "", folder: Folder | None = None
) -> Staged:
    """The file, looked at and laid aside. Raises ProviderError for what could not be read anyway."""
    is_image = image_intake.is_image(upload)
    if is_image:
        image_intake.check_size(upload)
    else:
        intake.check(upload, name)
    if of_person(team, user).count() >= MOST_WAITING:
        raise ProviderError(
            "sys_exception", f"{MOST_WAITING} files wait already. Convert or drop some first."
        )
    staged = Staged(team=team, user=user, folder=folder, is_image=is_image, size=upload.size or 0)
    staged.name = intake.clean_name(name or upload.name or "") or "document.pdf"
    storage.copy(upload, path(staged))
    _look(staged)
    staged.save()
    return staged


def again(document: Document, user: User) -> Staged:
    """A copy of a document's file, to be read with other options. Raises FileNotFoundError."""
    staged = Staged(team=document.team, user=user, folder=document.folder, name=document.name)
    staged.is_image, staged.size, staged.options = document.is_image, document.source_size, document.options
    path(staged).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(storage.source(document), path(staged))
    storage.share(path(staged))
    _look(staged)
    staged.save()
    return staged


def _look(staged: Staged) -> None:
    """Counts the pages of what has pages that can be shown."""
    if staged.is_image:
        staged.pages = 1
        return
    if sniffing.kind_of(path(staged)) != kinds.PDF:
        return
    try:
        staged.pages, staged.locked = readers.page_count(path(staged)), False
    except ProviderError as error:
        staged.locked = error.error_id == unlocking.LOCKED


def of_person(team: Team, user: User) -> QuerySet[Staged]:
    return Staged.objects.filter(team=team, user=user).select_related("folder", "team", "user")


def sent_with(staged: Staged) -> Staged | None:
    """The next of the files that were sent together with this one."""
    others = of_person(staged.team, staged.user).exclude(public_id=staged.public_id)
    span = (staged.created_at - TOGETHER, staged.created_at + TOGETHER)
    return others.filter(created_at__range=span).first()


def path(staged: Staged) -> Path:
    return storage.place(f"staged/{staged.public_id}/source")


def _present(staged: Staged) -> Path:
    """Raises FileNotFoundError, NotStored."""
    return storage.present(path(staged))


def picture(staged: Staged, number: int, *, small: bool) -> Path:
    """Where a page's picture lies. Raises FileNotFoundError where none can be made."""
    if staged.locked or not 1 <= number <= (staged.pages or 0):
        raise FileNotFoundError(number)
    width = SMALL if small else LARGE
    drawn = path(staged).with_name(f"{number}.{width}.picture")
    if not drawn.exists():
        try:
            storage.write(drawn, _drawn(staged, number, width))
        except ProviderError as error:
            raise FileNotFoundError(error.message) from error
    return drawn


def _drawn(staged: Staged, number: int, width: int) -> bytes:
    if staged.is_image:
        return readers.preview(_present(staged).read_bytes(), width)
    return readers.page_image(provider.ENGINE, _present(staged), number, width)


def unlock(staged: Staged, password: str) -> None:
    """Raises ProviderError for a wrong password."""
    unlocking.open_file(_present(staged), password)
    _look(staged)
    staged.save()


def submit(
    staged: Staged,
    options: Mapping[str, object],
    *,
    turns: int = 0,
    frame: Sequence[float] = (),
    reader: str = "",
) -> Document:
    """The document, with the picture turned and cut first. Raises ProviderError; the file then waits on."""
    with _opened(staged, turns, frame) as upload:
        if staged.is_image:
            document = image_intake.submit_image(staged.team, upload, options=options, user=staged.user)
        else:
            document = intake.submit_file(
                staged.team, upload, endpoint="/v3/pdf", options=options, user=staged.user, reader=reader
            )
    if staged.folder:
        folders.put(Document.objects.filter(pk=document.pk), staged.folder)
    drop([staged])
    return document


def _opened(staged: Staged, turns: int, frame: Sequence[float]) -> TemporaryUploadedFile:
    """The file as intake wants it: its own copy, which may be moved."""
    content, file = None, _present(staged)
    if staged.is_image and (turns % 4 or frame):
        content = readers.framed(file.read_bytes(), turns, frame or (0, 0, 1, 1))
    upload = TemporaryUploadedFile(staged.name, "", 0, None)
    if content is None:
        shutil.copyfile(file, upload.temporary_file_path())
    else:
        Path(upload.temporary_file_path()).write_bytes(content)
    upload.size = Path(upload.temporary_file_path()).stat().st_size
    return upload


def drop(staged: Iterable[Staged]) -> None:
    """Removes the files that wait."""
    for each in staged:
        Staged.objects.filter(pk=each.pk).delete()
        storage.remove_folder(path(each).parent)


def sweep() -> None:
    before = timezone.now() - KEPT_FOR
    drop(Staged.objects.filter(created_at__lt=before))
    home = storage.place("staged")
    for folder in home.iterdir() if home.is_dir() else ():
        if folder.stat().st_mtime < before.timestamp() and not _known(folder.name):
            storage.remove_folder(folder)


def _known(public_id: str) -> bool:
    return Staged.objects.filter(public_id=os.fspath(public_id)).exists()
