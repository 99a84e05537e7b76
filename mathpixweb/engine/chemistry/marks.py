"""Characters in a drawing: which of its connected pieces are letters, and which are lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.chemistry import letters
from mathpixweb.engine.chemistry.letters import Guess
from mathpixweb.engine.chemistry.linework import Linework
from mathpixweb.engine.geometry import Box, union

SMALLEST, LARGEST = 1.8, 26.0  # times the thickness of lines: the longer side of what may be a character
SURE: Final = 0.5  # probability of being a character
SLIM: Final = 0.35  # width by height of an upright bar, which only its neighbours make a letter
FLAT: Final = 0.55  # height by width of a minus sign
USUAL: Final = (0.55, 1.45)  # of the usual height: what letters are, small ones and those with tails too
BESIDE: Final = 0.45  # of the usual height between letters of a label
MOST: Final = 600  # pieces; more are no drawing of a molecule
HOLLOW: Final = 0.25  # of its box that is inside of an O
PARTED: Final = 0.6  # probability of the worse half of two characters that touch
CUTS: Final = 8  # places where such may be parted
BARS: Final = "lI1i|"


@dataclass(frozen=True, slots=True)
class Mark:
    """A character; `pieces` are the numbers of its connected components."""

    box: Box
    guesses: tuple[Guess, ...]
    pieces: tuple[int, ...]

    @property
    def certainty(self) -> float:
        """That it is a character at all."""
        return 1.0 - sum(guess.probability for guess in self.guesses if guess.char == letters.NOTHING)


@dataclass(frozen=True, slots=True)
class Piece:
    number: int
    box: Box
    area: int


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The connected components of a drawing; `labels` has each pixel's number, 0 on the ground."""

    labels: NDArray[np.int32]
    all: tuple[Piece, ...]

    def without(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        """The ink that belongs to none of these."""
        keep = np.ones(int(self.labels.max()) + 1, bool)
        keep[0] = False
        keep[list(numbers)] = False
        return np.asarray(keep[self.labels], bool)


def pieces_of(work: Linework) -> Pieces:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(work.mask.astype(np.uint8), connectivity=8)
    found = tuple(
        Piece(k, Box(float(x), float(y), float(x + width), float(y + height)), int(area))
        for k, (x, y, width, height, area) in enumerate(stats)
        if k
    )
    return Pieces(np.asarray(labels, np.int32), found)


def find(work: Linework, pieces: Pieces, taken: Collection[int] = ()) -> list[Mark]:
    """The characters among what is not taken, also bars and signs that stand beside letters."""
    free = [piece for piece in pieces.all if piece.number not in taken]
    small = [piece for piece in free if _may_be_letter(piece, work.thickness)]
    if not small or len(small) > MOST:
        return []
    groups = _with_dots(small)
    named = letters.name([_crop(work, pieces, group) for group in groups])
    marks = [
        Mark(union(piece.box for piece in group), guesses, tuple(piece.number for piece in group))
        for group, guesses in zip(groups, named, strict=True)
    ]
    usual = usual_height([mark for mark in marks if mark.certainty > SURE and not _is_bar(mark)])
    marks = [part for mark in marks for part in _parted(work, pieces, mark, usual)]
    marks = _with_rings(work, pieces, marks)
    upright = [mark for mark in marks if mark.certainty > SURE and not _is_bar(mark)]
    usual = usual_height(upright)
    if not usual:
        return []
    sized = [mark for mark in upright if _is_usual(mark, usual)]
    return _with_bars(_with_signs(work, sized, marks, usual), marks, usual)


def usual_height(marks: Sequence[Mark]) -> float:
    """That of capitals; 0 without letters."""
    heights = sorted(mark.box.height for mark in marks if mark.guesses[0].char.isalpha())
    return float(np.percentile(heights, 60)) if heights else 0.0


def _may_be_letter(piece: Piece, thickness: float) -> bool:
    return SMALLEST * thickness <= max(piece.box.width, piece.box.height) <= LARGEST * thickness


def _with_dots(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """Pieces alone, but dots with the stems under them."""
    taken: set[int] = set()
    groups: list[tuple[Piece, ...]] = []
    for stem in pieces:
        if stem.box.width > 0.6 * stem.box.height:
            continue
        for dot in pieces:
            over = stem.box.y0 - dot.box.y0 > 0 and -0.5 * stem.box.height < dot.box.y_overlap(stem.box) <= 0
            round_ = 0.5 < dot.box.width / dot.box.height < 2 and dot.box.height < 0.35 * stem.box.height
            if over and round_ and dot.box.x_overlap(stem.box) > 0 and not {dot.number, stem.number} & taken:
                taken |= {dot.number, stem.number}
                groups.append((stem, dot))
    return [*groups, *((piece,) for piece in pieces if piece.number not in taken)]


def _crop(work: Linework, pieces: Pieces, group: Sequence[Piece]) -> NDArray[np.uint8]:
    box = union(piece.box for piece in group)
    rows, columns = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
    own = np.isin(pieces.labels[rows, columns], [piece.number for piece in group])
    return np.where(own, work.ink[rows, columns], 0).astype(np.uint8)


def _with_rings(work: Linework, pieces: Pieces, marks: Sequence[Mark]) -> list[Mark]:
    """The marks, of which closed rings of a letter's size are O: rings of bonds are larger."""
    usual = usual_height([mark for mark in marks if mark.certainty > SURE and not _is_bar(mark)])

    def is_ring(mark: Mark) -> bool:
        box = mark.box
        if len(mark.pieces) > 1 or not 0.75 * usual < box.height < 1.3 * usual or mark.certainty > SURE:
            return False
        if not 0.7 < box.width / box.height < 1.25:
            return False
        ink = _crop(work, pieces, [piece for piece in pieces.all if piece.number in mark.pieces])
        outlines, levels = cv2.findContours(
            (ink > 100).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
        )
        if levels is None:  # too pale for an outline
            return False
        holes = [cv2.contourArea(o) for o, level in zip(outlines, levels[0], strict=True) if level[3] >= 0]
        return len(holes) == 1 and holes[0] > HOLLOW * box.width * box.height

    ring = (Guess("O", 0.6),)
    return [replace(mark, guesses=ring) if usual and is_ring(mark) else mark for mark in marks]


def _parted(work: Linework, pieces: Pieces, mark: Mark, usual: float) -> list[Mark]:
    """The mark; or two that touch each other, if each half is a character and the whole is none."""
    box = mark.box
    size = usual and 0.7 * usual < box.height < 1.7 * usual and 1.1 * usual < box.width < 3.4 * usual
    if not size or (mark.guesses[0].probability > 0.85 and mark.certainty > SURE):
        return [mark]
    inside = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
    ink = np.where(np.isin(pieces.labels[inside], mark.pieces), work.ink[inside], 0).astype(np.uint8)
    best: tuple[float, list[Mark]] = (PARTED, [mark])
    for cut in _cuts(ink, usual):
        halves = [(ink[:, :cut], box.x0), (ink[:, cut:], box.x0 + cut)]
        trimmed = [_trimmed(half, x, box.y0) for half, x in halves]
        named = letters.name([crop for crop, _ in trimmed])
        score = min(guesses[0].probability if guesses[0].char.isalnum() else 0.0 for guesses in named)
        if score > best[0]:
            found = [
                Mark(place, guesses, mark.pieces) for (_, place), guesses in zip(trimmed, named, strict=True)
            ]
            best = (score, found)
    return best[1]


def _cuts(ink: NDArray[np.uint8], usual: float) -> list[int]:
    """The columns with the least ink between two letters' widths from either side."""
    dark = (ink > 100).sum(axis=0)
    inner = range(round(0.3 * usual), len(dark) - round(0.3 * usual))
    return sorted(sorted(inner, key=lambda x: dark[x])[:CUTS])


def _trimmed(ink: NDArray[np.uint8], x: float, y: float) -> tuple[NDArray[np.uint8], Box]:
    rows, columns = np.flatnonzero((ink > 100).any(axis=1)), np.flatnonzero((ink > 100).any(axis=0))
    if not len(rows):
        return ink, Box(x, y, x + ink.shape[1], y + ink.shape[0])
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    return ink[top:bottom, left:right], Box(x + left, y + top, x + right, y + bottom)


def _is_bar(mark: Mark) -> bool:
    slim = mark.box.width < SLIM * mark.box.height and mark.guesses[0].char in (*BARS, "", "[", "]", "(", ")")
    return slim or mark.guesses[0].char in BARS or mark.box.height < FLAT * mark.box.width


def _is_usual(mark: Mark, usual: float) -> bool:
    char = mark.guesses[0].char
    if char in "()[]":
        return 0.6 * usual < mark.box.height < 1.9 * usual
    if char == "+":
        return mark.box.height < usual and FLAT < mark.box.height / mark.box.width < 1 / FLAT
    if char in "*.,':=#":
        return False
    return USUAL[0] * usual < mark.box.height < USUAL[1] * usual and mark.box.width < 1.8 * usual


def _with_bars(letters_: list[Mark], marks: Sequence[Mark], usual: float) -> list[Mark]:
    """Upright bars that stand beside letters on their line: the l of Cl, a 1, a stroke of CH."""
    kept = list(letters_)
    numbers = {number for mark in kept for number in mark.pieces}
    for mark in sorted(marks, key=lambda mark: mark.box.x0):
        if numbers & set(mark.pieces) or not _is_bar(mark) or mark.box.height < 0.5 * usual:
            continue
        upright = mark.box.height > 1.6 * mark.box.width and mark.box.height < 1.3 * usual
        if upright and any(_goes_on(left, mark, usual) for left in kept):
            guesses = mark.guesses if mark.guesses[0].char else (Guess("l", 0.5), Guess("1", 0.3))
            kept.append(replace(mark, guesses=guesses))
    return kept


def _goes_on(left: Mark, right: Mark, usual: float) -> bool:
    gap = right.box.x0 - left.box.x1
    low = abs(left.box.y1 - right.box.y1) < 0.2 * usual or (
        0 < right.box.y1 - left.box.y1 < 0.55 * usual and right.box.height < 0.85 * usual
    )
    return -0.1 * usual < gap < 0.35 * usual and low and left.guesses[0].char.isalpha()


def _is_minus(mark: Mark, thickness: float, usual: float) -> bool:
    box = mark.box
    level = box.height < 2 * thickness and box.height < FLAT * box.width
    return level and 0.2 * usual < box.width < 0.85 * usual


def _is_other_line(mark: Mark, other: Mark, usual: float) -> bool:
    """Whether both are the lines of a double bond."""
    apart = abs(mark.box.cy - other.box.cy)
    alike = abs(mark.box.width - other.box.width) < 0.3 * usual and other.box.height < other.box.width
    return other is not mark and alike and apart < 0.6 * usual and mark.box.x_overlap(other.box) > 0


def _with_signs(work: Linework, letters_: list[Mark], marks: Sequence[Mark], usual: float) -> list[Mark]:
    """Short level bars at the upper right of a letter, which say that it is charged."""
    kept = list(letters_)
    numbers = {number for mark in kept for number in mark.pieces}
    for mark in marks:
        box = mark.box
        if not _is_minus(mark, work.thickness, usual) or numbers & set(mark.pieces):
            continue
        if any(_is_other_line(mark, other, usual) for other in marks):
            continue
        for letter in letters_:
            beside = -0.1 * usual < box.x0 - letter.box.x1 < BESIDE * usual
            high = -0.35 * usual < box.cy - letter.box.y0 < 0.3 * usual
            if beside and high and letter.guesses[0].char.isalnum():
                kept.append(replace(mark, guesses=(Guess("-", 0.9),)))
                break
    return kept
