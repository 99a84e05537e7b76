"""Where documents come from, and where their results go: public addresses, and the team's own buckets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from mathpixweb.accounts.models import Team
from mathpixweb.documents.fetching import data_sources, fetching, stores
from mathpixweb.documents.fetching.stores import StoreFailed
from mathpixweb.documents.models import Document
from mathpixweb.providers.base import ProviderError


def check(team: Team, uri: str) -> None:
    """A quick look at an address. Raises ProviderError."""
    if data_sources.buckets(team.pk).find(uri) is None:
        fetching.check_url(uri)


def check_destination(team: Team, options: Mapping[str, object]) -> None:
    """Raises ProviderError for a destination that is not the team's."""
    uri, basename = (str(options.get(name) or "") for name in ("destination_uri", "destination_basename"))
    if uri or basename:
        data_sources.buckets(team.pk).check("", uri, basename)


def fetch(document: Document, target: Path) -> int:
    """Stores the document's file in `target`; its size. Raises ProviderError."""
    uri = document.source_url
    if found := data_sources.buckets(document.team_id).find(uri):
        source, place = found
        try:
            return stores.download(source, place.key, target, settings.MAX_UPLOAD_BYTES)
        except StoreFailed as failure:
            raise ProviderError("image_download_error", str(failure), url=uri) from failure
    fetched = fetching.download(
        uri, target, max_bytes=settings.MAX_UPLOAD_BYTES, seconds=settings.FETCH_SECONDS
    )
    return fetched.size
