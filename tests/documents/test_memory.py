"""The bound on a worker's memory: how much may be taken, and that it ends."""

import resource
import threading

import pytest

from mathpixweb.documents.work.memory import bounded_memory

MB = 1024 * 1024


def bound() -> int:
    return resource.getrlimit(resource.RLIMIT_AS)[0]


def test_what_the_process_has_already_does_not_count(settings):
    settings.WORKER_MEMORY_MB = 256
    with bounded_memory():
        assert len(bytearray(128 * MB)) == 128 * MB
        threading.Thread(target=bound).start()
        with pytest.raises(MemoryError):
            bytearray(512 * MB)


def test_the_bound_ends_when_the_last_one_leaves():
    """Two at once come in and leave in turn: neither may put back what the other one had set."""
    free = bound()
    first, second = bounded_memory(), bounded_memory()
    first.__enter__()
    kept = bound()
    second.__enter__()
    first.__exit__(None, None, None)
    assert bound() == kept != free
    second.__exit__(None, None, None)
    assert bound() == free
