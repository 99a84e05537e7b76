#!/usr/bin/env python3
"""The project's one command: `python3 manage.py serve`, `test`, `doctor` and everything of Django's."""

import os
import sys

if os.name != "posix" or sys.version_info < (3, 8):  # there the import below would end in a SyntaxError
    sys.exit(
        "MathpixWeb needs Linux or macOS and Python 3.11 or newer; this is Python {}.{} on {}. "
        "On Windows use WSL or the container (compose.yaml).".format(*sys.version_info[:2], sys.platform)
    )

from mathpixweb import bootstrap


def main() -> None:
    bootstrap.ensure(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mathpixweb.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - not there before ensure()

    from mathpixweb.env import BadSetting  # noqa: PLC0415 - an old Python, as ensure() still takes, cannot read it

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as wrong:
        sys.exit(f"A setting cannot be used. {wrong} docs/configure.md describes them all.")


if __name__ == "__main__":
    main()
