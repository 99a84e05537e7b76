"""Colours as callers name them: `black`, `#1E2029`, `rgb(30, 32, 41)`."""

from __future__ import annotations

from PIL import ImageColor

from mathpixweb.engine.errors import RenderFailed


def hexadecimal(value: object, option: str) -> str:
    """Six hexadecimal digits; raises RenderFailed for what is no colour."""
    try:
        red, green, blue = ImageColor.getrgb(str(value).strip())[:3]
    except ValueError as error:
        raise RenderFailed(
            f"{option} must be a colour: a name such as black, #1E2029 or rgb(30, 32, 41)."
        ) from error
    return f"{red:02X}{green:02X}{blue:02X}"
