"""Those who read pictures: our provider as the API asks it, and programs that others use for it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from bench.pictures.items import Item
from mathpixweb.documents import provider
from mathpixweb.documents.images import readers
from mathpixweb.engine import page_images
from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.writers.mmd import delimiters
from mathpixweb.providers.image_options import TextOptions, for_reading, text_options
from mathpixweb.providers.results import ImageResult

SCAN_WIDTH = 2480  # pixels of a page of a PDF for a rival: A4 at 300 dpi
TABLE = re.compile(r"\\(?:begin|end)\{tabular\}(?:\{[^}]*\})?|\\hline|\\cline\{[^}]*\}")
FIGURE = re.compile(
    r"\\(?:begin|end)\{figure\}|\\(?:includegraphics\[[^\]]*\]|captionsetup)\{[^}]*\}|\\caption(?=\{)"
)
SPAN = re.compile(r"\\(?:multicolumn|multirow(?:\[[^\]]*\])?)\{\d+\}\{[^}]*\}\{((?:[^{}]|\{[^{}]*\})*)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """`sure` is the probability that all of it is right, `turn` the degrees by which it turned."""

    text: str
    sure: float | None = None
    turn: int = 0


Reader = Callable[[Item], Said]


class Ours:
    """As a worker does it, with a reader in a process of its own, which is renewed as it is there."""

    def __call__(self, item: Item) -> Said:
        if item.path.suffix == ".pdf":
            survey = provider.ENGINE.survey(item.path, {})
            read = (
                readers.read_page(provider.ENGINE, item.path, item.id, (number, number), survey.detail, {})
                for number in range(1, survey.page_count + 1)
            )
            return Said(_as_scored(item, "\n\n".join(page.mmd for page in read)))
        return self._of(item, self._image(item))

    def _image(self, item: Item) -> ImageResult:
        if item.kind == "strokes":
            strokes = json.loads(item.path.read_text())["strokes"]["strokes"]
            drawn = [
                list(zip(xs, ys, strict=True)) for xs, ys in zip(strokes["x"], strokes["y"], strict=True)
            ]
            return readers.read_strokes(provider.ENGINE, drawn, {})
        options: TextOptions = text_options({"include_smiles": True} if item.kind == "chem_image" else {})
        return readers.read_image(provider.ENGINE, item.path.read_bytes(), for_reading(options))

    @staticmethod
    def _of(item: Item, read: ImageResult) -> Said:
        formula = item.kind == "strokes" or item.kind.startswith("formula")
        text = (read.equation or _formulas(read.text)) if formula else _as_scored(item, read.text)
        return Said(text, read.confidence, read.rotate_degrees)


def _formulas(text: str) -> str:
    """What v3/latex answers of a picture that is no formula alone: the formulas in it."""
    found = delimiters.formulas(text)
    rows = r" \\ ".join(found)
    return rows if len(found) < 2 else rf"\begin{{array}}{{l}}{rows}\end{{array}}"


def _as_scored(item: Item, text: str) -> str:
    """Scans have plain text as their truth: there cells of tables and captions are words like others."""
    if item.kind != "scan_text":
        return text
    text = SPAN.sub(r"\1", TABLE.sub(" ", FIGURE.sub(" ", text)))
    text = re.sub(r"(?<!\\)&", " ", text).replace("\\\\", "\n")
    return re.sub(r"\\([&%$#_{}])", r"\1", text)


def tesseract(item: Item) -> Said:
    command = ["tesseract", "stdin", "stdout", "--psm", "1"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    run = subprocess.run(
        command, input=picture_of(item), capture_output=True, check=False, timeout=300, env=environment
    )
    return Said(run.stdout.decode("utf-8", "replace"))


def picture_of(item: Item) -> bytes:
    if item.path.suffix != ".pdf":
        return item.path.read_bytes()
    file = io.BytesIO()
    page_images.picture(item.path, 1, SCAN_WIDTH).save(file, "PNG")
    return file.getvalue()


READERS: dict[str, Callable[[], Reader]] = {
    "ours": Ours,
    "tesseract": lambda: tesseract,
    "rapidocr": Deferred("bench.pictures.rapidocr:RapidOcr"),  # which is large, and not ours to hold
}
