"""The same bytes with the same options: what was read before need not be read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from mathpixweb.accounts.models import Team
from mathpixweb.documents import provider, storage
from mathpixweb.documents.intake import image_intake
from mathpixweb.documents.models import Document, Status
from mathpixweb.providers.image_options import as_said

LOOKED_AT = 20  # documents of the same file


def find(
    team: Team, upload: UploadedFile[Any], options: Mapping[str, object], reader: str = ""
) -> Document | None:
    """The newest document that would come out the same; one that failed does not count."""
    wanted = dict(options)
    if image_intake.is_image(upload):
        wanted = as_said(image_intake.asked_for(options))
    read_by = reader or provider.chosen(team)
    hashed = Document.objects.of_team(team).shown().exclude(source_hash="")  # in the words of the index
    same = hashed.filter(source_hash=storage.fingerprint_of(upload))
    newest = same.exclude(status=Status.ERROR).order_by("-created_at")[:LOOKED_AT]
    return next((each for each in newest if each.options == wanted and each.provider == read_by), None)
