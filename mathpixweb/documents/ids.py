"""Ids as the contract writes them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

PATTERN = r"\d{4}_\d{2}_\d{2}_[0-9a-f]{20}g"
IMAGE_ID = re.compile(rf"^(?P<public_id>{PATTERN})-(?P<number>[0-9]{{2,9}})\Z")


def new_public_id() -> str:
    """`2025_04_16_d884f78c7c80ba983343g`: the day and eighty random bits."""
    return next(new_public_ids())


def new_public_ids() -> Iterator[str]:
    """As many as are wanted, all of today."""
    today = f"{timezone.now():%Y_%m_%d}"
    while True:
        yield f"{today}_{secrets.token_hex(10)}g"


def new_file_ids() -> Iterator[UUID]:
    """As many as are wanted, random but for a beginning in common: an index takes them side by side."""
    beginning = secrets.randbits(48) << 80
    while True:
        yield UUID(int=beginning | secrets.randbits(80), version=4)


def image_id(public_id: str, number: int) -> str:
    """The id of a page's image; `number` counts from 1."""
    return f"{public_id}-{number:02d}"


def parse_image_id(value: str) -> tuple[str, int] | None:
    match = IMAGE_ID.match(value)
    return (match["public_id"], int(match["number"])) if match else None
