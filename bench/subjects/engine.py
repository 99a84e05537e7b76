"""Pages a second of the engine alone, by class of document, against libraries that only take out the text."""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from pdfminer.high_level import extract_text
from rapidfuzz.distance import Levenshtein

from bench import documents, rivals
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
ROUNDS = 4  # of the pages for each worker
Read = Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document said, and the CPU seconds that its first page took and each other one after it."""

    text: str
    pages: tuple[float, ...]


def measure(conditions: Conditions) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as made:
        prose = Path(made) / "prose.pdf"
        prose.write_bytes(documents.prose(MADE_PAGES))
        engine.survey(prose)  # loads what the engine needs
        yield from _of_class("prose, made here", [(prose, None)])
        yield from _of_programs(prose, Path(made) / "one.pdf")
        yield from _of_workers(prose)
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
    readings = [_read(path) for path in paths]
    pages = sum(len(reading.pages) for reading in readings)
    ours = sum(sum(reading.pages) for reading in readings)
    for rival, read in (("pypdfium2, text only", _pdfium), ("pdfminer.six, text only", _pdfminer)):
        theirs = _timed(read, paths)
        goal = "15 pages/CPU s" if read is _pdfminer else ""
        yield Figure(f"{name}: {pages} pages", pages / ours, "pages/CPU s", rival, pages / theirs, goal)
    yield from _slowest(name, [reading for reading in readings if reading.pages])
    texts = [reading.text for reading in readings]
    known = [(text, truth.read_text()) for text, (_, truth) in zip(texts, files, strict=True) if truth]
    if known:
        alike = sum(_alike(text, truth) for text, truth in known) / len(known)
        plain = sum(_alike(_pdfium(path), truth.read_text()) for path, truth in files if truth) / len(known)
        yield Figure(f"{name}: letters as in the source", alike, "of 1", "pypdfium2", plain, "0.98 of text")


def _of_programs(prose: Path, one: Path) -> Iterator[Figure]:
    """Against programs that people would take instead."""
    one.write_bytes(documents.prose(1))
    pages = _read(prose).pages
    ours = len(pages) / sum(pages)
    for rival in rivals.OF_PDFS:
        theirs = rival.pages_a_second(one, prose, MADE_PAGES)
        goal = "twice markitdown" if rival.name == "markitdown" else ""
        yield Figure("prose, made here", ours, "pages/CPU s", rival.name, theirs, goal)


def _slowest(name: str, readings: list[Reading]) -> Iterator[Figure]:
    """What no document and no page may fall short of."""
    slowest = min(len(reading.pages) / sum(reading.pages) for reading in readings)
    first = max(reading.pages[0] for reading in readings)
    page = max(max(reading.pages) for reading in readings)
    yield Figure(f"{name}: the slowest document", slowest, "pages/CPU s", goal="5 pages/CPU s")
    yield Figure(f"{name}: a first page, at most", 1000 * first, "CPU ms", goal="300 CPU ms")
    yield Figure(f"{name}: a page, at most", page, "CPU s", goal="10 CPU s")


def _of_workers(path: Path) -> Iterator[Figure]:
    """The same pages by one worker, and by two at once: what they take from each other."""
    alone, together = (_cpu_of_a_page(path, workers) for workers in (1, 2))
    yield Figure("a page with two workers at once", 1000 * together, "CPU ms", "one worker", 1000 * alone)


def _cpu_of_a_page(path: Path, workers: int) -> float:
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_spent, [path] * workers))  # loads what the engine needs
        spent = list(pool.map(_spent, [path] * workers * ROUNDS))
    return sum(seconds for seconds, _ in spent) / sum(pages for _, pages in spent)


def _spent(path: Path) -> tuple[float, int]:
    reading = _read(path)
    return sum(reading.pages), len(reading.pages)


def _timed(read: Read, paths: list[Path]) -> float:
    started = time.process_time()
    for path in paths:
        with suppress(pdfium.PdfiumError, ValueError, TypeError, KeyError):
            read(path)  # a file that a library cannot read takes it no time
    return time.process_time() - started


def _read(path: Path) -> Reading:
    options = Options()
    said: list[str] = []
    times: list[float] = []
    started = time.process_time()
    try:
        survey = engine.survey(path)
        for number in range(1, survey.page_count + 1):
            page = engine.read_page(path, number, survey, options)
            said.append(line_writer.plain(line_writer.write(page, options, "p", number == 1, _no_picture)))
            times.append(time.process_time() - started)
            started = time.process_time()
    except EngineError:
        pass  # whatever there was until then
    return Reading("\n".join(said), tuple(times))


def _no_picture(x: int, y: int, width: int, height: int) -> str:
    return ""


def _pdfium(path: Path) -> str:
    with pdfium.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _pdfminer(path: Path) -> str:
    return str(extract_text(path))


def _alike(text: str, truth: str) -> float:
    """How alike their letters and digits are, whatever stands between them."""
    one, other = ("".join(filter(str.isalnum, said))[:LONGEST_COMPARED].casefold() for said in (text, truth))
    return Levenshtein.normalized_similarity(one, other)
