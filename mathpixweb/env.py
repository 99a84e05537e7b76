"""Settings from the environment, read once, with the sentence a person needs when one is wrong."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit


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


def number(name: str, default: int, least: int = 0, most: int | None = None) -> int:
    value = text(name, str(default))
    if value.isdecimal() and int(value) >= least and (most is None or int(value) <= most):
        return int(value)
    bounds = f"of at least {least}" if most is None else f"between {least} and {most}"
    raise BadSetting(f"{name} must be a whole number {bounds}, not {value!r}.")


def items(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def networks(name: str) -> list[str]:
    """A comma-separated list of networks and single addresses."""
    found = items(name)
    for item in found:
        try:
            ip_network(item, strict=False)
        except ValueError:
            raise BadSetting(f"{name} must be networks like 10.0.0.0/8, not {item!r}.") from None
    return found


def address(name: str, default: str = "", schemes: Sequence[str] = ("https", "http")) -> str:
    """`https://host…`, without a slash at the end, or nothing."""
    value = text(name, default).rstrip("/")
    parts = _parts(value)
    if value and not (parts and parts.hostname and parts.scheme in schemes):
        # the value is not repeated: it may hold a password
        raise BadSetting(f"{name} must be an address that begins with {schemes[0]}://.")
    return value


def _parts(address: str) -> SplitResult | None:
    """Nothing for a port, or an IPv6 address, that cannot be one."""
    with suppress(ValueError):
        parts = urlsplit(address)
        if parts.port != 0:
            return parts
    return None


def folder(name: str, path: Path) -> Path:
    """The path, where there is a folder from now on; `name` is the setting that it follows from."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(name, path, error) from None
    return path


def unwritable(name: str, path: Path, error: OSError) -> BadSetting:
    remedy = f"Let user {os.geteuid()} write there, or set {name} to another folder."
    return BadSetting(f"{path} cannot be written ({error.strerror}). {remedy}")


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
    parts = _parts(address)
    if not parts or parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
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
