"""Tesseract, where it is installed: a program of its own, quick on clean pages, with many alphabets.

It is started for one picture with a time limit and reads from a pipe, so nothing touches the disk.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Final

import cv2

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.text import TextLine, TextWord

SECONDS: Final = 60.0
LANGUAGES: Final = {
    "en": "eng",
    "hi": "hin",
    "zh": "chi_sim",
    "ja": "jpn",
    "ko": "kor",
    "ru": "rus",
    "th": "tha",
    "ta": "tam",
    "te": "tel",
    "gu": "guj",
    "bn": "ben",
    "vi": "vie",
}
_OF_SCRIPTS: Final = {
    "Devanagari": "hi",
    "Han": "zh",
    "Japanese": "ja",
    "Hangul": "ko",
    "Korean": "ko",
    "Cyrillic": "ru",
    "Thai": "th",
    "Tamil": "ta",
    "Telugu": "te",
    "Gujarati": "gu",
    "Bengali": "bn",
}
SIZE: Final = 1.0  # of a line's box is the font size: Tesseract gives it with ascenders and descenders
BASELINE: Final = 0.22  # of the box above its lower edge
WORD: Final = "5"  # the level of words in its table


def languages() -> frozenset[str]:
    """The reference's codes of the alphabets that are installed; none without the program."""
    return frozenset(code for code, name in LANGUAGES.items() if name in _installed())


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    if shutil.which("tesseract") is None:
        return frozenset()
    listed = _run(["--list-langs"], b"")
    return frozenset((listed or "").split()[1:])


def script(gray: Gray) -> str | None:
    """The alphabet of the picture's script, if it is not Latin and Tesseract is sure of it."""
    if "osd" not in _installed():
        return None
    said = _run(["stdin", "stdout", "--psm", "0"], _png(gray)) or ""
    found = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
    try:
        sure = float(found.get("Script confidence", "0")) > 1.0
    except ValueError:
        return None
    return _OF_SCRIPTS.get(found.get("Script", "")) if sure else None


def read(gray: Gray, codes: Collection[str]) -> list[TextLine]:
    """The lines in reading order; empty if Tesseract fails or takes too long."""
    names = [LANGUAGES[code] for code in codes if LANGUAGES.get(code) in _installed()]
    if not names:
        return []
    said = _run(["stdin", "stdout", "--psm", "3", "-l", "+".join(names), "tsv"], _png(gray))
    return list(_lines(said)) if said else []


def _png(gray: Gray) -> bytes:
    done, encoded = cv2.imencode(".png", gray, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return encoded.tobytes() if done else b""


def _run(arguments: list[str], content: bytes) -> str | None:
    environment = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"}
    try:
        finished = subprocess.run(
            [shutil.which("tesseract") or "tesseract", *arguments],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return finished.stdout.decode("utf-8", "replace") if finished.returncode == 0 else None


def _lines(table: str) -> Iterator[TextLine]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words: list[TextWord] = []
    current: tuple[str, ...] = ()
    for row in rows:
        if row["level"] != WORD or not (row["text"] or "").strip():
            continue
        place = (row["block_num"], row["par_num"], row["line_num"])
        if place != current and words:
            yield _line(words)
            words = []
        current = place
        words.append(_word(row))
    if words:
        yield _line(words)


def _word(row: Mapping[str, str]) -> TextWord:
    left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
    confidence = max(0.0, min(1.0, float(row["conf"]) / 100))
    return TextWord(row["text"].strip(), Box(left, top, left + width, top + height), confidence)


def _line(words: list[TextWord]) -> TextLine:
    box = union(word.box for word in words)
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    height = sorted(word.box.height for word in words)[len(words) * 3 // 4]
    return TextLine(
        tuple(words), box, box.y1 - BASELINE * height, SIZE * height, confidence, engine="tesseract"
    )
