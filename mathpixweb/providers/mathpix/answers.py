"""What another server says, as values that can be stored: bounded in size and depth, numbers and text sound.

A server that is out of order, or means harm, must not cost more than the call: no memory without end, and no
error in the middle of storing a page, which would come again at every attempt.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MOST_BYTES = 256 * 1024 * 1024  # of an answer; the lines of five thousand pages are half of it
MOST_LINE_BYTES = 32 * 1024 * 1024  # of a message in a stream
MOST = 10**9  # of whatever is counted or measured
REPLACEMENT = "\\ufffd"

# escapes in their order, so that what follows an escaped backslash is not taken for one: a pair is a letter,
# half of one is none, and NUL is what no database takes
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([0-9a-fA-F]{4})|.)", re.DOTALL
)
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def parsed(content: bytes) -> Any:
    """The JSON value, of which every text can be stored. Raises ValueError for what is none."""
    text = content.decode("utf-8-sig", "replace")
    if _SUSPECT.search(text):
        text = _ESCAPE.sub(_storable, text)
    try:
        return json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def number(value: object) -> float:
    """0 for what is no number that can be reckoned with."""
    return float(value) if isinstance(value, int | float) and -MOST <= value <= MOST else 0.0


def _storable(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else None
    return REPLACEMENT if code is not None and (code == 0 or 0xD800 <= code < 0xE000) else found[0]


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number beyond all numbers")
    return value
