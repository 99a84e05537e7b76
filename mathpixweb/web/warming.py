"""What the first visitor would wait for, made ready while nobody does: right after the port is open."""

from __future__ import annotations

import threading
from pathlib import Path

from django.template import Engine
from django.template.loader import get_template
from django.urls import reverse

from mathpixweb.documents.images import readers

FOLDERS = (".", "account", "icons", "library")  # of templates, for the pages that people come to first


def warm() -> None:
    """Addresses with their views, the templates of the first pages and, beside them, a reader of images."""
    starting = threading.Thread(target=readers.warm, daemon=True)
    starting.start()
    reverse("web:library")
    for name in names():
        get_template(name)
    starting.join()


def names() -> list[str]:
    """The templates of FOLDERS; those that include others do not make them ready themselves."""
    found = []
    for home in map(Path, Engine.get_default().dirs):
        for folder in FOLDERS:
            found += [str(path.relative_to(home)) for path in sorted((home / folder).glob("*.*"))]
    return found
