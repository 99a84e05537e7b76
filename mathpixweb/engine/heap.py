"""Memory that is used for a moment given back to the machine, where the C library is glibc.

It keeps what was freed for the next time, in larger and larger pieces: a process that has read a few pages
would hold twice what any of them needs.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

LARGE: Final = 6 << 20  # bytes; such blocks are mapped one by one, and unmapped once they are free
MUCH: Final = 256 << 20  # bytes; a reader that has loaded all that it may need holds 200 to 240 MB
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of malloc.h


@lru_cache(maxsize=1)
def settle() -> bool:
    """Large blocks never come from what is kept; False where there is no such setting. Once per process."""
    setting = _of_the_library("mallopt")
    if setting is None:
        return False
    return bool(setting(_MMAP_THRESHOLD, LARGE) and setting(_TRIM_THRESHOLD, 2 * LARGE))


def ease() -> bool:
    """What is free and kept, given back if the process holds much; asking how much takes microseconds."""
    return resident() > MUCH and give_back()


def resident(process: int | str = "self") -> int:
    """Bytes of memory that the process of this number holds; 0 where nobody tells."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def give_back() -> bool:
    """What is free and kept, given back; False where that cannot be asked for."""
    trim = _of_the_library("malloc_trim")
    return trim is not None and bool(trim(0))


@lru_cache(maxsize=2)
def _of_the_library(name: str) -> Callable[..., int] | None:
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
    return found
