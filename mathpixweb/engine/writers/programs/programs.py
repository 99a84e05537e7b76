"""Programs that formats are made with and that a machine may lack."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from mathpixweb.engine.errors import RenderFailed


@dataclass(frozen=True, slots=True)
class Needed:
    """`engine` is its name for `manage.py doctor`; it goes by the first of `commands` that is there."""

    engine: str
    name: str
    commands: tuple[str, ...]

    def path(self) -> str | None:
        return next(filter(None, map(shutil.which, self.commands)), None)

    def missing(self) -> str:
        """What the machine lacks and which command adds it; empty when nothing is missing."""
        if self.path():
            return ""
        return (
            f"{self.name} is not installed on this server. "
            f"Its administrator adds it with: python3 manage.py doctor --install {self.engine}"
        )

    def required(self) -> str:
        """Its path; raises RenderFailed."""
        path = self.path()
        if path is None:
            raise RenderFailed(self.missing())
        return path


CHROMIUM = Needed(
    "chromium",
    "Chromium",
    ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome-stable", "google-chrome"),
)
XELATEX = Needed("latex", "XeLaTeX", ("xelatex",))
LIBREOFFICE = Needed("libreoffice", "LibreOffice", ("soffice", "libreoffice"))
DJVULIBRE = Needed("ddjvu", "DjVuLibre", ("ddjvu",))
GDAL = Needed("gdal", "GDAL", ("gdal_translate",))
