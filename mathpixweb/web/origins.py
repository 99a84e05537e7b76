"""Which pages may open a WebSocket: those of this site, since browsers send its cookies along for any."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

denier: Any = WebsocketDenier.as_asgi()


class SameOrigin:
    """An ASGI wrapper that asks of WebSockets what Django asks of forms, port included.

    Ports of one host share their cookies, so the host's name alone would let other programs' pages in.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1").lower()
        own = _own(origin, headers.get(b"host", b"").decode("latin-1").lower())
        await (self.app if own else denier)(scope, receive, send)


def _own(origin: str, host: str) -> bool:
    try:
        scheme, place = urlsplit(origin)[:2]
    except ValueError:
        return False
    if scheme not in ("http", "https"):
        return False
    if place == host and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return True
    return any(_trusted(scheme, place, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _trusted(scheme: str, place: str, trusted: str) -> bool:
    """As Django reads CSRF_TRUSTED_ORIGINS: `https://docs.example.org`, or `https://*.example.org`."""
    parts = urlsplit(trusted.lower())
    return scheme == parts.scheme and is_same_domain(place, parts.netloc.removeprefix("*"))
