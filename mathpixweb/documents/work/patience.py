"""How long reading may take: longer where the caller says that tables are very large."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings


def for_image(options: Mapping[str, object]) -> float:
    """Seconds."""
    return settings.IMAGE_SECONDS * _times(options)


def for_page(options: Mapping[str, object]) -> float:
    """Seconds."""
    return settings.PAGE_SECONDS * _times(options)


def _times(options: Mapping[str, object]) -> int:
    return settings.LARGE_TABLES_TIMES if options.get("enable_tables_fallback") is True else 1
