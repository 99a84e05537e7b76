"""`python3 manage.py restore FILE`: an empty installation becomes the one that was backed up."""

from __future__ import annotations

import tarfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mathpixweb.documents.library import backups


class Command(BaseCommand):
    help = (
        "Fill an empty DATA_DIR, or an empty database at DATABASE_URL, with a backup; stop the server before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an archive that `manage.py backup` has written")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            backups.restore(file)
        except backups.NotRestored as reason:
            raise CommandError(str(reason)) from reason
        except (tarfile.TarError, OSError) as error:
            raise CommandError(f"{file} cannot be read as a backup: {error}") from error
        self.stdout.write("Restored. Start the server as usual.")
