"""`python3 manage.py test`: every check there is; what follows `test` goes to pytest."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mathpixweb.web.engines import CHROMIUM

PROGRAMS = Path(sys.prefix) / "bin"
SERVICES = "--services"
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
)
# on several processors, but the tests of one file on one of them: they share servers and browsers
PROCESSES = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
# in the order of the tree: files of few tests are among the longest, and would else be the last
TOGETHER = (*PROCESSES, "--no-loadscope-reorder")


class Command(BaseCommand):
    help = (
        "Check format, style, types and layers, then run the tests; arguments are passed to pytest. With "
        "--services their data is in a PostgreSQL, a Redis and a bucket, which are started for it."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        # not parsed here: every option after `test` is pytest's
        self.handle(pytest_arguments=argv[2:])

    def handle(self, *args: Any, pytest_arguments: list[str] | None = None, **options: Any) -> None:
        arguments = list(pytest_arguments or ())
        with_services = SERVICES in arguments
        if with_services:
            arguments.remove(SERVICES)
        failed = [" ".join(command) for command in CHECKS if not self.passes(command)]
        if CHROMIUM() is None:
            self.stdout.write(
                "\nNo Chromium: `python3 manage.py doctor --install chromium` adds the browser tests."
            )
        # last, so that its closing line is the one above the prompt
        if not self.passes(("pytest", *TOGETHER, *arguments), timed=False, with_services=with_services):
            failed.append("pytest")
        if failed:
            sys.exit(f"\nFailed: {', '.join(failed)}")

    def passes(self, command: tuple[str, ...], timed: bool = True, with_services: bool = False) -> bool:
        """Runs one check in the checkout and says how long it took."""
        self.stdout.write(f"\n$ {' '.join(command)}")
        self.stdout.flush()
        started = time.monotonic()
        program = [str(PROGRAMS / command[0]), *command[1:]]
        if with_services:
            program = [sys.executable, "-m", "tests.with_services", *program]
        passed = subprocess.run(program, cwd=settings.BASE_DIR, check=False).returncode == 0
        if timed:
            self.stdout.write(f"{'ok' if passed else 'FAILED'} after {time.monotonic() - started:.1f} s")
        return passed
