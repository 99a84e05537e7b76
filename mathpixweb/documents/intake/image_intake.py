"""The browser's door for images: what was chosen, dropped or pasted becomes a document of one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from mathpixweb.accounts.models import Team, User
from mathpixweb.documents.images import images
from mathpixweb.documents.images.image_orders import Order
from mathpixweb.documents.intake import sniffing
from mathpixweb.documents.models import Document, Kind
from mathpixweb.providers import image_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.image_options import TextOptions

ENDPOINT = "/v3/text"  # what the API would have been asked: one history for both
MOST_BYTES = 20 * 1024 * 1024  # a photograph


def is_image(upload: UploadedFile[Any]) -> bool:
    """By its first bytes, whatever its name says."""
    upload.seek(0)
    head = upload.read(sniffing.HEAD_BYTES)
    upload.seek(0)
    return bool(sniffing.image_type(head))


def submit_image(
    team: Team, upload: UploadedFile[Any], *, options: Mapping[str, object], user: User | None = None
) -> Document:
    """Stores the image for a worker. Raises ProviderError."""
    return images.submit(ordered(team, upload, options=options, user=user))


def check_size(upload: UploadedFile[Any]) -> None:
    """Raises ProviderError."""
    if (upload.size or 0) > MOST_BYTES:
        message = f"The image is larger than {MOST_BYTES // 1024**2} MB. Save it smaller and try again."
        raise ProviderError("sys_request_too_large", message, limit_value=MOST_BYTES)


def asked_for(options: Mapping[str, object]) -> TextOptions:
    """People would rather see what the reader is unsure of than nothing. Raises ProviderError."""
    return image_options.text_options({"confidence_rate_threshold": 0, **options})


def ordered(
    team: Team, upload: UploadedFile[Any], *, options: Mapping[str, object], user: User | None = None
) -> Order:
    """The image as it is to be read. Raises ProviderError."""
    check_size(upload)
    order = Order(Kind.IMAGE, ENDPOINT, team, asked_for(options), user=user)
    return order.of_image(upload.read(), upload.name or "")
