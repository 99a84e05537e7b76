"""Where the image of a request comes from: a file, an address, or base64 in the request itself."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from mathpixweb.documents.fetching import fetching
from mathpixweb.providers.base import ProviderError

MOST_BASE64 = 2 * 1024 * 1024  # characters
DATA_URL = re.compile(r"data:(?P<kind>[^;,]*)(?P<base64>(?:;[^;,]*)*);?base64,|data:[^,]*,", re.IGNORECASE)
MISSING = ProviderError("image_missing", "Missing URL in request body")
UNREADABLE = ProviderError("image_decode_error", "Cannot decode the image data")


def is_address(src: str) -> bool:
    return src.strip().lower().startswith(("http://", "https://"))


def of_upload(upload: UploadedFile[bytes]) -> bytes:
    """Raises ProviderError."""
    if (upload.size or 0) > settings.MAX_IMAGE_BYTES:
        limit = settings.MAX_IMAGE_BYTES
        message = f"The image is larger than {limit // 1024**2} MB."
        raise ProviderError("sys_request_too_large", message, limit_value=limit)
    content: bytes = upload.read()
    if not content:
        raise ProviderError("image_missing", "The file is empty.")
    return content


def check(src: str) -> None:
    """What can be told without a download. Raises ProviderError."""
    if not src.strip():
        raise MISSING
    if is_address(src):
        fetching.check_url(src.strip())
    elif len(src) > MOST_BASE64:
        message = f"An image in base64 may have {MOST_BASE64 // 1024**2} MB; send it as a file instead."
        raise ProviderError("sys_request_too_large", message, limit_value=MOST_BASE64)
    else:
        decoded(src)


def of_src(src: str) -> bytes:
    """The image itself, downloaded if it is elsewhere. Raises ProviderError."""
    check(src)
    return downloaded(src.strip()) if is_address(src) else decoded(src)


def decoded(src: str) -> bytes:
    """A `data:` address, or base64 alone. Raises ProviderError."""
    head = DATA_URL.match(src)
    if head and head["base64"] is None:
        return unquote_to_bytes(src[head.end() :])
    text = src[head.end() :] if head else src
    try:
        content = base64.b64decode("".join(text.split()), altchars=None, validate=True)
    except (binascii.Error, ValueError) as error:
        if head:
            raise UNREADABLE from error
        message = "src is neither an http or https address nor an image in base64."
        raise ProviderError("image_download_error", message, url=src[:200]) from error
    if not content:
        raise MISSING
    return content


def downloaded(url: str) -> bytes:
    """Raises ProviderError image_download_error, or sys_request_too_large above the contract's 10 MB."""
    return fetching.content(
        url, max_bytes=settings.IMAGE_DOWNLOAD_BYTES, seconds=settings.IMAGE_DOWNLOAD_SECONDS
    )
