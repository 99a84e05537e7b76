"""Pages a second of the engine alone, by class of document, against libraries that only take out the text."""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from pdfminer.high_level import extract_text
from rapidfuzz.distance import Levenshtein

from bench import documents
from bench.figures import Figure
from mathpixweb import engine
from mathpixweb.engine.errors import EngineError
from mathpixweb.engine.model import Options
from mathpixweb.engine.writers.mmd import lines as line_writer

if TYPE_CHECKING:
    from bench.run import Conditions

MADE_PAGES = 30
QUICK_FILES = 4
LONGEST_COMPARED = 20_000  # characters
CLASSES = ("pdf_md", "pdf_synth", "pdf_tests", "table_pdf")
Read = Callable[[Path], str]


def measure(conditions: Conditions) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        prose = Path(made) / "prose.pdf"
        prose.write_bytes(documents.prose(MADE_PAGES))
        engine.survey(prose)  # loads what the engine needs
        yield from _of_class("prose, made here", [(prose, None)])
    if conditions.corpus:
        for name, files in _classes(conditions.corpus).items():
            yield from _of_class(name, files[: QUICK_FILES if conditions.quick else None])


def _classes(corpus: Path) -> dict[str, list[tuple[Path, Path | None]]]:
    """Class → PDFs, each with the text it should say if the index names it."""
    found: dict[str, list[tuple[Path, Path | None]]] = defaultdict(list)
    for line in (corpus / "index.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row.get("kind") in CLASSES and row["input"].endswith(".pdf"):
            truth = corpus / row["truth"] if row.get("truth") else None
            found[row["kind"]].append((corpus / row["input"], truth))
    return found


def _of_class(name: str, files: list[tuple[Path, Path | None]]) -> Iterator[Figure]:
    paths = [path for path, _ in files]
    pages = sum(map(_page_count, paths))
    ours, texts = _timed(_engine, paths)
    for rival, read in (("pypdfium2, text only", _pdfium), ("pdfminer.six, text only", _pdfminer)):
        theirs, _ = _timed(read, paths)
        goal = "15 pages/CPU s" if read is _pdfminer else ""
        yield Figure(f"{name}: {pages} pages", pages / ours, "pages/CPU s", rival, pages / theirs, goal)
    known = [(text, truth.read_text()) for text, (_, truth) in zip(texts, files, strict=True) if truth]
    if known:
        alike = sum(_alike(text, truth) for text, truth in known) / len(known)
        plain = sum(_alike(_pdfium(path), truth.read_text()) for path, truth in files if truth) / len(known)
        yield Figure(f"{name}: letters as in the source", alike, "of 1", "pypdfium2", plain, "0.98 of text")


def _timed(read: Read, paths: list[Path]) -> tuple[float, list[str]]:
    started = time.process_time()
    texts = []
    for path in paths:
        try:
            texts.append(read(path))
        except (EngineError, pdfium.PdfiumError, ValueError, TypeError, KeyError):
            texts.append("")  # a file that a library cannot read takes it no time
    return time.process_time() - started, texts


def _engine(path: Path) -> str:
    survey, options = engine.survey(path), Options()
    said = []
    for number in range(1, survey.page_count + 1):
        page = engine.read_page(path, number, survey, options)
        said.append(line_writer.plain(line_writer.write(page, options, "p", number == 1, _no_picture)))
    return "\n".join(said)


def _no_picture(x: int, y: int, width: int, height: int) -> str:
    return ""


def _pdfium(path: Path) -> str:
    with pdfium.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _pdfminer(path: Path) -> str:
    return str(extract_text(path))


def _page_count(path: Path) -> int:
    try:
        with pdfium.PdfDocument(path) as document:
            return len(document)
    except pdfium.PdfiumError:
        return 0


def _alike(text: str, truth: str) -> float:
    """How alike their letters and digits are, whatever stands between them."""
    one, other = ("".join(filter(str.isalnum, said))[:LONGEST_COMPARED].casefold() for said in (text, truth))
    return Levenshtein.normalized_similarity(one, other)
