"""`python -m bench [NAME …]`: the same as `python3 manage.py bench`, without Django."""

from __future__ import annotations

import sys

from bench import arguments

sys.exit(arguments.run_with(sys.argv[1:], "python -m bench"))
