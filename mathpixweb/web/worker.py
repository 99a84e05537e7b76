"""The worker that `manage.py serve` supervises: Celery's, with children that cannot outlive it.

python -m mathpixweb.web.worker worker --concurrency 2
"""

from __future__ import annotations

import os
import sys
import threading
import time
import warnings
from typing import Any

from celery.signals import worker_process_init, worker_shutting_down
from celery.worker import state

from mathpixweb.celery import app
from mathpixweb.web import lifeline, worker_locks


def die_with_worker(**_: Any) -> None:
    lifeline.die_with_parent()


def leave_when_idle(**_: Any) -> None:
    """Celery's own way out takes up to four seconds, all of them waiting and none of them needed.

    What is unfinished stands in the database, not in a message: the next start takes it up again.
    """
    threading.Thread(target=_leave_when_idle, daemon=True).start()


def _leave_when_idle() -> None:
    while state.reserved_requests:
        time.sleep(0.05)
    os._exit(0)


worker_process_init.connect(die_with_worker)
worker_shutting_down.connect(leave_when_idle)

if __name__ == "__main__":
    # in a container the user is root, or has no name; and tasks carry JSON, never pickles
    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")
    warnings.filterwarnings("ignore", "An entry for the specified gid or egid was not found")
    worker_locks.install()
    app.worker_main(sys.argv[1:])
