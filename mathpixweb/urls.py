"""The two faces: the contract at the host's root, the browser beside it."""

from __future__ import annotations

from django.urls import include, path

from mathpixweb.api.views import refused
from mathpixweb.web import failures

urlpatterns = [
    path("", include("mathpixweb.api.urls")),
    path("", include("mathpixweb.web.urls")),
]

handler400 = refused.bad_request
handler500 = failures.failed
