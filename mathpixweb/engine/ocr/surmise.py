"""Where on a page mathematics may be: at words that are no plain words, and at ink that nobody has read.

A page of prose has little of that, and the detector of symbols costs more than all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import mathematics, symbols
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.middles import Middles
from mathpixweb.engine.ocr.plain_words import is_plain
from mathpixweb.engine.ocr.symbols import Sighting
from mathpixweb.engine.ocr.text import TextLine

UNREAD: Final = 0.4  # em: ink that is higher or broader and in no word
TOUCHING: Final = 0.05  # em around a word that is read with it
AROUND: Final = 2.0  # em around what is looked at, so that a fraction of which one part is odd is seen whole
LONG_RULE: Final = 10.0  # em: of tables and under headings; where bars of fractions are longer, letters tell
THIN: Final = 0.3  # em
SCRAP: Final = (0.6, 0.25)  # em, width and height of what a word's box has cut off of its letters
BULLET, SOLID, ASKEW = 1.0, 0.7, 1.5  # em of a bullet, its ink of its box, and the ratio of its sides
MOSTLY: Final = 0.6  # of the page's height: then it is looked at as a whole


def seen(gray: Gray, lines: Sequence[TextLine], size: float | None) -> Sighting:
    """The symbols in those strips of the page where some may be. `size` is the text's, in pixels."""
    if not lines or not size:
        return symbols.detect(gray, size) if (gray < INK).any() else Sighting((), (), 0.0)
    strips = _strips(_places(gray, lines, size), size, gray.shape)
    if sum(strip.width * strip.height for strip in strips) > MOSTLY * gray.size:
        return symbols.detect(gray, size)
    words = [word.box for line in lines for word in line.words if is_plain(word)]
    parts = [_looked_at(gray, strip, size, words) for strip in strips]
    found = tuple(symbol for part in parts for symbol in part.symbols)
    rules = tuple(rule for part in parts for rule in part.rules)
    sizes = sorted(part.size for part in parts if part.size)
    return Sighting(found, rules, sizes[len(sizes) // 2] if sizes else 0.0)


def outside(seen: Sighting, words: Sequence[Box]) -> Sighting:
    """The sighting without the symbols of these words."""
    in_words = Middles(symbol.box for symbol in seen.symbols).within_any(words)
    free = (symbol for symbol, in_word in zip(seen.symbols, in_words, strict=True) if not in_word)
    return replace(seen, symbols=tuple(free))


def _places(gray: Gray, lines: Sequence[TextLine], size: float) -> list[Box]:
    words = [word for line in lines for word in line.words]
    odd = [word.box for word in words if not is_plain(word)]
    rest = (gray < INK).astype(np.uint8)
    read = [word.box.grown(TOUCHING * size) for word in words]
    for box in read:
        rest[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = 0
    most = 0.5 * max(gray.shape)
    unread = [box for box in boxes_of(rest) if UNREAD * size < max(box.width, box.height) < most]
    scraps = _scraps(unread, read, size)
    return odd + [
        box
        for box, is_scrap in zip(unread, scraps, strict=True)
        if not (is_scrap or _is_long_rule(box, size) or _is_bullet(gray, box, size))
    ]


def _is_long_rule(box: Box, size: float) -> bool:
    sides = sorted((box.width, box.height))
    return sides[1] > LONG_RULE * size and sides[0] < THIN * size


def _is_bullet(gray: Gray, box: Box, size: float) -> bool:
    """A square or a disc that is filled."""
    sides = sorted((box.width, box.height))
    if sides[1] > min(BULLET * size, ASKEW * sides[0]):
        return False
    return bool((gray[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] < INK).mean() > SOLID)


def _scraps(boxes: Sequence[Box], read: Sequence[Box], size: float) -> list[bool]:
    """Whether each is a tail or a tip of a letter that stands out of the box of its word."""
    x0, y0, x1, y1 = np.array([box.edges for box in read]).reshape(-1, 4).T

    def is_scrap(box: Box) -> bool:
        if box.width > SCRAP[0] * size or box.height > SCRAP[1] * size:
            return False
        beside = (x0 < box.cx) & (box.cx < x1)
        return bool((beside & (y0 <= box.y1 + 1) & (box.y0 <= y1 + 2)).any())

    return [is_scrap(box) for box in boxes]


def _strips(places: Sequence[Box], size: float, shape: tuple[int, ...]) -> list[Box]:
    """Parts of the page that hold all places, with some white around them, and do not overlap."""
    strips: list[Box] = []
    for place in sorted(places, key=lambda box: box.y0):
        strip = place.grown(AROUND * size)
        while near := [
            other for other in strips if other.x_overlap(strip) > 0 and other.y_overlap(strip) > 0
        ]:
            strips = [other for other in strips if other not in near]
            strip = union([strip, *near])
        strips.append(strip)
    height, width = shape
    return [strip.clipped(width, height) for strip in strips]


def _looked_at(gray: Gray, strip: Box, size: float, words: Sequence[Box]) -> Sighting:
    """What is seen in the strip, looked at again where one look finds mathematics outside the words."""
    x, y = int(strip.x0), int(strip.y0)
    part = np.ascontiguousarray(gray[y : int(strip.y1), x : int(strip.x1)])
    known = [word.moved(-x, -y) for word in words if word.x_overlap(strip) > 0 and word.y_overlap(strip) > 0]

    def worth(seen: Sighting) -> bool:
        free = outside(seen, known).symbols
        return any(mathematics.is_mathematics(one) and one.probability > mathematics.SURE for one in free)

    found = symbols.detect(part, size, worth)
    return Sighting(
        tuple(
            replace(symbol, box=symbol.box.moved(x, y), baseline=symbol.baseline + y)
            for symbol in found.symbols
        ),
        tuple(replace(rule, box=rule.box.moved(x, y)) for rule in found.rules),
        found.size,
    )
