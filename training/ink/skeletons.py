"""Letters of handwriting fonts as pen strokes: the outline is filled, thinned to a line and traced."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from skimage.morphology import skeletonize

Stroke = NDArray[np.float32]
Pixel = tuple[int, int]

SIZE = 120  # pixels of an em
SHORTEST = 6  # pixels; what is shorter is a burr that thinning leaves at corners
_NEIGHBOURS = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]


def strokes_of(font: Path, characters: str) -> dict[str, list[Stroke]]:
    """The strokes of each of the characters that the font has."""
    program = TTFont(font)
    known = program.getBestCmap()
    program.flavor = None  # FreeType here reads no WOFF
    plain = io.BytesIO()
    program.save(plain)
    plain.seek(0)
    face = ImageFont.truetype(plain, SIZE)
    if _is_all_capitals(face):
        characters = "".join(char for char in characters if not char.islower())
    drawn = {char: trace(_thinned(face, char)) for char in characters if ord(char) in known}
    return {char: strokes for char, strokes in drawn.items() if strokes}


def _is_all_capitals(face: ImageFont.FreeTypeFont) -> bool:
    small, capital = face.getbbox("x"), face.getbbox("X")
    return small[3] - small[1] > 0.9 * (capital[3] - capital[1])


def _thinned(face: ImageFont.FreeTypeFont, char: str) -> NDArray[np.bool_]:
    picture = Image.new("L", (3 * SIZE, 3 * SIZE))
    ImageDraw.Draw(picture).text((SIZE, SIZE // 2), char, font=face, fill=255)
    return np.asarray(skeletonize(np.asarray(picture) > 127), dtype=bool)


def trace(line: NDArray[np.bool_]) -> list[Stroke]:
    """Strokes along a line one pixel wide; at a crossing the pen goes straight on."""
    pixels = {(int(y), int(x)) for y, x in np.argwhere(line)}
    around = {
        p: [(p[0] + dy, p[1] + dx) for dy, dx in _NEIGHBOURS if (p[0] + dy, p[1] + dx) in pixels]
        for p in pixels
    }
    left = set(pixels)
    strokes: list[Stroke] = []
    while left:
        ends = sorted((p for p in left if sum(q in left for q in around[p]) <= 1), key=lambda p: (p[1], p[0]))
        path = _walk(ends[0] if ends else min(left), around, left)
        left -= set(path)
        if len(path) >= SHORTEST or not strokes:
            strokes.append(np.array([(x, y) for y, x in path], np.float32))
    return _joined(strokes)


def _walk(start: Pixel, around: dict[Pixel, list[Pixel]], left: set[Pixel]) -> list[Pixel]:
    path, seen = [start], {start}
    while True:
        here = path[-1]
        choices = [p for p in around[here] if p in left and p not in seen]
        if not choices:
            return path
        behind = path[max(0, len(path) - 6)]
        way = (here[0] - behind[0], here[1] - behind[1])
        step = max(choices, key=lambda p: (p[0] - here[0]) * way[0] + (p[1] - here[1]) * way[1])
        path.append(step)
        seen |= {step, *(p for p in choices if abs(p[0] - step[0]) + abs(p[1] - step[1]) == 1)}


def _joined(strokes: list[Stroke]) -> list[Stroke]:
    """Strokes whose ends touch and whose directions agree are one."""
    waiting = list(strokes)
    done: list[Stroke] = []
    while waiting:
        stroke = waiting.pop(0)
        partner = next(((k, s) for k, other in enumerate(waiting) for s in _continued(stroke, other)), None)
        if partner is None:
            done.append(stroke)
        else:
            waiting[partner[0]] = partner[1]
    return done


def _continued(one: Stroke, other: Stroke) -> Iterator[Stroke]:
    for a in (one, one[::-1]):
        for b in (other, other[::-1]):
            if np.hypot(*(a[-1] - b[0])) < 4:
                way, onward = a[-1] - a[-min(6, len(a))], b[min(5, len(b) - 1)] - b[0]
                norm = float(np.hypot(*way) * np.hypot(*onward))
                if norm > 0 and float(way @ onward) / norm > 0.5:
                    yield np.concatenate([a, b])


def grouped(fonts: Path, characters: str) -> dict[str, list[list[Stroke]]]:
    """Drawings of each character in all the fonts of a folder."""
    found: dict[str, list[list[Stroke]]] = defaultdict(list)
    for font in sorted(p for p in fonts.rglob("*") if p.suffix.lower() in (".ttf", ".otf", ".woff")):
        for char, strokes in strokes_of(font, characters).items():
            found[char].append(strokes)
    return found
