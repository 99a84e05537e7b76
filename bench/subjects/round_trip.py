"""How many formulas come back to the letter: through Word, and through LaTeX and a PDF file.

Such files bring the LaTeX of their formulas along; what is read without that is measured, too.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.servers import ROOT
from mathpixweb.engine.flow.pieces import pieces
from mathpixweb.engine.layout import understand
from mathpixweb.engine.layout.surveying import survey_of
from mathpixweb.engine.math.source import replace_commands
from mathpixweb.engine.model import Options, Sheet
from mathpixweb.engine.readers import word
from mathpixweb.engine.readers.pdf import open_pdf
from mathpixweb.engine.writers import formats
from mathpixweb.engine.writers.formulas.dialect_math import understood_formula
from mathpixweb.engine.writers.mmd import lines, mmd
from mathpixweb.engine.writers.mmd.mmd_source import Formula, rewrite_formulas
from mathpixweb.engine.writers.programs.programs import XELATEX
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.word.docx_sources import PART

if TYPE_CHECKING:
    from bench.run import Conditions

CASES = ROOT / "tests" / "engine" / "cases"
TOGETHER = 40  # formulas in a text of nothing else
QUICK_TEXTS = 4
GOAL = "0.98"
OPTIONS = Options(include_equation_tags=True)
UNSEEN = re.compile(r"\\(?:label|tag\*?)\s*\{[^{}]*\}|\\(?:notag|nonumber)(?![A-Za-z])")
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S", re.DOTALL)
GROUPED = re.compile(r"\{(\\[A-Za-z]+ ?|\\.|[^\s{}\\])\}")
Back = Callable[[bytes], tuple[str, str]]  # what is read of a file, and what without its LaTeX


@dataclass(slots=True)
class Kept:
    formulas: int = 0
    known: int = 0
    printed: int = 0

    def add(self, written: str, known: str, printed: str) -> None:
        wanted = formulas_of(written)
        self.formulas += wanted.total()
        self.known += (wanted & formulas_of(known)).total()
        self.printed += (wanted & formulas_of(printed)).total()


def measure(conditions: Conditions) -> Iterator[Figure]:
    texts = list(_texts(conditions.corpus))[: QUICK_TEXTS if conditions.quick else None]
    renderer = Renderer(seconds=60)
    try:
        yield from _through("Word", "docx", _of_word, texts, renderer)
        if XELATEX.path():
            yield from _through("LaTeX and PDF", "latex.pdf", _of_pdf, texts, renderer)
    finally:
        renderer.close()


def _through(way: str, name: str, back: Back, texts: list[str], renderer: Renderer) -> Iterator[Figure]:
    kept = Kept()
    for text in texts:
        kept.add(text, *back(formats.make(name, text, {}, lambda _: None, "bench", renderer)))
    said = f"{way} and back: of {kept.formulas} formulas"
    yield Figure(f"{said} to the letter", kept.known / kept.formulas, "of 1", goal=GOAL)
    yield Figure(f"{said} by what is seen alone", kept.printed / kept.formulas, "of 1")


def _texts(corpus: Path | None) -> Iterator[str]:
    yield (CASES / "everything.mmd").read_text()
    yield _listed((CASES / "supported_commands.txt").read_text().splitlines())
    rows = list(map(json.loads, (corpus / "index.jsonl").read_text().splitlines())) if corpus else []
    for row in rows:
        if corpus and row["kind"] == "pdf_md":
            yield (corpus / row["truth"]).read_text()
    alone = [row["truth_latex"] for row in rows if row["kind"] == "formula_printed"]
    for start in range(0, len(alone), TOGETHER):
        yield _listed(alone[start : start + TOGETHER])


def _listed(formulas: list[str]) -> str:
    return "\n\n".join(f"\\[\n{formula}\n\\]" for formula in formulas)


def _of_word(content: bytes) -> tuple[str, str]:
    return _said(content), _said(_without(content, PART.removeprefix("/")))


def _said(content: bytes) -> str:
    blocks = word.read(content).blocks
    return "".join(piece.display for block in blocks for piece in pieces(block, OPTIONS, str))


def _without(archive: bytes, name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, b"<nothing/>" if entry == name else old.read(entry))
    return target.getvalue()


def _of_pdf(content: bytes) -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "document.pdf"
        file.write_bytes(content)
        with open_pdf(file) as document:
            sheets = [document.sheet(number) for number in range(1, document.page_count + 1)]
    return _read(sheets), _read([replace(sheet, enclosed=()) for sheet in sheets])


def _read(sheets: list[Sheet]) -> str:
    survey = survey_of(sheets, len(sheets))
    pages = (understand(sheet, survey, OPTIONS) for sheet in sheets)
    return "\n\n".join(mmd.of(lines.write(page, OPTIONS, "p", True, lambda *_: "")) for page in pages)


def formulas_of(text: str) -> Counter[str]:
    """The formulas of a text, but for blanks, numbers and braces around a single sign."""
    found: Counter[str] = Counter()

    def note(formula: Formula) -> str:
        latex = GROUPED.sub(r" \1 ", UNSEEN.sub("", understood_formula(formula.latex)))
        if plain := " ".join(TOKEN.findall(replace_commands(latex, "tag", lambda _: ""))):
            found[plain] += 1
        return ""

    rewrite_formulas(text, note)
    return found
