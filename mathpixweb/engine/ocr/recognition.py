"""Which engine reads the text of a picture, and how the picture must be turned for it.

On an even ground lines are found by their letters, on an uneven one if some of these can be read well, else
by the network, which also reads them all. Tesseract,
where it is installed, reads the alphabets that the network does not know.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mathpixweb.engine import heap
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import (
    figures,
    foreign,
    letter_lines,
    notepaper,
    orientation,
    pale_lines,
    text,
    text_regions,
    underlines,
)
from mathpixweb.engine.ocr.figures import Figure
from mathpixweb.engine.ocr.letter_lines import Letters
from mathpixweb.engine.ocr.orientation import Turn
from mathpixweb.engine.ocr.preparing import Prepared
from mathpixweb.engine.ocr.text import TextLine
from mathpixweb.engine.ocr.text_regions import Region

LEGIBLE: Final = 0.975  # mean confidence from which lines found by their letters are taken
FEWEST_LETTERS: Final = 12  # in them
MOST_UNREAD: Final = 0.12  # of them: lines that nobody can read …
SURELY, SPECKS = 0.99, 0.05  # … or, where all else is read so surely, of their length: specks of dirt
SURE_IF_PALE: Final = 0.9  # confidence of a pale line
PROBES: Final = 6  # lines of a picture in uneven light that are read first …
LONGER: Final = 4.0  # … and how many times as long as high they are
PANEL_PIXELS: Final = 500_000  # in which the network looks for text on panels and photographs


@dataclass(frozen=True, slots=True, eq=False)
class TextRead:
    """Pieces of lines, with the picture they were read in, turned and levelled.

    `figures` are what is drawn in it and no panel with text on it; `forbidden`: its text is in an alphabet
    that is not allowed.
    """

    picture: Prepared
    pieces: tuple[TextLine, ...]
    turn: Turn = orientation.UPRIGHT
    figures: tuple[Figure, ...] = ()
    forbidden: bool = False


def read(
    picture: Prepared,
    allowed: Collection[str] = (),
    turn_from: float = 0.99,
    *,
    large_tables: bool = False,
    letters: Letters | None = None,
    drawn: Sequence[Figure] | None = None,
) -> TextRead:
    """Lines of text in the allowed alphabets; the picture is turned if that is as sure as `turn_from`.

    `letters` and `drawn` are those in the picture as it is, if somebody has looked for them.
    """
    level = _level(picture)
    known = drawn if level is picture else None
    if (found := _by_letters(level, allowed, known, letters if level is picture else None)) is not None:
        return found
    regions = _seen(level, large_tables)
    turn = orientation.turn_of(level.gray, regions)
    if turn.quarters and turn.confidence >= turn_from:
        level, known = _level(picture.turned(turn.quarters)), None
        if (found := _by_letters(level, allowed, known)) is not None:
            return replace(found, turn=turn)
        regions = _seen(level, large_tables)
    return replace(_by_network(level, regions, allowed, known), turn=turn)


def _level(picture: Prepared) -> Prepared:
    """The picture levelled, without the rules of the paper that it is written on."""
    level = picture.levelled()
    bare = notepaper.without_rules(level.gray)
    return level if bare is level.gray else replace(level, gray=bare)


def _seen(picture: Prepared, large_tables: bool) -> list[Region]:
    heap.ease()  # of what it took to read lines in vain
    pixels, most = (
        (text_regions.PIXELS_OF_TABLES, text_regions.MOST_IN_TABLES)
        if large_tables
        else (text_regions.MOST_PIXELS, text_regions.MOST)
    )
    return text_regions.find(picture.gray, pixels, most)


def _by_letters(
    picture: Prepared,
    allowed: Collection[str],
    known: Sequence[Figure] | None,
    letters_seen: Letters | None = None,
) -> TextRead | None:
    """The lines that letters make; None if they cannot be read well."""
    if allowed and not foreign.KNOWN & set(allowed):
        return None
    letters_seen = letters_seen or letter_lines.letters_of(picture.gray)
    if (
        letters_seen is not None
        and (bare := underlines.without(picture.gray, letters_seen)) is not picture.gray
    ):
        picture, letters_seen = replace(picture, gray=bare), letter_lines.letters_of(bare)
    regions = letter_lines.made_of(letters_seen, picture.gray)
    probes = _probes(regions) if picture.uneven else []
    pieces = text.read(picture.gray, probes, allowed)
    if picture.uneven and not (len(pieces) == PROBES and _is_legible(pieces)):
        return None
    pale = _pale(picture, letters_seen, regions, allowed)
    pieces = [piece for piece in pieces if not _lies_in(piece.box, pale)]
    regions = [region for region in regions if not _lies_in(region.box, pale)]
    pieces += text.read(picture.gray, [region for region in regions if region not in probes], allowed)
    if probes:
        pieces.sort(key=lambda piece: piece.box.cy)
    letters = sum(piece.length for piece in pieces)
    sure = sum(piece.confidence * piece.length for piece in pieces)
    if letters < FEWEST_LETTERS or sure < LEGIBLE * letters:
        return None
    if len(regions) - len(pieces) > MOST_UNREAD * len(regions):
        unread = sum(region.length for region in regions if not _is_known(region, pieces))
        if sure < SURELY * letters or unread > SPECKS * sum(region.length for region in regions):
            return None
    drawn = figures.beside(letters_seen, picture.gray) if known is None else known
    pieces += pale
    pieces += _on_panels(picture, drawn, pieces, allowed)
    return _gathered(picture, regions, pieces, drawn, allowed)


def _lies_in(box: Box, lines: Sequence[TextLine]) -> bool:
    return any(line.box.contains_point(box.cx, box.cy) for line in lines)


def _pale(
    picture: Prepared, letters: Letters | None, dark: Sequence[Region], allowed: Collection[str]
) -> list[TextLine]:
    """The pale lines that are legible; none if the first are not, which show through the paper."""
    regions = pale_lines.find(picture.gray, letters, dark) if letters else []
    found = text.read(picture.gray, regions[:PROBES], allowed) if regions else []
    if any(map(_is_sure, found)):
        found += text.read(picture.gray, regions[PROBES:], allowed)
    return [line for line in found if _is_sure(line)]


def _is_sure(line: TextLine) -> bool:
    return line.confidence >= SURE_IF_PALE


def _probes(regions: Sequence[Region]) -> list[Region]:
    """Some of the longer lines: of a scan with grey panels they can be read well, hardly of a photograph."""
    longer = [region for region in regions if region.length > LONGER * region.height]
    return longer[:: max(1, len(longer) // PROBES)][:PROBES]


def _is_legible(pieces: Sequence[TextLine]) -> bool:
    sure = sum(piece.confidence * piece.length for piece in pieces)
    return sure >= LEGIBLE * sum(piece.length for piece in pieces)


def _by_network(
    picture: Prepared, regions: Sequence[Region], allowed: Collection[str], known: Sequence[Figure] | None
) -> TextRead:
    """The lines that the network sees."""
    pieces = text.read(picture.gray, text.running_across(regions), allowed)
    drawn = figures.find(picture.gray) if known is None else known
    return _gathered(picture, regions, pieces, drawn, allowed)


def _on_panels(
    picture: Prepared, drawn: Sequence[Figure], known: Sequence[TextLine], allowed: Collection[str]
) -> list[TextLine]:
    """Text on dark panels and over photographs, whose letters are no ink of their own."""
    found: list[TextLine] = []
    for figure in drawn:
        if not figure.photo:
            continue
        box = figure.box
        x, y = max(0, int(box.x0)), max(0, int(box.y0))
        part = np.ascontiguousarray(picture.gray[y : int(box.y1) + 1, x : int(box.x1) + 1])
        regions = [region.moved(x, y) for region in text_regions.find(part, PANEL_PIXELS)]
        free = [region for region in regions if not _is_known(region, known)]
        found += text.read(picture.gray, text.running_across(free), allowed)
    return found


def _is_known(region: Region, lines: Sequence[TextLine]) -> bool:
    box = region.box
    return any(
        line.box.contains_point(box.cx, box.cy) or box.contains_point(line.box.cx, line.box.cy)
        for line in lines
    )


def _gathered(
    picture: Prepared,
    regions: Sequence[Region],
    pieces: Sequence[TextLine],
    drawn: Sequence[Figure],
    allowed: Collection[str],
) -> TextRead:
    pieces = foreign.read(picture.gray, regions, pieces, allowed) or pieces
    if foreign.is_forbidden(picture.gray, regions, pieces, allowed):
        return TextRead(picture, (), forbidden=True)
    kept = figures.kept(picture.gray, drawn, [piece.box for piece in pieces])
    return TextRead(picture, tuple(text.snapped(pieces)), figures=tuple(kept))
