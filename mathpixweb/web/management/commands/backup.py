"""`python3 manage.py backup FILE`: everything this installation knows, in one archive."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mathpixweb.documents.library import backups


class Command(BaseCommand):
    help = "Write rows, files and the secret key into one archive; the server may go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, such as backup.tar.gz")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            backups.write(file)
        except OSError as error:
            raise CommandError(
                f"The backup was not written: {error.strerror}. No half of it is left."
            ) from error
        size = file.stat().st_size / 1e6
        self.stdout.write(
            f"Wrote {file}, {size:.1f} MB. It holds the secret key: keep it as safe as the server."
        )
