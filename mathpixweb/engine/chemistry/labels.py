"""Characters that stand together as labels of atoms, and what labels say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import Final

from mathpixweb.engine.chemistry.fragments import Fragment, NotALabel, parse
from mathpixweb.engine.chemistry.marks import BESIDE, Mark
from mathpixweb.engine.geometry import Box, union

UNDER: Final = 0.5  # of the usual height between a letter and the hydrogen over or under it
SENSIBLE: Final = 0.2  # probability of a reading of a label that is whole
MOST_READINGS: Final = 48  # of one label that are tried
SMALL_LETTER: Final = 0.85  # of a capital's height, below which a letter that looks like one is a small one
SAME_LINE, LOW_INDEX = 0.25, 0.08  # of the lower character's height that those of one line share
UNLIKELY: Final = (("CI", 0.05), ("C1", 0.05), ("CO1", 0.05))  # where l was meant, or nothing
BARS: Final = frozenset("lI1|i")
LIKE_DIGITS: Final = {"S": "5", "Z": "2", "B": "3", "R": "3"}  # as indices
SAME_SHAPE: Final = frozenset("COPSVWXZ")  # of capitals and small letters
SIMPLE: Final = {"C": 0.6, "I": 0.6, "B": 0.6, "D": 0.3, "K": 0.2, "Na": 0.3}  # rare as whole labels
_PLAIN: Final = frozenset(("H", "D"))


@dataclass(frozen=True, slots=True)
class Char:
    """A character of a label where it stands; `above` the line if it is a charge or an upper index."""

    mark: Mark
    small: bool
    low: bool
    high: bool


@dataclass(frozen=True, slots=True)
class Label:
    """Characters in the order in which they are read."""

    chars: tuple[Char, ...]
    box: Box

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(char.mark for char in self.chars)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a label says, and the probability of its characters being these."""

    text: str
    fragment: Fragment
    probability: float


def gather(marks: Sequence[Mark], usual: float) -> list[Label]:
    """The marks by labels; hydrogens over or under an atom are read after it."""
    lines = [part for group in _groups(marks, usual) for part in _sensible(_line(group), usual)]
    return [_label(group, usual) for group in _stacked(lines, usual)]


def _groups(marks: Sequence[Mark], usual: float) -> list[list[Mark]]:
    left = sorted(marks, key=lambda mark: mark.box.x0)
    groups: list[list[Mark]] = []
    for mark in left:
        home = next((group for group in groups if _continues(group, mark, usual)), None)
        if home is None:
            groups.append([mark])
        else:
            home.append(mark)
    return groups


def _continues(group: Sequence[Mark], mark: Mark, usual: float) -> bool:
    last = max(group, key=lambda other: other.box.x1)
    gap = mark.box.x0 - last.box.x1
    if not -0.4 * usual < gap < BESIDE * usual:
        return False
    tall = [other for other in group if other.box.height > 0.6 * usual] or list(group)
    line = union(other.box for other in tall)
    shared = min(line.y1, mark.box.y1) - max(line.y0, mark.box.y0)
    needed = LOW_INDEX if mark.box.height < SMALL_LETTER * usual else SAME_LINE
    return shared > needed * min(mark.box.height, line.height) or _is_sign_of(mark, line, usual)


def _is_sign_of(mark: Mark, line: Box, usual: float) -> bool:
    return mark.guesses[0].char in "+-" and abs(mark.box.cy - line.y0) < 0.4 * usual


def _line(group: Iterable[Mark]) -> list[Mark]:
    return sorted(group, key=lambda mark: mark.box.cx)


def _sensible(line: list[Mark], usual: float) -> list[list[Mark]]:
    """The line; or two labels, where one begins right after another and both together say nothing."""
    if len(line) < 3 or _says(line, usual):
        return [line]
    gaps = sorted(range(1, len(line)), key=lambda k: line[k - 1].box.x1 - line[k].box.x0)
    for cut in gaps:
        parts = line[:cut], line[cut:]
        if all(_says(part, usual) for part in parts):
            return [list(part) for part in parts]
    return [line]


def _says(line: Sequence[Mark], usual: float) -> bool:
    label = Label(tuple(_chars(line, usual)), union(mark.box for mark in line))
    return any(reading.probability > SENSIBLE for way in (False, True) for reading in readings(label, way, 1))


def _stacked(lines: Sequence[list[Mark]], usual: float) -> list[list[list[Mark]]]:
    """Each line of text with those of hydrogens that stand right over or under it."""
    loose = [line for line in lines if _is_hydrogen(line)]
    main = [line for line in lines if not _is_hydrogen(line)]
    stacks = [[line] for line in main]
    for line in loose:
        near = [stack for stack in stacks if _is_over(line, stack[0], usual)]
        if near:
            near[0].append(line)
        else:
            stacks.append([line])
    return stacks


def _is_hydrogen(line: Sequence[Mark]) -> bool:
    return line[0].guesses[0].char == "H" and all(mark.guesses[0].char.isdigit() for mark in line[1:])


def _is_over(line: Sequence[Mark], main: Sequence[Mark], usual: float) -> bool:
    box = line[0].box
    for mark in main:
        gap = -box.y_overlap(mark.box)
        if -0.2 * usual < gap < UNDER * usual and box.x_overlap(mark.box) > 0.3 * min(
            box.width, mark.box.width
        ):
            return mark.guesses[0].char.isalpha()
    return False


def _label(stack: Sequence[Sequence[Mark]], usual: float) -> Label:
    main, *others = stack
    chars = list(_chars(main, usual))
    for line in others:
        over = min(range(len(main)), key=lambda k: abs(main[k].box.cx - line[0].box.cx))
        while over + 1 < len(main) and main[over + 1].guesses[0].char.islower():
            over += 1
        chars[over + 1 : over + 1] = _chars(line, usual)
    return Label(tuple(chars), union(char.mark.box for char in chars))


def _chars(line: Sequence[Mark], usual: float) -> Iterator[Char]:
    tall = [mark for mark in line if mark.guesses[0].char.isalpha()] or list(line)
    foot = sorted(mark.box.y1 for mark in tall)[(len(tall) - 1) // 2]
    height = max(mark.box.height for mark in tall)
    for mark in line:
        box = mark.box
        yield Char(
            mark,
            small=box.height < SMALL_LETTER * height,
            low=box.cy > foot - 0.38 * height and box.height < 0.9 * height,
            high=box.cy < foot - 0.72 * height and box.height < 0.9 * height,
        )


def readings(label: Label, backwards: bool, bonded: float) -> list[Reading]:
    """What the label may say, likeliest first; none if it is no group of atoms."""
    found = []
    for text, probability in _texts(label):
        fragment = _parsed(text, backwards, bonded)
        if fragment is not None:
            rare = math.prod(share for part, share in UNLIKELY if part in text)
            found.append(Reading(text, fragment, probability * SIMPLE.get(text, 1.0) * rare))
    return sorted(found, key=lambda reading: -reading.probability)[:4]


@lru_cache(maxsize=2048)
def _parsed(text: str, backwards: bool, bonded: float) -> Fragment | None:
    try:
        return parse(text, backwards=backwards, bonded=bonded)
    except NotALabel:
        return None


def _texts(label: Label) -> list[tuple[str, float]]:
    best: list[tuple[str, float]] = [("", 1.0)]
    for char in label.chars:
        grown = [(text + more, p * q) for text, p in best for more, q in _candidates(char)]
        best = nlargest(MOST_READINGS, grown, key=lambda pair: pair[1])
    return best


def _candidates(char: Char) -> Iterator[tuple[str, float]]:
    if char.high and char.mark.guesses[0].char not in "+-":
        yield "+", 0.1
    bars = 0.0  # all of one shape: their neighbours tell them apart
    for guess in char.mark.guesses:
        name, probability = guess.char, guess.probability
        if not name or probability < 1e-4:
            continue
        if char.low and name in LIKE_DIGITS:
            yield LIKE_DIGITS[name], probability * 0.6
        if name in SAME_SHAPE:
            yield name, probability * (0.12 if char.small else 1.0)
            yield name.lower(), probability * (1.0 if char.small else 0.04)
        elif name.isdigit():
            yield name, probability * (1.0 if char.low or char.high else 0.15)
        elif name in BARS:
            bars += probability
        else:
            yield name, probability * (0.3 if char.low and name.isupper() else 1.0)
            if name.islower() and not char.small and name.upper() in "UKY":
                yield name.upper(), 0.2 * probability
    if bars:
        yield "1", bars * (0.8 if char.low else 0.05)
        yield "l", bars * (0.1 if char.low else 0.8)
        yield "I", bars * (0.1 if char.low else 0.6)


def certainty(label: Label) -> float:
    """The geometric mean of the probabilities of its characters."""
    chances = [max(char.mark.guesses[0].probability, 1e-3) for char in label.chars]
    return math.exp(sum(map(math.log, chances)) / len(chances))
