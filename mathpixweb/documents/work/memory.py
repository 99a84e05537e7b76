"""A bound on the memory that work on somebody's file may take in a worker's own process."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from django.conf import settings

_lock = threading.Lock()
_inside = 0
_before = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Makes Python and C code alike fail with an error, instead of taking the machine's memory.

    The bound is WORKER_MEMORY_MB above what the process has reserved already: libraries and threads reserve
    much that they never use, and a process that is full before it begins cannot even start a thread. It holds
    for the whole process, from the first thread that comes in to the last one that leaves.
    """
    with _lock:
        _enter()
    try:
        yield
    finally:
        with _lock:
            _leave()


def _enter() -> None:
    global _inside, _before
    if not _inside:
        _before = resource.getrlimit(resource.RLIMIT_AS)
        bound = psutil.Process().memory_info().vms + settings.WORKER_MEMORY_MB * 1024 * 1024
        ends = [limit for limit in (bound, *_before) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min(ends), _before[1]))
    _inside += 1


def _leave() -> None:
    global _inside
    _inside -= 1
    if not _inside:
        resource.setrlimit(resource.RLIMIT_AS, _before)
