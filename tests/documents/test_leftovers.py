from __future__ import annotations

import os
import time

import pytest

from mathpixweb.documents.intake import leftovers
from mathpixweb.documents.work import sweeping


@pytest.mark.django_db
def test_uploads_that_nobody_writes_any_more_are_removed_and_others_kept(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    old, arriving = tmp_path / "old.upload", tmp_path / "new.upload"
    for path in (old, arriving):
        path.write_bytes(b"half")
    past = time.time() - leftovers.UNTOUCHED - 10
    os.utime(old, (past, past))
    sweeping.sweep()
    assert list(tmp_path.glob("*.upload")) == [arriving]
