"""Addresses under /v3 that are none; which ones are is told only to who has a key."""

from __future__ import annotations

from typing import NoReturn

from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError


@endpoint("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
def unknown(request: ApiRequest, path: str = "") -> NoReturn:
    raise ApiError("http_not_found")
