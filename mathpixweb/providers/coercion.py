"""Values as callers write them: `True`, `"true"`, `"28"` and 1 arrive where a flag or a number is meant.

Each check returns the value in its own type. What cannot be meant raises a PydanticCustomError whose type is
the contract's error id.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Annotated

from PIL import ImageColor
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

OUT_OF_RANGE = "opts_value_out_of_range"
NOT_A_NUMBER = "opts_number_required"

FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

Check = Callable[[object], object]


def flag(value: object) -> bool:
    """True, "true", "True", 1, "1" and their opposites."""
    if isinstance(value, bool | int | str):
        known = FLAGS.get(str(value).strip().lower())
        if known is not None:
            return known
    raise PydanticCustomError(OUT_OF_RANGE, "must be true or false")


def number(value: object) -> int | float:
    """A finite number or its decimal notation."""
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        raise PydanticCustomError(NOT_A_NUMBER, "must be a number")
    return value


def _finite(value: int | float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False


def _parsed(text: str) -> int | float | None:
    try:
        parsed = float(text)
    except ValueError:
        return None
    return int(parsed) if parsed.is_integer() else parsed


def number_between(low: float, high: float) -> Check:
    def check(value: object) -> int | float:
        found = number(value)
        if not low <= found <= high:
            raise PydanticCustomError(OUT_OF_RANGE, f"must be between {low} and {high}")
        return found

    return check


def text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise PydanticCustomError(OUT_OF_RANGE, "must be a text")


def colour(value: object) -> str:
    """A colour by its name, in hexadecimal or as rgb()."""
    try:
        ImageColor.getrgb(str(value).strip())
    except ValueError as error:
        raise PydanticCustomError(
            OUT_OF_RANGE, "must be a colour such as black, #1E2029 or rgb(30, 32, 41)"
        ) from error
    return str(value).strip()


def one_of(*choices: str) -> Check:
    def check(value: object) -> str:
        if value in choices:
            return str(value)
        raise PydanticCustomError(OUT_OF_RANGE, f"must be one of {listed(choices)}")

    return check


def listed(names: Collection[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def pair_of_texts(value: object) -> list[str]:
    """Two delimiters: what opens and what closes."""
    match value:
        case [str() as opening, str() as closing] if opening.strip() and closing.strip():
            return [opening, closing]
    raise PydanticCustomError(OUT_OF_RANGE, "must be a list of two texts, what opens and what closes")


Flag = Annotated[bool, BeforeValidator(flag)]
Delimiters = Annotated[list[str], BeforeValidator(pair_of_texts)]
