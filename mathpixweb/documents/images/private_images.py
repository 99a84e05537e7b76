"""Images sent with `improve_mathpix: false` that nobody waits for: read, told and held in memory alone.

What is here is lost when the web server stops. It is written nowhere, as the sender asked.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from mathpixweb.documents.images import image_callbacks
from mathpixweb.documents.images.image_orders import Order
from mathpixweb.documents.telling import callbacks

logger = logging.getLogger(__name__)

PAUSES = (1.0, 5.0, 30.0)  # seconds between the tries to tell somebody
HELD_SECONDS = 3600.0
MOST_HELD = 2000  # results; the oldest go first
MOST_WAITING = 500

_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="private-image")
_tellers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="private-callback")
_waiting = threading.BoundedSemaphore(MOST_WAITING)
_held: OrderedDict[tuple[int, str], tuple[float, dict[str, Any]]] = OrderedDict()
_lock = threading.Lock()
_started = timezone.now()  # of this process: what it was given before is lost


def later(work: Callable[[], object]) -> bool:
    """Has the work done beside the request; False when too much is waiting already."""
    if not _waiting.acquire(blocking=False):
        return False

    def run() -> None:
        try:
            work()
        except Exception:
            logger.exception("a private image could not be read")
        finally:
            connection.close()
            _waiting.release()

    _workers.submit(run)
    return True


def wait(seconds: float) -> bool:
    """Waits until nothing is left to be read; whether that was so in time."""
    deadline = time.monotonic() + seconds
    taken = 0
    while taken < MOST_WAITING and _waiting.acquire(timeout=max(0.0, deadline - time.monotonic())):
        taken += 1
    for _ in range(taken):
        _waiting.release()
    return taken == MOST_WAITING


def hold(batch_id: int, key: str, result: Mapping[str, Any]) -> None:
    """Keeps a batch's result for those who will ask for it."""
    with _lock:
        _held[batch_id, key] = (time.monotonic() + HELD_SECONDS, dict(result))
        while len(_held) > MOST_HELD or (_held and next(iter(_held.values()))[0] < time.monotonic()):
            _held.popitem(last=False)


def held(batch_id: int, key: str) -> dict[str, Any] | None:
    with _lock:
        found = _held.get((batch_id, key))
    return found[1] if found and found[0] > time.monotonic() else None


def too_old(created_at: datetime) -> bool:
    """Whether results of that time cannot be held any more, nor on their way."""
    return timezone.now() - created_at > timedelta(seconds=HELD_SECONDS) or created_at < _started


def tell(order: Order, result: Mapping[str, Any]) -> None:
    """Posts the result to the order's callback, if it has one, from memory."""
    callback = order.options.callback
    if not callback:
        return
    text = callbacks.dumped(image_callbacks.payload(callback, result))
    headers = callback.get("headers")
    _tellers.submit(_post, order, str(callback["post"]), text, json.loads(json.dumps(headers or {})))


def _post(order: Order, url: str, text: str, headers: dict[str, str]) -> None:
    try:
        for pause in (*PAUSES, 0.0):
            if callbacks.send(order.team, url, text, headers).delivered:
                return
            time.sleep(pause)
    except Exception:
        logger.exception("the callback of a private image could not be sent")
    finally:
        connection.close()
