"""What people see who open an address that only takes what forms send, as after loading a page again."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin


class WrongMethod(MiddlewareMixin):
    """A page that says so, instead of the browser's own, which is empty."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        by_hand = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not by_hand:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response.headers["Allow"]
        return page
