"""What people see when nothing could be shown: a page of its own that needs neither database nor session."""

from __future__ import annotations

import sys

from django.db import DatabaseError, DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

OURS = (IntegrityError, DataError)  # the database is well, and was told nonsense


def failed(request: HttpRequest) -> HttpResponse:
    """The project's handler500, called while the error is being handled."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError) and not isinstance(error, OURS):
        return HttpResponse(
            loader.render_to_string("503_database.html"), status=503, headers={"Retry-After": "10"}
        )
    return HttpResponseServerError(loader.render_to_string("500.html"))
