"""A locked PDF is opened with its password, which is kept nowhere; what is stored then has no lock."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from mathpixweb.documents import storage
from mathpixweb.documents.images.processes import PASSED_ON
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.work import conversion
from mathpixweb.providers.base import ProviderError

LOCKED = "pdf_encrypted"
WRONG_PASSWORD = 3  # as mathpixweb.providers.unlocking says it
LONGEST_PASSWORD = 500  # characters
SECONDS = 120


def is_locked(document: Document) -> bool:
    """Whether a password would help: the file is here, and could not be opened without one."""
    return bool(document.source) and document.status == Status.ERROR and document.error_id == LOCKED


def unlock(document: Document, password: str) -> None:
    """Opens the document's file and has it read. Raises ProviderError for a wrong password."""
    open_file(storage.source(document), password)
    conversion.retry(document)


def open_file(path: Path, password: str) -> None:
    """Replaces the PDF by one without a lock. Raises ProviderError."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    command = [sys.executable, "-m", "mathpixweb.providers.unlocking"]
    try:
        ended = subprocess.run(
            [*command, str(path), str(draft), str(settings.WORKER_MEMORY_MB)],
            input=password[:LONGEST_PASSWORD].encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name in PASSED_ON},
            timeout=SECONDS,
            check=False,
        )
        if ended.returncode == 0:
            draft.replace(path)
            storage.share(path)
            return
    except subprocess.TimeoutExpired as error:
        raise ProviderError(LOCKED, "Opening the file took too long.") from error
    finally:
        draft.unlink(missing_ok=True)
    if ended.returncode == WRONG_PASSWORD:
        raise ProviderError(LOCKED, "This is not the password of the file.")
    raise ProviderError("pdf_missing", "The file could not be opened, not even with the password.")
