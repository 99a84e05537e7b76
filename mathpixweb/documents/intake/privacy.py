"""What is not to stay: because its sender says so, or because nothing of the team does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import Document
from mathpixweb.providers import options as request_options


def is_private(team: Team, options: Mapping[str, object]) -> bool:
    return team.keeps_nothing or request_options.private(options)


def ends_at(document: Document) -> datetime | None:
    """When a private document is erased; None: not known yet, or when its sender does so."""
    if not (document.private and settings.PRIVATE_HOURS and document.completed_at):
        return None
    return document.completed_at + timedelta(hours=settings.PRIVATE_HOURS)
