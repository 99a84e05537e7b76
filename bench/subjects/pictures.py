"""How well and how fast pictures, scans and ink of a corpus are read, beside Tesseract and RapidOCR."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Figure, LeftOut
from bench.pictures.scoring import Run, calibration_error, cpu, mean, run

if TYPE_CHECKING:
    from bench.run import Conditions

FORMULAS = ("formula_printed", "formula_printed_scan", "formula_printed_photo")
HANDWRITING = ("formula_hand_render", "formula_hand_photo")
TEXTS = ("scan_text", "page_image")
KINDS = (*FORMULAS, "strokes", *HANDWRITING, *TEXTS, "table_image", "chem_image", "negative_photo")
EVERY_QUICK = 6  # of so many items one is read
UPRIGHT = 0.9  # of the words are right: a picture on its side has none
RIVALS = {"tesseract": "Tesseract", "rapidocr": "RapidOCR"}
ENGLISH_SCANS = (
    "old-books", "receipt", "scribe-chart", "scribe-filing", "scribe-multicol", "scribe-table", "tess",
    "tess-unlv",
)  # fmt: skip
TEXT_ROWS = (
    ("scans in English, words (F1)", "scan_text", ENGLISH_SCANS, "word_f1", "0.95, then 0.98"),
    ("scans in English, letters in order", "scan_text", ENGLISH_SCANS, "text_sim", ""),
    ("scans turned, words (F1)", "scan_text", ("rotated",), "word_f1", ""),
    ("scans in Fraktur, words (F1)", "scan_text", ("fraktur",), "word_f1", ""),
    ("pages in English, text alike", "page_image", ("omni-en",), "text_sim", "0.85, then 0.93"),
    ("pages in Chinese, text alike", "page_image", ("omni-zh",), "text_sim", ""),
    ("pages in other languages, text alike", "page_image", ("mdp-digital",), "text_sim", ""),
    ("photos of pages, text alike", "page_image", ("mdp-photo",), "text_sim", ""),
)


def measure(conditions: Conditions) -> Iterator[Figure]:
    if conditions.corpus is None:
        raise LeftOut("Name a corpus with --corpus.")
    every = EVERY_QUICK if conditions.quick else 1
    with tempfile.TemporaryDirectory() as place:

        def read_by(reader: str, kinds: Sequence[str]) -> Run:
            return run(reader, conditions.corpus, conditions.scorer, Path(place) / reader, kinds, every)

        kinds = [kind for kind in KINDS if not conditions.kinds or kind in conditions.kinds]
        if not kinds:
            raise LeftOut(f"The kinds are {', '.join(KINDS)}.")
        ours = read_by("ours", kinds)
        texts = [kind for kind in TEXTS if kind in kinds]
        rivals = {name: read_by(name, texts) for name in _rivals(conditions) if texts}
    figures = (_formulas(ours), _texts(ours, rivals), _others(ours), _cost(ours, rivals))
    yield from (figure for figure in chain(*figures) if not math.isnan(figure.value))  # of what there was


def _rivals(conditions: Conditions) -> list[str]:
    return [] if conditions.alone else [name for name in RIVALS if name != "tesseract" or shutil.which(name)]


def _formulas(ours: Run) -> Iterator[Figure]:
    every, photos = ours.of("formula_printed"), ours.of("formula_printed_photo")
    ink = ours.of("strokes")
    yield _share("printed formulas, loosely exact", mean(every, "em_loose"), "0.60, then 0.85")
    im2latex = ours.of("formula_printed", group=lambda name: name == "im2latex")
    yield _share("printed formulas of im2latex, loosely exact", mean(im2latex, "em_loose"), "0.45, then 0.80")
    yield _share("printed formulas, tokens alike", mean(every, "sim"), "0.90, then 0.97")
    yield _share(
        "printed formulas in scans, loosely exact", mean(ours.of("formula_printed_scan"), "em_loose")
    )
    yield _share("photos of printed formulas, loosely exact", mean(photos, "em_loose"), "0.40, then 0.60")
    yield _share("ink, loosely exact", mean(ink, "em_loose"), "0.15, then 0.60")
    yield _share("ink, symbols alike", mean(ink, "sim"), "0.75, then 0.92")
    written = ours.of(*HANDWRITING)
    yield _share("handwritten formulas in pictures, loosely exact", mean(written, "em_loose"))
    yield _share("handwritten formulas in pictures, symbols alike", mean(written, "sim"))
    kinds = {"printed formulas": every, "ink": ink, "handwritten formulas in pictures": written}
    for what, found in kinds.items():
        error = calibration_error(found, "em_loose")
        yield _share(f"{what}, calibration error of confidence", error, "0.12, then 0.06")


def _texts(ours: Run, rivals: Mapping[str, Run]) -> Iterator[Figure]:
    for what, kind, groups, score, goal in TEXT_ROWS:
        value = mean(ours.of(kind, group=groups.__contains__), score)
        found = {
            RIVALS[name]: mean(theirs.of(kind, group=groups.__contains__), score)
            for name, theirs in rivals.items()
        }
        best = max(found, key=lambda name: found[name], default="")
        yield Figure(what, value, "of 1", best, found.get(best), goal)
    turned = ours.of("scan_text", group=lambda group: group == "rotated")
    upright = [item.scores.get("word_f1", 0) > UPRIGHT for item in turned]
    yield _share("scans turned, put upright", _part(upright), "1")


def _others(ours: Run) -> Iterator[Figure]:
    yield _share("tables in pictures, TEDS", mean(ours.of("table_image"), "teds"), "0.55, then 0.80")
    yield _share("molecules, exact SMILES", mean(ours.of("chem_image"), "em"), "0.30, then 0.60")
    for name in sorted({item.group for item in ours.of("chem_image")}):
        of_set = ours.of("chem_image", group=lambda group, name=name: group == name)  # type: ignore[misc]
        yield _share(f"molecules of {name}, exact SMILES", mean(of_set, "em"))
    negatives = ours.of("negative_photo")
    empty = [not item.text.strip() for item in negatives]
    yield _share("pictures without content, answered with an error", _part(empty), "1")
    yield Figure("pictures that could not be read", len(ours.failed), "", goal="0")


def _cost(ours: Run, rivals: Mapping[str, Run]) -> Iterator[Figure]:
    yield Figure("a printed formula, p50", cpu(ours.of("formula_printed")) * 1000, "CPU ms", goal="120 ms")
    yield Figure("ink, p50", cpu(ours.of("strokes")) * 1000, "CPU ms", goal="50 ms")
    pages = [item for item in ours.of("scan_text") if item.page]
    if not rivals:
        yield Figure("a scanned page of 300 dpi, p50", cpu(pages), "CPU s", goal="3 CPU s")
    for name, rival in rivals.items():
        theirs = cpu([item for item in rival.of("scan_text") if item.page])
        yield Figure("a scanned page of 300 dpi, p50", cpu(pages), "CPU s", RIVALS[name], theirs, "3 CPU s")
    yield Figure(
        "a scanned page of 300 dpi, most", max((item.cpu for item in pages), default=math.nan), "CPU s"
    )
    yield Figure("starting a reader, with the first picture", ours.loaded, "CPU s", goal="1 s")
    yield Figure("the most memory that any process held that reads", ours.held, "MB", goal="400 MB")


def _part(yes: Sequence[bool]) -> float:
    return sum(yes) / len(yes) if yes else math.nan


def _share(what: str, value: float, goal: str = "") -> Figure:
    return Figure(what, value, "of 1", goal=goal)
