"""Credentials travel as `app_id`, `app_key`, `app_token`; Django drops header names with an underscore."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]

RENAMED = {b"app_id": b"app-id", b"app_key": b"app-key", b"app_token": b"app-token"}


class CredentialHeaders:
    """An ASGI wrapper that renames the three headers before Django sees them."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        headers = [(RENAMED.get(name, name), value) for name, value in scope["headers"]]
        await self.app({**scope, "headers": headers}, receive, send)
