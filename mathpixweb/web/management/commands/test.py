"""`python3 manage.py test`: every check there is; what follows `test` goes to pytest."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mathpixweb.web.engines import CHROMIUM

Check = tuple[str, ...]

PROGRAMS = Path(sys.prefix) / "bin"
SERVICES = "--services"
FIRST: tuple[Check, ...] = (("ruff", "format", "--check", "."), ("ruff", "check", "."))
# half a minute of one processor, while the tests often wait for servers that they have started
MEANWHILE: tuple[Check, ...] = (("mypy",), ("lint-imports",))
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
        failed = [check for check in FIRST if not self.passes(check)]
        if CHROMIUM() is None:
            self.stdout.write(
                "\nNo Chromium: `python3 manage.py doctor --install chromium` adds the browser tests."
            )
        pytest = ("pytest", *TOGETHER, *arguments)
        with ThreadPoolExecutor(1) as beside:
            passing = beside.map(self.passes, MEANWHILE)
            if not self.passes_tests(pytest, with_services):
                failed.append(("pytest",))
            failed += [check for check, passed in zip(MEANWHILE, passing, strict=True) if not passed]
        if failed:
            sys.exit(f"\nFailed: {', '.join(map(' '.join, failed))}")

    def passes(self, command: Check) -> bool:
        """Runs one check in the checkout, then says what it said and how long it took."""
        started = time.monotonic()
        done = subprocess.run(
            _program(command), cwd=settings.BASE_DIR, text=True, stdout=PIPE, stderr=STDOUT, check=False
        )
        verdict = "FAILED" if done.returncode else "ok"
        took = f"{verdict} after {time.monotonic() - started:.1f} s"
        self.stdout.write(f"\n$ {' '.join(command)}\n{done.stdout}{took}")
        self.stdout.flush()
        return done.returncode == 0

    def passes_tests(self, command: Check, with_services: bool) -> bool:
        self.stdout.write(f"\n$ {' '.join(command)}")
        self.stdout.flush()
        started_by = [sys.executable, "-m", "tests.with_services"] if with_services else []
        done = subprocess.run([*started_by, *_program(command)], cwd=settings.BASE_DIR, check=False)
        return done.returncode == 0


def _program(command: Check) -> list[str]:
    return [str(PROGRAMS / command[0]), *command[1:]]
