"""What a server that was killed has left in its folder of unfinished uploads."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

UNTOUCHED = 3600.0  # seconds: an upload that still arrives is written to more often


def sweep() -> int:
    """Removes uploads that nobody writes any more; how many."""
    limit, removed = time.time() - UNTOUCHED, 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < limit:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # taken in or removed a moment ago
            continue
    return removed
