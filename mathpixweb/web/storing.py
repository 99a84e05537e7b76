"""What people see while the storage of files does not answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from mathpixweb.documents.bucket import NotStored
from mathpixweb.web import reasons


class StorageIsAway(MiddlewareMixin):
    """A page that says so, instead of one about an error of ours."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotStored):
            return render(request, "503.html", {"why": reasons.said(exception.message)}, status=503)
        return None
