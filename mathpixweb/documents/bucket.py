"""The bucket that is the files' home where `FILES_URL` names one; what lies on this machine is a copy then.

A copy is good for as long as the bucket tells the version (ETag) that the note beside it has. It is asked
each time: other machines open locks, and draw strokes anew.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import obstore
from django.conf import settings
from obstore import exceptions
from obstore.store import S3Store

from mathpixweb.providers.base import ProviderError

logger = logging.getLogger(__name__)

AWAY = "The storage of this server cannot be reached. Nothing is wrong with the file: try again later."
MISSING = (exceptions.NotFoundError, FileNotFoundError)
CHUNK = 4 * 1024 * 1024
SECONDS = 60  # a request may take
PATIENCE: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
LOOK_EVERY = 600.0  # seconds
IN_USE = 3600.0  # seconds: a copy is not taken away from those who may still read it
_NOTE = ".etag"


class NotStored(ProviderError):
    """A file could not be kept, or not be had. Nothing is wrong with it."""


class Away(NotStored):
    """The bucket does not answer, or refuses."""

    def __init__(self) -> None:
        super().__init__("sys_exception", AWAY)


def is_home() -> bool:
    return bool(settings.FILES_URL)


def put(path: Path, content: bytes | Path) -> str:
    """Stores the content under the name of the path; its version, for the note. Raises Away."""
    with _translated():
        return obstore.put(_bucket(), name(path), content)["e_tag"] or ""


def note(path: Path, version: str) -> None:
    """That the file at the path is a copy of this version."""
    _note(path).write_text(version)


def forget(path: Path) -> None:
    """That there is a copy at the path."""
    _note(path).unlink(missing_ok=True)


def update(path: Path) -> None:
    """Makes the file at the path a copy of what the bucket has. Raises FileNotFoundError, Away."""
    known = _noted(path) if path.exists() else ""
    with _translated():
        try:
            found = obstore.get(_bucket(), name(path), options={"if_none_match": known} if known else None)
        except exceptions.NotModifiedError:
            os.utime(path)
            return
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as file:
                for chunk in found.stream(min_chunk_size=CHUNK):
                    file.write(chunk)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        note(path, found.meta["e_tag"] or "")


def has(path: Path) -> bool:
    """Raises Away."""
    try:
        with _translated():
            obstore.head(_bucket(), name(path))
    except FileNotFoundError:
        return False
    return True


def remove(path: Path) -> None:
    """The one object, which may be gone already. Raises Away."""
    with suppress(FileNotFoundError), _translated():
        obstore.delete(_bucket(), name(path))


def names(folder: Path) -> dict[str, int]:
    """The names of all objects below the folder, relative to it, and their bytes. Raises Away."""
    inside = name(folder)
    prefix = "" if inside == "." else f"{inside}/"
    with _translated():
        found = [item for chunk in obstore.list(_bucket(), prefix or None) for item in chunk]
    return {str(item["path"])[len(prefix) :]: int(item["size"]) for item in found}


def remove_below(folder: Path) -> None:
    """Raises Away."""
    found = [f"{name(folder)}/{inner}" for inner in names(folder)]
    with suppress(FileNotFoundError), _translated():
        for start in range(0, len(found), 1000):
            obstore.delete(_bucket(), found[start : start + 1000])


def name(path: Path) -> str:
    """The object's, in the bucket below `FILES_URL`."""
    return path.relative_to(settings.MEDIA_ROOT).as_posix()


def is_note(file: str) -> bool:
    """Whether the file is no file of a document, but one of those notes or a draft."""
    return Path(file).name.startswith(".")


def make_room() -> int:
    """Removes the copies that were used longest ago, until the others take no more than `FILES_CACHE_GB`.

    Looks at most every `LOOK_EVERY` seconds, since it looks at all of them; how many it has removed.
    """
    stamp = Path(settings.MEDIA_ROOT) / ".room"
    with suppress(FileNotFoundError):
        if stamp.stat().st_mtime > time.time() - LOOK_EVERY:
            return 0
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    copies = sorted(_copies(Path(settings.MEDIA_ROOT)))
    excess = sum(size for _, size, _ in copies) - settings.FILES_CACHE_GB * 1024**3
    removed = 0
    for used, size, path in copies:
        if excess <= 0 or used > time.time() - IN_USE:
            break
        forget(path)
        path.unlink(missing_ok=True)
        excess -= size
        removed += 1
    return removed


def _copies(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When it was last used, its bytes, and where it is."""
    for place, _, files in os.walk(folder):
        for file in files:
            if file.startswith(".") and file.endswith(_NOTE):
                path = Path(place, file.removeprefix(".").removesuffix(_NOTE))
                with suppress(FileNotFoundError):
                    status = path.stat()
                    yield status.st_mtime, status.st_size, path


def _note(path: Path) -> Path:
    return path.with_name(f".{path.name}{_NOTE}")


def _noted(path: Path) -> str:
    try:
        return _note(path).read_text()
    except FileNotFoundError:
        return ""


def _bucket() -> S3Store:
    return _opened(
        settings.FILES_URL,
        settings.FILES_ENDPOINT,
        settings.FILES_REGION,
        settings.FILES_ACCESS_KEY,
        settings.FILES_SECRET_KEY,
    )


@lru_cache(maxsize=4)
def _opened(url: str, endpoint: str, region: str, access_key: str, secret_key: str) -> S3Store:
    """Without keys it is the machine's own identity that is used, as the cloud gives it."""
    wanted: dict[str, Any] = {
        "endpoint": endpoint,
        "access_key_id": access_key,
        "secret_access_key": secret_key,
    }
    return S3Store.from_url(
        url,
        region=region,
        client_options={"timeout": timedelta(seconds=SECONDS), "allow_http": endpoint.startswith("http://")},
        retry_config=PATIENCE,
        **{option: value for option, value in wanted.items() if value},
    )


@contextmanager
def _translated() -> Iterator[None]:
    """The library's words are for the log: they may hold hosts and signatures."""
    try:
        yield
    except MISSING as error:
        raise FileNotFoundError("not in the bucket") from error
    except exceptions.BaseError as error:
        logger.warning("the bucket of files: %s", str(error).partition("?")[0][:300])
        raise Away from None
