"""How static files are stored: hashed, compressed, all styles as one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from whitenoise.storage import CompressedManifestStaticFilesStorage

GATHERED: Final = "css/all.css"  # names the others, in their order
MODULE: Final = r"""(?P<matched>(?P<word>from|import) "(?P<url>\./[\w-]+\.js)")"""
IMPORT: Final = re.compile(r'@import "([\w-]+\.css)";\n?')


class GatheredStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A page that waits for one sheet is painted sooner than one that waits for nine."""

    # modules too are named with their hashes, else each look asks again whether one has changed
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((MODULE, '%(word)s "%(url)s"'),)),
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if GATHERED in paths and not dry_run:
            self._gather(paths)
            paths = {**paths, GATHERED: (self, GATHERED)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _gather(self, paths: dict[str, Any]) -> None:
        """Puts each sheet where it is imported; all lie in one folder, so what they name stays right."""
        folder = GATHERED.rpartition("/")[0]

        def sheet(found: re.Match[str]) -> str:
            return _text(*paths[f"{folder}/{found[1]}"])

        whole = IMPORT.sub(sheet, _text(*paths[GATHERED]))
        Path(self.path(GATHERED)).write_text(whole, encoding="utf-8")


def _text(storage: Any, path: str) -> str:
    with storage.open(path) as file:
        return str(file.read().decode())
