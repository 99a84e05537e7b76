"""Whether a key that was good when a stream began still is, asked once for all who listen with it."""

from __future__ import annotations

import time

from asgiref.sync import sync_to_async

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import ApiKey

TRUSTED_SECONDS = 2.0  # for which an answer holds

_trusted: dict[int, float] = {}  # until when, by the ids of keys


async def is_good(key: ApiKey) -> bool:
    now = time.monotonic()
    if now < _trusted.get(key.pk, 0):
        return True
    _trusted[key.pk] = now + TRUSTED_SECONDS  # those who are woken together with us need not ask as well
    good = await sync_to_async(keys.is_living)(key)
    if not good:
        _trusted.pop(key.pk, None)
    return good
