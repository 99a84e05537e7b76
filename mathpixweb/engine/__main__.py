"""`python -m mathpixweb.engine FILE.pdf [--pages 1-3]` prints the Mathpix Markdown of a document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mathpixweb import engine
from mathpixweb.engine.errors import EngineError
from mathpixweb.engine.model import Options
from mathpixweb.engine.writers.mmd import lines, mmd


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m mathpixweb.engine", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--pages", default="1-", help="a page or a range such as 2-5 or 3-; all pages if left out"
    )
    parser.add_argument("--tags", action="store_true", help="keep equation numbers as \\tag")
    asked = parser.parse_args(arguments)
    try:
        for text in _texts(asked.file, asked.pages, Options(include_equation_tags=asked.tags)):
            sys.stdout.write(text)
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n")
    return 0


def _texts(path: Path, pages: str, options: Options) -> list[str]:
    survey = engine.survey(path)
    texts: list[str] = []
    for number in _numbers(pages, survey.page_count):
        page = engine.read_page(path, number, survey, options)
        written = lines.write(page, options, f"{path.stem}-{number:02}", not texts, _crop)
        texts.append(mmd.of(written))
    return texts


def _crop(x: int, y: int, width: int, height: int) -> str:
    return f"page.jpg?height={height}&width={width}&top_left_y={y}&top_left_x={x}"


def _numbers(pages: str, count: int) -> range:
    start, dash, end = pages.partition("-")
    first = int(start or 1)
    last = int(end) if end else (count if dash else first)
    return range(max(1, first), min(last, count) + 1)


if __name__ == "__main__":
    sys.exit(main())
