"""Options of a format as its writer takes them, whether they came as numbers or in quotation marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.engine.errors import RenderFailed

FLAGS = {"true": True, "1": True, "false": False, "0": False}


def number(options: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number; raises RenderFailed."""
    value = options.get(name)
    try:
        return default if value in (None, "") else int(float(str(value)))
    except (ValueError, OverflowError) as error:
        raise RenderFailed(f"{name} must be a whole number.") from error


def within(options: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    """A whole number between two others; raises RenderFailed."""
    value = number(options, name, default)
    if not least <= value <= most:
        raise RenderFailed(f"{name} must be between {least} and {most}.")
    return value


def flag(options: Mapping[str, Any], name: str, default: bool) -> bool:
    value = options.get(name)
    return default if value is None else FLAGS.get(str(value).strip().lower(), bool(value))
