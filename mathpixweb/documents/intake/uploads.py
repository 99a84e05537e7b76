"""How uploads wait until they are looked at: small ones in memory, so that they are written once only."""

from __future__ import annotations

from typing import IO, Any

from django.core.files.uploadhandler import MemoryFileUploadHandler

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
