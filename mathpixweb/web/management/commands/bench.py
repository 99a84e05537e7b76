"""`python3 manage.py bench`: the performance suite, which stands in a package of its own beside this one."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Measure the product and its rivals; `bench --help` tells what can be asked."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        # not parsed here: every option after `bench` is the suite's
        self.handle(bench_arguments=argv[2:])

    def handle(self, *args: Any, bench_arguments: list[str] | None = None, **options: Any) -> None:
        if not (settings.BASE_DIR / "bench").is_dir():
            raise CommandError("The performance suite is not installed here; it comes with the source code.")
        # a process of its own: what is measured must not share memory or imports with Django
        command = [sys.executable, "-m", "bench", *(bench_arguments or ())]
        sys.exit(subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode)
