"""When a call is sent again, and after how long.

What changes something is repeated only when it was certainly not done: it was never sent, or the server says
that it has not taken it (429, or 503 with Retry-After).
"""

from __future__ import annotations

import email.utils
import random
import time

import httpx

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix.calls import Call

ATTEMPTS = 4
FIRST_PAUSE = 0.5  # seconds, doubled each time; the wait is a random part of it, so that callers spread
LONGEST_PAUSE = 8.0
LONGEST_RETRY_AFTER = 30.0  # who is asked to wait longer is told so instead

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
OUT_OF_ORDER = (500, 502, 503, 504)

Outcome = httpx.Response | Exception


def pause(call: Call, attempt: int, outcome: Outcome) -> float | None:
    """Seconds until the next attempt; None when this outcome is the last."""
    if attempt >= ATTEMPTS or not _worth_repeating(call, outcome):
        return None
    asked = retry_after(outcome) if isinstance(outcome, httpx.Response) else None
    if asked is not None:
        return asked if asked <= LONGEST_RETRY_AFTER else None
    return backoff(attempt)


def backoff(attempt: int) -> float:
    """`attempt` counts from 1."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (min(attempt, 10) - 1))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - spreading, not secrecy


def retry_after(response: httpx.Response) -> float | None:
    """What the header says; None when there is none that can be read."""
    return seconds(response.headers.get("retry-after", "").strip())


def seconds(value: str) -> float | None:
    """Seconds as they are, or those until a date; None for what is neither."""
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _worth_repeating(call: Call, outcome: Outcome) -> bool:
    if isinstance(outcome, Exception):
        lost_on_the_way = not isinstance(outcome, ProviderError)
        return isinstance(outcome, NOT_SENT) or (call.repeatable and lost_on_the_way)
    if outcome.status_code == 429:
        return True
    if outcome.status_code == 503 and "retry-after" in outcome.headers:
        return True
    return call.repeatable and outcome.status_code in OUT_OF_ORDER
