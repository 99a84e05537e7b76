"""How processes hang together on Linux: a child dies with its parent, an orphan comes to its guardian.

On other systems these do nothing; there a supervisor that is killed with SIGKILL leaves its programs running.
"""

from __future__ import annotations

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

# loaded before any fork: a child between fork and exec must not import or allocate much
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Has this process killed as soon as the one that started it is gone."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Makes descendants whose parents have died children of this process instead of process 1."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if _libc is not None:
        _libc.prctl(option, value, 0, 0, 0)
