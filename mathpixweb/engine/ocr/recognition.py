"""Which engine reads the text of a picture, and how the picture must be turned for it.

Tesseract, where it is installed, reads clean pages at a quarter of the network's cost, so it comes first
there; lines of which it is unsure are read again by the network and the surer reading counts. Photos,
screenshots and what Tesseract cannot make out are the network's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mathpixweb.engine.ocr import orientation, tesseract, text, text_regions
from mathpixweb.engine.ocr.orientation import Turn
from mathpixweb.engine.ocr.preparing import Prepared
from mathpixweb.engine.ocr.text import TextLine
from mathpixweb.engine.ocr.text_regions import Region

FEWEST_WORDS: Final = 12  # on what may be a page
LEGIBLE: Final = 0.82  # mean confidence from which Tesseract's reading of a page is taken
DOUBTFUL: Final = 0.75  # confidence of a word below which the network reads the line too
LEAD: Final = 0.02  # by which the network must be surer of a line: it tends to be surer of anything
MARGIN: Final = 0.12  # of a line's height around it, as much as the network is used to


@dataclass(frozen=True, slots=True, eq=False)
class TextRead:
    """The lines with the picture they were read in, turned and levelled.

    `ordered`: the lines come in the order in which they are to be read.
    """

    picture: Prepared
    lines: tuple[TextLine, ...]
    turn: Turn = orientation.UPRIGHT
    ordered: bool = False


def read(picture: Prepared, allowed: Collection[str] = (), turn_from: float = 0.99) -> TextRead:
    """Lines of text in the allowed alphabets; the picture is turned if that is as sure as `turn_from`."""
    if not picture.uneven:
        level = picture.levelled()
        lines = _by_tesseract(level, allowed)
        if lines:
            return TextRead(level, tuple(text.snapped(lines)), ordered=True)
    regions = text_regions.find(picture.gray)
    turn = orientation.turn_of(picture.gray, regions)
    if turn.quarters and turn.confidence >= turn_from:
        picture = picture.turned(turn.quarters).levelled()
        if lines := _by_tesseract(picture, allowed):
            return TextRead(picture, tuple(text.snapped(lines)), turn, ordered=True)
        regions = text_regions.find(picture.gray)
    else:
        level = picture.levelled()
        regions = regions if level is picture else text_regions.find(level.gray)
        picture = level
    lines = text.read(picture.gray, text.running_across(regions), allowed)
    foreign = _foreign(picture, lines, allowed)
    lines = foreign or text.joined(lines)
    return TextRead(picture, tuple(text.snapped(lines)), turn, ordered=bool(foreign))


def _by_tesseract(picture: Prepared, allowed: Collection[str]) -> list[TextLine]:
    """Tesseract's reading of a clean page, its doubtful lines read again; empty if it is not good enough."""
    codes = ["en"] if not allowed or "en" in allowed else sorted(allowed)
    lines = tesseract.read(picture.gray, codes)
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    across = sum(word.box.width > word.box.height for word in words if len(word.text) > 2)
    if len(words) < FEWEST_WORDS or 2 * across < sum(len(word.text) > 2 for word in words):
        return []
    if sum(word.confidence * len(word.text) for word in words) < LEGIBLE * letters:
        return []
    return _surer(picture, lines, allowed)


def _surer(picture: Prepared, lines: Sequence[TextLine], allowed: Collection[str]) -> list[TextLine]:
    """Lines with a doubtful word are read by the network too; the surer of both counts."""
    chosen = list(lines)
    for k, line in enumerate(lines):
        if min(word.confidence for word in line.words) > DOUBTFUL:
            continue
        for again in text.read(picture.gray, [_region(line)], allowed):
            if again.confidence - line.confidence > LEAD and len(again.text) > 0.6 * len(line.text):
                chosen[k] = again
    return chosen


def _region(line: TextLine) -> Region:
    box = line.box.grown(MARGIN * line.box.height)
    corners = [[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]]
    return Region(np.array(corners, np.float32), line.confidence)


def _foreign(picture: Prepared, lines: Sequence[TextLine], allowed: Collection[str]) -> list[TextLine]:
    """Tesseract's reading where the network sees lines but cannot read them: in an alphabet unknown to it."""
    sure = sum(line.confidence > DOUBTFUL for line in lines)
    if not tesseract.languages() or sure > 0.6 * max(1, len(lines)):
        return []
    code = tesseract.script(picture.gray)
    if code is None or code not in tesseract.languages() or (allowed and code not in allowed):
        return []
    read_again = tesseract.read(picture.gray, [code, "en"])
    mean = sum(line.confidence for line in read_again) / max(1, len(read_again))
    return read_again if mean > 0.5 else []
