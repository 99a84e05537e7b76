"""Text in alphabets that the network does not know, read by Tesseract where that is installed.

Which alphabet it is tells reading alone: some lines are tried in each, and in its own a text is read far more
surely than in any other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import cv2
import numpy as np

from mathpixweb.engine.ocr import alphabets, tesseract, text_lines
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.text import TextLine
from mathpixweb.engine.ocr.text_regions import Region

KNOWN: Final = frozenset(("en", "zh", "ja", "vi"))  # alphabets that the network reads, Vietnamese in part
LATIN: Final = "en"  # whose letters are those of formulas, too
BETTER_READ: Final = KNOWN - {"vi"}  # by it than by Tesseract
DOUBTFUL: Final = 0.75  # confidence of a line in an alphabet that the network may not know
FEWEST: Final = (
    0.6  # letters in each part of a line that is as long as high; there are 1.4 where all are read
)
SURE: Final = 0.83  # mean confidence in its own alphabet: of 12 texts 0.89 and more, 0.76 at most in others
MOSTLY: Final = 0.5  # of the letters are of the alphabet that is tried …
FEWEST_LETTERS: Final = 4  # … and so many, at least: strokes of a drawing make one or two
LEGIBLE: Final = 0.5  # mean confidence of all lines that are taken
FOUND: Final = 0.7  # of the lines that the network sees
PROBES: Final = 3  # lines that are tried
AROUND: Final = 12  # pixels of white around each of them
WHITE: Final = 255


def read(
    gray: Gray, regions: Sequence[Region], lines: Sequence[TextLine], allowed: Collection[str]
) -> list[TextLine]:
    """The lines in the alphabet that they are in; none if the network can read them.

    `regions` is where it saw text, `lines` what it read there.
    """
    code = _alphabet(gray, regions, lines, _readable(allowed))
    if code is None:
        return []
    codes = [code, *(["en"] if not allowed or "en" in allowed else [])]
    found = tesseract.read(gray, codes)
    if len(found) < FOUND * len(regions):  # it has seen columns or pictures where there are none
        found = max(found, tesseract.read(gray, codes, tesseract.BLOCK), key=_letters)
    return found if _confidence(found) > LEGIBLE else []


def is_forbidden(
    gray: Gray, regions: Sequence[Region], lines: Sequence[TextLine], allowed: Collection[str]
) -> bool:
    """Whether the text is in an alphabet that is not allowed, of which nothing but nonsense can be read."""
    if not allowed or not regions or _are_read(regions, lines):
        return False
    others = sorted(tesseract.languages() - BETTER_READ - set(allowed))
    if _alphabet(gray, regions, lines, others) is not None:
        return True
    sure = [each for each in text_lines.read(_longest(gray, regions)) if each.confidence > DOUBTFUL]
    letters = [one.text[0] for each in sure for one in each.characters if alphabets.of(one.text[0])]
    forbidden = sum(
        alphabets.of(letter) != LATIN and alphabets.forbids(allowed, letter) for letter in letters
    )
    return forbidden >= FEWEST_LETTERS and forbidden > MOSTLY * len(letters)


def _readable(allowed: Collection[str]) -> list[str]:
    installed = tesseract.languages() - BETTER_READ
    return sorted(code for code in installed if not allowed or code in allowed)


def _alphabet(
    gray: Gray, regions: Sequence[Region], lines: Sequence[TextLine], codes: Sequence[str]
) -> str | None:
    if "vi" in codes and "vi" in alphabets.seen(line.text for line in lines):
        return "vi"
    if not codes or not regions or _are_read(regions, lines):
        return None
    probe = _probe(gray, regions)
    sure, code = max((_fit(probe, code), code) for code in codes)
    return code if sure > SURE else None


def _are_read(regions: Sequence[Region], lines: Sequence[TextLine]) -> bool:
    """Whether the network has read as many letters as there must be."""
    letters = sum(line.length for line in lines if line.confidence > DOUBTFUL)
    return letters > FEWEST * sum(region.length / region.height for region in regions)


def _probe(gray: Gray, regions: Sequence[Region]) -> Gray:
    """The longest lines under each other."""
    strips = _longest(gray, regions)
    width = max(strip.shape[1] for strip in strips)
    around = (AROUND, AROUND, AROUND)
    padded = [
        cv2.copyMakeBorder(
            strip, *around, AROUND + width - strip.shape[1], borderType=cv2.BORDER_CONSTANT, value=WHITE
        )
        for strip in strips
    ]
    return np.asarray(np.vstack(padded), np.uint8)


def _longest(gray: Gray, regions: Sequence[Region]) -> list[Gray]:
    longest = sorted(regions, key=lambda region: -region.length)[:PROBES]
    return [text_lines.cut(gray, region) for region in longest]


def _fit(probe: Gray, code: str) -> float:
    """How surely the lines are read in an alphabet, 0 if hardly a letter of it is among what is read."""
    lines = tesseract.read(probe, [code], tesseract.BLOCK)
    of = [alphabets.of(char) for line in lines for char in line.text]
    own, letters = of.count(code), len(of) - of.count(None)
    return _confidence(lines) if own >= FEWEST_LETTERS and own > MOSTLY * letters else 0.0


def _confidence(lines: Sequence[TextLine]) -> float:
    """The mean of the letters'."""
    return sum(line.confidence * line.length for line in lines) / max(1, _letters(lines))


def _letters(lines: Sequence[TextLine]) -> int:
    return sum(line.length for line in lines)
