"""What many want at the same moment, done once: who asks while it is under way shares it."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


async def shared(key: Hashable, begin: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What `begin` comes to, or what it came to for whoever asked with this key and still waits."""
    tasks = _tasks.setdefault(asyncio.get_running_loop(), {})
    if key not in tasks:
        tasks[key] = asyncio.create_task(begin())
        tasks[key].add_done_callback(lambda _: tasks.pop(key, None))
    result: T = await asyncio.shield(tasks[key])  # who leaves must not take the others' along
    return result


_tasks: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, asyncio.Task[Any]]] = (
    weakref.WeakKeyDictionary()
)
