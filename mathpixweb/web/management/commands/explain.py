"""`python3 manage.py explain FILE PAGE`: why the engine reads a page of a PDF as it does."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mathpixweb import engine
from mathpixweb.engine.errors import EngineError
from mathpixweb.engine.model import Options


class Command(BaseCommand):
    help = (
        "Draw what was found on a page of a PDF over its picture: glyphs, rows, regions, trees of formulas."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("page", type=int)
        parser.add_argument(
            "--output", type=Path, help="where the web page goes; otherwise FILE-PAGE.html here"
        )

    def handle(self, *args: Any, file: Path, page: int, output: Path | None, **options: Any) -> None:
        target = output or Path(f"{file.stem}-{page}.html")
        try:
            content = engine.explain(file, page, engine.survey(file), Options())
        except (EngineError, OSError) as error:
            raise CommandError(str(error)) from error
        target.write_text(content, encoding="utf-8")
        self.stdout.write(f"{target} tells how page {page} is read.")
