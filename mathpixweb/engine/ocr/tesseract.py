"""Tesseract, where it is installed: a program of its own, quick on clean pages, with many alphabets.

It is started for one picture with a time limit and reads from a pipe, so nothing touches the disk.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Final

import cv2

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import alphabets
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
SIZE: Final = 1.0  # of a line's box is the font size: Tesseract gives it with ascenders and descenders
ENGINE: Final = "tesseract"
_JOINERS: Final = re.compile("(?<=\u0bcd)\u200c")  # invisible ones after Tamil consonants, which nobody types
UNPARTED: Final = frozenset(("ja", "th", "zh"))  # alphabets without blanks between words …
BLANK: Final = 0.35  # … where so much of a word's height is a blank after all
BASELINE: Final = 0.22  # of the box above its lower edge
WORD: Final = "5"  # the level of words in its table
PAGE, BLOCK = "3", "6"  # its names for what may have columns, and for lines under each other


def languages() -> frozenset[str]:
    """The reference's codes of the alphabets that are installed; none without the program."""
    return frozenset(code for code, name in LANGUAGES.items() if name in _installed())


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    if shutil.which("tesseract") is None:
        return frozenset()
    listed = _run(["--list-langs"], b"")
    return frozenset((listed or "").split()[1:])


def read(gray: Gray, codes: Collection[str], layout: str = PAGE) -> list[TextLine]:
    """The lines in reading order; empty if Tesseract fails or takes too long."""
    names = [LANGUAGES[code] for code in codes if LANGUAGES.get(code) in _installed()]
    if not names:
        return []
    said = _run(["stdin", "stdout", "--psm", layout, "-l", "+".join(names), "tsv"], _png(gray))
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
        word = _word(row)
        if words and _goes_on(words[-1], word):
            words[-1] = _together(words[-1], word)
        else:
            words.append(word)
    if words:
        yield _line(words)


def _word(row: Mapping[str, str]) -> TextWord:
    left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
    confidence = max(0.0, min(1.0, float(row["conf"]) / 100))
    text = _JOINERS.sub("", row["text"].strip())
    return TextWord(text, Box(left, top, left + width, top + height), confidence)


def _goes_on(before: TextWord, word: TextWord) -> bool:
    """Whether these are parts of one text without blanks: Tesseract parts it after each few letters."""
    unparted = {alphabets.of(before.text[-1]), alphabets.of(word.text[0])} <= UNPARTED
    return unparted and word.box.x0 - before.box.x1 < BLANK * max(before.box.height, word.box.height)


def _together(one: TextWord, other: TextWord) -> TextWord:
    long, more = len(one.text), len(other.text)
    confidence = (long * one.confidence + more * other.confidence) / (long + more)
    return TextWord(one.text + other.text, union((one.box, other.box)), confidence)


def _line(words: list[TextWord]) -> TextLine:
    box = union(word.box for word in words)
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    height = sorted(word.box.height for word in words)[len(words) * 3 // 4]
    return TextLine(tuple(words), box, box.y1 - BASELINE * height, SIZE * height, confidence, engine=ENGINE)
