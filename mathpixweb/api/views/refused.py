"""Requests that Django refuses before any view is asked."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from mathpixweb.api import errors, files_errors
from mathpixweb.api.errors import ApiError

WRONG_HOST = "This server does not answer to that host name; its operator can add it to ALLOWED_HOSTS"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The project's handler400: JSON for the API, Django's page for everything else."""
    if not request.path_info.startswith(("/v3", "/files")):
        return defaults.bad_request(request, exception)
    wrong_host = isinstance(exception, DisallowedHost)
    return in_json(request.path_info, ApiError("http_bad_request", WRONG_HOST if wrong_host else ""))


def in_json(path: str, refusal: ApiError) -> HttpResponse:
    """As the face that was asked tells its errors."""
    answer = files_errors.answer if path.startswith("/files") else errors.answer
    return answer(refusal)
