"""`python3 manage.py check_usage`: whether the charts' sums equal the ledger; `--rebuild` mends it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mathpixweb.accounts import usage_hours


class Command(BaseCommand):
    help = "Compare the sums of every hour with the ledger of usage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="sum up the whole ledger again first")

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        if rebuild:
            usage_hours.rebuild()
        if not usage_hours.equal():
            raise CommandError("The sums differ from the ledger. To make them anew: check_usage --rebuild")
        self.stdout.write("The sums of every hour equal the ledger.")
