"""Slows down those who try passwords: too many failures for one e-mail address, or from one place."""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress

from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)

WINDOW = 15 * 60  # seconds from the first failure until it is forgotten
MOST_FOR_EMAIL = 10
MOST_FROM_ADDRESS = 50  # more, since a whole office may share one


def exhausted(email: str, address: str) -> bool:
    """Whether nobody may try this e-mail address, or from this place, for the rest of the window."""
    try:
        failures = cache.get_many(_limits(email, address))
    except RedisError:
        logger.exception("failed sign-ins cannot be counted; passwords are looked at")
        return False
    return any(failures.get(key, 0) >= most for key, most in _limits(email, address).items())


def note_failure(email: str, address: str) -> None:
    with suppress(RedisError):
        for key in _limits(email, address):
            if not cache.add(key, 1, WINDOW):
                _increase(key)


def forget(email: str) -> None:
    """Somebody knew the password: the failures were slips."""
    with suppress(RedisError):
        cache.delete(_key("email", email))


def _increase(key: str) -> None:
    try:
        cache.incr(key)
    except ValueError:  # it has just run out
        cache.set(key, 1, WINDOW)


def _limits(email: str, address: str) -> dict[str, int]:
    return {_key("email", email): MOST_FOR_EMAIL, _key("address", address): MOST_FROM_ADDRESS}


def _key(kind: str, value: str) -> str:
    return f"sign-in-{kind}-{hashlib.sha256(value.strip().lower().encode()).hexdigest()}"
