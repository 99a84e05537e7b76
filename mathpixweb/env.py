"""Settings from the environment, read once, with the sentence a person needs when one is wrong."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(ValueError):
    """An environment variable holds something that cannot be used."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return value in ("1", "true", "yes", "on") if value else default
    raise BadSetting(f"{name} must be true or false, not {value!r}.")


def one_of(name: str, values: Sequence[str]) -> str:
    """One of the values; the first when nothing is said."""
    value = text(name, values[0]).lower()
    if value in values:
        return value
    raise BadSetting(f"{name} must be {' or '.join(values)}, not {value!r}.")


def number(name: str, default: int, least: int = 0) -> int:
    value = text(name, str(default))
    if value.isdigit() and int(value) >= least:
        return int(value)
    raise BadSetting(f"{name} must be a whole number of at least {least}, not {value!r}.")


def items(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def bucket(name: str) -> str:
    """`s3://bucket/folder`, or nothing."""
    address = text(name).rstrip("/")
    if address and not (address.startswith("s3://") and urlsplit(address).netloc):
        raise BadSetting(f"{name} must look like s3://bucket/folder.")
    return address


def postgres(name: str) -> dict[str, Any] | None:
    """Django's words for a `postgres://user:password@host:port/database?option=value` address."""
    if not (address := text(name)):
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadSetting(f"{name} must look like postgres://user:password@host:5432/database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_HEALTH_CHECKS": True,  # after a restart of the database no request meets a dead connection
    }
