"""How uploads wait until they are looked at: small ones in memory, so that they are written once only.

Of a large request the files have been written while it arrived; a token stands where they were.
"""

from __future__ import annotations

from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

from mathpixweb.documents.intake.parts import ARRIVED, TOKEN_BYTES

SMALL_BYTES = 256 * 1024  # of the whole request; many may wait at once


class SmallInMemory(MemoryFileUploadHandler):
    """Leaves what is larger to the handlers after it."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.activated = content_length <= SMALL_BYTES


class Arrived(TemporaryFileUploadHandler):
    """Puts the file that has arrived in the place of its token; any other goes to a file now."""

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        made = super().file_complete(file_size)
        arrived = getattr(self.request, "scope", {}).get(ARRIVED)
        if not arrived or not made or file_size != TOKEN_BYTES:
            return made
        file = arrived.pop(made.read(), None)
        if file is None:
            made.seek(0)
            return made
        made.close()
        file.name, file.content_type = made.name, made.content_type
        file.charset, file.content_type_extra = made.charset, made.content_type_extra
        return file  # type: ignore[no-any-return]
