"""From the password to the open session: the second factor where there is one, and the line in the log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from mathpixweb.accounts import audit
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import User
from mathpixweb.web import languages

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALFWAY = "halfway"  # where the session keeps who has given the password only
HALFWAY_SECONDS = 600


def address(request: HttpRequest | None) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) if request else ""


def begin(request: HttpRequest, user: User, goal: str = "") -> HttpResponse:
    """Signs the person in, or asks for the second factor first."""
    if not user.totp_secret:
        return complete(request, user, goal)
    request.session[HALFWAY] = {"user": user.pk, "goal": goal, "since": timezone.now().timestamp()}
    return redirect("web:second-factor")


def halfway(request: HttpRequest) -> tuple[User, str] | None:
    """Who has just given the password, and where they want to go."""
    noted: dict[str, Any] = request.session.get(HALFWAY) or {}
    if not noted or noted["since"] < timezone.now().timestamp() - HALFWAY_SECONDS:
        return None
    user = User.objects.filter(pk=noted["user"], is_active=True).first()
    return (user, str(noted["goal"])) if user else None


def complete(request: HttpRequest, user: User, goal: str = "") -> HttpResponse:
    request.session.pop(HALFWAY, None)
    login(request, user, backend=BACKEND)
    audit.note_everywhere(user, Deed.SIGNED_IN, address=address(request))
    safe = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    response = redirect(goal if goal and safe else resolve_url("web:library"))
    if user.language:
        languages.remember(response, user.language)
    return response
