"""Which provider does a document's work."""

from __future__ import annotations

from mathpixweb.providers.base import Provider
from mathpixweb.providers.local import LocalProvider

PROVIDERS: dict[str, Provider] = {LocalProvider.name: LocalProvider()}


def named(name: str) -> Provider:
    """The provider called `name`. Raises KeyError for a name that is not configured."""
    return PROVIDERS[name]
