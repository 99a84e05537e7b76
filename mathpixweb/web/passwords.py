"""Passwords of files, tried by people: not too often, and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from mathpixweb.providers.base import ProviderError
from mathpixweb.web import reasons, sitting, throttle
from mathpixweb.web.access import TeamRequest


def refusal(request: TeamRequest, opens: Callable[[str], None]) -> str:
    """Tries the password that was sent; what to tell the person, empty when it was right."""
    name, address = f"file {request.user.pk}", sitting.address(request)
    if throttle.exhausted(name, address):
        return _("There were too many attempts. Wait a quarter of an hour, then try again.")
    try:
        opens(request.POST.get("password", ""))
    except ProviderError as error:
        throttle.note_failure(name, address)
        return reasons.said(error.message)
    throttle.forget(name)
    return ""
