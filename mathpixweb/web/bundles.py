"""All there is of a document in one archive."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import PurePath
from typing import IO

from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, RenditionStatus

NAME = "all.zip"


def of_document(document: Document, texts: Iterable[tuple[str, str]]) -> IO[bytes]:
    """The original, every format that is made, and `texts`, each with its format; a file without a name."""
    archive = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    path = PurePath(document.name.replace("\\", "/"))
    stem, name = (part.strip(". ") or document.public_id for part in (path.stem, path.name))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for format_name, text in texts:
            packed.writestr(f"{stem}.{format_name}", text)
        for made in document.renditions.filter(status=RenditionStatus.COMPLETED):
            with suppress(FileNotFoundError):
                packed.write(storage.rendition(made), f"{stem}.{made.format}", zipfile.ZIP_STORED)
        if document.source:
            with suppress(FileNotFoundError):
                packed.write(storage.source(document), f"original/{name}", zipfile.ZIP_STORED)
    archive.seek(0)
    return archive
