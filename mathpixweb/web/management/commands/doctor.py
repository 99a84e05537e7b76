"""`python3 manage.py doctor`: whether it is set up well, which optional engines are there, and what to do.

It ends with 1 when something is wrong that has to be mended, not for what is only worth a look or optional.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mathpixweb.web import checkup
from mathpixweb.web.checkup import Finding
from mathpixweb.web.engines import ENGINES, Engine


class Command(BaseCommand):
    help = "Look at the set-up and at the optional engines, and say how to mend or add what is missing."
    requires_system_checks = ()  # it is asked when something is wrong

    def add_arguments(self, parser: ArgumentParser) -> None:
        choices = [engine.name for engine in ENGINES if engine.packages]
        parser.add_argument(
            "--install",
            nargs="+",
            default=[],
            metavar="ENGINE",
            choices=choices,
            help=f"install from Debian's or Ubuntu's packages (as root): {', '.join(choices)}",
        )

    def handle(self, *args: Any, install: list[str], **options: Any) -> None:
        self.add(install)
        findings = list(checkup.findings())
        for finding in findings:
            self.tell(finding)
        self.stdout.write("")
        missing = [engine for engine in ENGINES if not self.report(engine)]
        wrong = [finding.subject for finding in findings if finding.state == checkup.WRONG]
        wrong += [engine.name for engine in missing if engine.needed]
        if wrong:
            raise CommandError(f"Wrong: {', '.join(wrong)}. What to do is said above.")

    def add(self, names: Sequence[str]) -> None:
        """Installs those of these engines that are missing."""
        for engine in ENGINES:
            if engine.name in names and engine.find() is None:
                self.install(engine)

    def tell(self, finding: Finding) -> None:
        style = {checkup.GOOD: self.style.SUCCESS, checkup.LOOK: self.style.WARNING}
        state = style.get(finding.state, self.style.ERROR)(f"{finding.state:7}")
        self.stdout.write(f"{state}  {finding.subject:20} {finding.said}")
        if finding.remedy:
            self.stdout.write(f"{'':31}to do: {finding.remedy}")

    def report(self, engine: Engine) -> bool:
        """Whether it is there."""
        found = engine.find()
        if found:
            state = self.style.SUCCESS("found  ")
            details = [f"{found.version or 'version unknown'}, {found.where}", found.extra]
        else:
            state = (self.style.ERROR if engine.needed else self.style.WARNING)("missing")
            details = [f"to add it: {engine.remedy or ' '.join(engine.install_command)}"]
        self.stdout.write(f"{state}  {engine.name:20} for {engine.purpose}")
        for detail in filter(None, details):
            self.stdout.write(f"{'':31}{detail}")
        return found is not None

    def install(self, engine: Engine) -> None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise CommandError(
                f"Only root on Debian or Ubuntu can install {engine.name} this way. "
                f"Elsewhere install these packages or their like: {' '.join(engine.packages)}"
            )
        self.stdout.write(f"Installing {engine.name}: {' '.join(engine.packages)} …")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (("apt-get", "update", "-qq"), engine.install_command):
            if subprocess.run(command, env=quiet, check=False).returncode:
                raise CommandError(f"{' '.join(command)} failed; its messages above tell why.")
