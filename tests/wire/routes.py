"""The API's addresses, taken from the URL conf, so that no route can be forgotten by a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from mathpixweb.api import urls

OPEN = {"alive", "ready", "region-health", "openapi", "reference"}  # need no key
SIGNED = {"cropped"}  # need a key, a session or a signature, and answer 404 without
ID_ARGUMENTS = {
    "pdf_id", "conversion_id", "image_id", "file_id", "job_id", "custom_id",
    "batch_id", "file_batch_id", "data_source_id", "app_token",
}  # fmt: skip
OTHER_ARGUMENTS = {
    "extension": ("mmd", "docx", "tex"),
    "path": ("nothing",),
}


@dataclass(frozen=True)
class Route:
    name: str
    arguments: tuple[str, ...]

    def addresses(self, ids: Mapping[str, str]) -> list[str]:
        """The addresses of this route for one document, one for each value of the other arguments."""
        known = {name: ids[name] for name in self.arguments if name in ID_ARGUMENTS}
        chosen = [dict(known)]
        for name in self.arguments:
            if name not in ID_ARGUMENTS:
                chosen = [
                    {**arguments, name: value} for arguments in chosen for value in OTHER_ARGUMENTS[name]
                ]
        return [reverse(f"api:{self.name}", kwargs=arguments) for arguments in chosen]


def routes() -> Iterator[Route]:
    for pattern in urls.urlpatterns:
        assert pattern.name, pattern
        yield Route(pattern.name, tuple(pattern.pattern.regex.groupindex))


def routes_with_key() -> list[Route]:
    return [route for route in routes() if route.name not in OPEN | SIGNED]


def routes_with_id() -> list[Route]:
    return [route for route in routes() if ID_ARGUMENTS & set(route.arguments)]
