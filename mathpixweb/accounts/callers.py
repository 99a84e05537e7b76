"""Who stands behind a request, told from its headers alone, before anything else of it is read."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, parse_cookie

from mathpixweb.accounts import app_tokens, keys
from mathpixweb.accounts.models import User


def known(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a key, a token of a key or a person who is signed in sends this. Names are in lower case."""
    app_id = _text(headers, b"app-id")
    if secret := _text(headers, b"app-key"):
        return keys.find(secret, app_id) is not None
    if token := _text(headers, b"app-token"):
        return app_tokens.find(token, app_id) is not None
    return person(parse_cookie(_text(headers, b"cookie")).get(settings.SESSION_COOKIE_NAME)) is not None


def person(session_key: str | None) -> User | None:
    """Who is signed in with this session, as it is stored now."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) else None


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")
