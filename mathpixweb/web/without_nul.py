"""The character NUL, which PostgreSQL stores nowhere: what browsers send goes on without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase

NUL = "\0"


class WithoutNul:
    """A middleware, below the one that reads forms to tell whose they are. An address with it is nobody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if NUL in request.path:
            raise Http404
        request.GET = _without(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        if request.method == "POST":
            request.POST = _without(request.POST)  # type: ignore[assignment]


def _without(sent: QueryDict) -> QueryDict:
    if not any(NUL in value for _, values in sent.lists() for value in values):
        return sent
    kept = sent.copy()
    for name, values in sent.lists():
        kept.setlist(name, [value.replace(NUL, "") for value in values])
    return kept
