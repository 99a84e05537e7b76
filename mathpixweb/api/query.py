"""Query strings of the result lists: pages, dates, ids."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from pydantic_core import PydanticCustomError

from mathpixweb.api.errors import ApiError
from mathpixweb.providers import coercion

WHOLE_NUMBER = re.compile(r"-?[0-9]+")
DIGITS = 9  # more than any count here has
LONGEST_ROW = 19  # digits, which any database takes


def number(query: QueryDict, name: str, default: int, low: int, high: int) -> int:
    """A whole number in its bounds. Raises ApiError."""
    text = query.get(name, "").strip()
    if not text:
        return default
    if not WHOLE_NUMBER.fullmatch(text):
        raise ApiError("opts_number_required", f"Option {name} must be a number", name=name, value=text)
    if len(text) > DIGITS or not low <= int(text) <= high:
        message = f"Option {name} must be between {low} and {high}"
        raise ApiError("opts_value_out_of_range", message, name=name, value=text)
    return int(text)


def row(query: QueryDict, name: str) -> int:
    """The last row seen, as the token of a list names it; 0 is before all. Raises ApiError."""
    text = query.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < LONGEST_ROW):
        message = f"Option {name} must be what the page before has told"
        raise ApiError("opts_value_out_of_range", message, name=name, value=text[:100])
    return int(text or 0)


def choice(query: QueryDict, name: str, choices: Collection[str]) -> str:
    """One of the choices, or nothing. Raises ApiError."""
    return next(iter(several(query, name, choices)[-1:]), "")


def several(query: QueryDict, name: str, choices: Collection[str]) -> list[str]:
    """Any of the choices; the option may be given several times. Raises ApiError."""
    values = [value for value in query.getlist(name) if value]
    for value in values:
        if value not in choices:
            message = f"Option {name} must be one of {', '.join(choices)}"
            raise ApiError("opts_value_out_of_range", message, name=name, value=value)
    return values


def texts(query: QueryDict, name: str) -> list[str]:
    """Each value of an option that may be given several times."""
    return [value for value in query.getlist(name) if value]


def flag(query: QueryDict, name: str) -> bool | None:
    """`True`, `true`, `1` or their opposites; None when it is not given. Raises ApiError."""
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        return coercion.flag(text)
    except PydanticCustomError as error:
        message = f"Option {name} must be true or false"
        raise ApiError("opts_value_out_of_range", message, name=name, value=text[:100]) from error


def flags(query: QueryDict, names: Collection[str]) -> dict[str, bool]:
    """Those that are given. Raises ApiError."""
    given = {name: flag(query, name) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def moment(query: QueryDict, name: str) -> datetime | None:
    """An ISO date or datetime; without a time zone it is UTC. Raises ApiError."""
    # a plus sign that was not escaped arrives as a space
    text = query.get(name, "").strip().replace(" ", "+" if "T" in query.get(name, "") else "T")
    if not text:
        return None
    found = _parsed(text)
    if found is None:
        message = f"Option {name} must be an ISO date such as 2025-04-16T12:00:00Z"
        raise ApiError("opts_value_out_of_range", message, name=name, value=text)
    return found


def _parsed(text: str) -> datetime | None:
    try:
        if day := parse_date(text):
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = parse_datetime(text)
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
