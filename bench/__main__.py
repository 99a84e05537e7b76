"""`python -m bench [NAME …]`: the same as `python3 manage.py bench`, without Django."""

from __future__ import annotations

import signal
import sys

from bench import arguments

# whoever stops the suite stops its servers too
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
sys.exit(arguments.run_with(sys.argv[1:], "python -m bench"))
