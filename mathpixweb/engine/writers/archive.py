"""Zip archives with a document and its pictures: `<name>/<name>.md` and `<name>/images/<picture>.jpg`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from mathpixweb.engine.errors import RenderFailed

EPOCH = (1980, 1, 1, 0, 0, 0)  # equal content makes equal bytes
SAFE_NAME = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,128}")


def pack(name: str, files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip archive with each (path, content) inside a folder called `name`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            entry = zipfile.ZipInfo(f"{folder_name(name)}/{path}", EPOCH)
            entry.compress_type = (
                zipfile.ZIP_STORED if path.endswith((".jpg", ".png")) else zipfile.ZIP_DEFLATED
            )
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def folder_name(name: object) -> str:
    """`name` if it is safe to be one component of a path; raises RenderFailed else."""
    if isinstance(name, str) and SAFE_NAME.fullmatch(name):
        return name
    raise RenderFailed("A folder's name may have letters, digits, '.', '_' and '-', and begin with no '.'.")
