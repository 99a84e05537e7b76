"""Pictures of characters in many fonts, and of pieces of drawings that are none."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

# A capital stands for the small letter of the same shape.
NAMES: Final = ("", *"ABCDEFGHIKLMNOPQRSTUVWXYZ", *"abdefghijklmnqrtuy", *"123456789", *"+()[]'*,=:#")
SMALL_TOO: Final = {name: name + name.lower() for name in "CPSVWXZ"} | {"O": "Oo0"}
FREQUENT: Final = "CCNNOOOHHHSFPBIlr23456MetPhBuciR+"  # of which half of the characters are
NOTHING_SHARE: Final = 0.3
INK: Final = 110  # of 255, from which a pixel belongs to the character

Ink = NDArray[np.uint8]


def fonts(folders: Sequence[Path]) -> list[Path]:
    """Font files that have Latin letters of plain shapes."""
    found = [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".ttf", ".otf")
    ]
    return [path for path in found if _is_plain(path)]


def _is_plain(path: Path) -> bool:
    odd = ("caps", "math", "mono", "tt", "unsl", "symbol", "opens", "cmunui", "dunh", "light")
    return not any(word in path.name.lower() for word in odd)


@lru_cache(maxsize=4000)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def example(paths: Sequence[Path], chance: random.Random) -> tuple[Ink, int]:
    """A crop as the engine would cut it, and the position of its name."""
    while True:
        if chance.random() < NOTHING_SHARE:
            crop, name = _cropped(_spoiled(_no_character(chance), chance)), ""
        else:
            name = _name(chance)
            crop = _cropped(_spoiled(_character(name, chance.choice(paths), chance), chance))
        if crop is not None:
            return crop, NAMES.index(name)


def _name(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice([name for name in FREQUENT if name in NAMES])
    return chance.choice(NAMES[1:])


def _character(name: str, path: Path, chance: random.Random) -> Ink:
    char = chance.choice(SMALL_TOO.get(name, name))
    size = chance.choice((chance.randint(8, 18), chance.randint(10, 64)))
    font = _font(path, size)
    left, top, right, bottom = font.getbbox(char)
    margin = 6
    image = Image.new("L", (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin))
    ImageDraw.Draw(image).text((margin - left, margin - top), char, 255, font)
    return np.asarray(image)


def _spoiled(ink: Ink, chance: random.Random) -> Ink:
    """Turned a little, thicker or thinner, blurred, of a coarser grid, noisy."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), chance.gauss(0, 1.5), 1.0)
    matrix[0, 1] += chance.choice((0, 0, 0, chance.uniform(-0.25, 0.0)))
    spoiled = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
    if chance.random() < 0.35:  # condensed and extended faces
        spoiled = cv2.resize(
            spoiled, None, fx=chance.uniform(0.55, 1.2), fy=1.0, interpolation=cv2.INTER_AREA
        )
    if chance.random() < 0.3:
        kernel = np.ones((chance.choice((1, 2)), chance.choice((2, 1))), np.uint8)
        change = cv2.dilate if chance.random() < 0.6 else cv2.erode
        spoiled = change(spoiled, kernel)
    if chance.random() < 0.4:
        spoiled = cv2.GaussianBlur(spoiled, (0, 0), chance.uniform(0.3, 1.1))
    if chance.random() < 0.5:
        zoom = chance.uniform(0.5, 3.0)
        kind = cv2.INTER_CUBIC if chance.random() < 0.6 else cv2.INTER_LINEAR
        if min(spoiled.shape) * zoom > 12:
            spoiled = cv2.resize(spoiled, None, fx=zoom, fy=zoom, interpolation=kind)
    if chance.random() < 0.4:
        spoiled = np.where(spoiled > chance.randint(90, 160), 255, 0).astype(np.uint8)
        if chance.random() < 0.6:
            zoom = chance.uniform(1.2, 3.0)
            spoiled = cv2.resize(spoiled, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)
    if chance.random() < 0.3:
        noise = np.random.default_rng(chance.randrange(2**31)).normal(0, chance.uniform(4, 20), spoiled.shape)
        spoiled = np.clip(spoiled + noise, 0, 255).astype(np.uint8)
    return np.asarray(spoiled, np.uint8)


def _cropped(ink: Ink) -> Ink | None:
    rows, columns = np.flatnonzero((ink > INK).any(axis=1)), np.flatnonzero((ink > INK).any(axis=0))
    if not len(rows) or max(len(rows), len(columns)) < 5:
        return None
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
    crop[crop < 40] = 0
    return crop


def _no_character(chance: random.Random) -> Ink:
    """Lines, corners, forks, parts of rings, wedges, combs, waves: what bonds look like."""
    side = chance.randint(24, 90)
    canvas = np.zeros((side + 20, side + 20), np.uint8)
    thick = chance.randint(1, 5)
    drawer = chance.choice((_line, _corner, _fork, _ring, _wedge, _wave, _lines, _line, _path))
    drawer(canvas, side, thick, chance)
    return canvas


def _at(side: int, angle: float, length: float, centre: tuple[float, float]) -> tuple[int, int]:
    return round(centre[0] + length * math.cos(angle)), round(centre[1] + length * math.sin(angle))


def _middle(side: int) -> tuple[float, float]:
    return side / 2 + 10, side / 2 + 10


def _line(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    angle = chance.uniform(0, math.pi)
    while 80 < math.degrees(angle) < 100:  # an upright bar may be an l
        angle = chance.uniform(0, math.pi)
    one, other = _at(side, angle, side / 2, _middle(side)), _at(side, angle, -side / 2, _middle(side))
    cv2.line(canvas, one, other, 255, thick, cv2.LINE_AA)


def _corner(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    start, bend = (
        chance.uniform(0, 2 * math.pi),
        math.radians(chance.choice((60, 90, 108, 120, 120, 120, 135))),
    )
    middle = _middle(side)
    for angle in (start, start + bend):
        end = _at(side, angle, side * chance.uniform(0.3, 0.55), middle)
        cv2.line(canvas, (round(middle[0]), round(middle[1])), end, 255, thick, cv2.LINE_AA)


def _fork(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    start, middle = chance.uniform(0, 2 * math.pi), _middle(side)
    for k in range(chance.choice((3, 3, 4))):
        end = _at(side, start + k * math.radians(chance.choice((120, 118, 90))), side * 0.5, middle)
        cv2.line(canvas, (round(middle[0]), round(middle[1])), end, 255, thick, cv2.LINE_AA)


def _ring(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    count, start = chance.choice((3, 4, 5, 5, 6, 6, 6)), chance.uniform(0, 2 * math.pi)
    corners = [_at(side, start + 2 * math.pi * k / count, side / 2, _middle(side)) for k in range(count)]
    shown = chance.choice((count, count, count - 1, count - 2))
    for k in range(max(2, shown)):
        cv2.line(canvas, corners[k], corners[(k + 1) % count], 255, thick, cv2.LINE_AA)
    if chance.random() < 0.3:
        cv2.line(canvas, corners[0], _at(side, start, side * 0.7, _middle(side)), 255, thick, cv2.LINE_AA)


def _wedge(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    angle, half = chance.uniform(0, 2 * math.pi), math.radians(chance.uniform(5, 12))
    tip = _at(side, angle, -side / 2, _middle(side))
    ends = [_at(side, angle + turn, side / 2 / math.cos(half), _middle(side)) for turn in (-half, half)]
    cv2.fillPoly(canvas, [np.array([tip, *ends])], 255, cv2.LINE_AA)


def _wave(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    angle, periods = chance.uniform(0, math.pi), chance.randint(2, 5)
    along = np.linspace(-side / 2, side / 2, 60)
    aside = side * 0.08 * np.sin(along / side * 2 * math.pi * periods)
    xs = side / 2 + 10 + along * math.cos(angle) - aside * math.sin(angle)
    ys = side / 2 + 10 + along * math.sin(angle) + aside * math.cos(angle)
    cv2.polylines(canvas, [np.stack([xs, ys], 1).round().astype(np.int32)], False, 255, thick, cv2.LINE_AA)


def _lines(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    """Two lines that meet others: what is left where bonds cross or rings touch."""
    _line(canvas, side, thick, chance)
    _corner(canvas, side, thick, chance)


def _path(canvas: Ink, side: int, thick: int, chance: random.Random) -> None:
    """A zigzag chain, as of an alkyl."""
    heading, at = chance.uniform(0, 2 * math.pi), _middle(side)
    for k in range(chance.randint(2, 4)):
        end = _at(side, heading + (math.radians(30) if k % 2 else -math.radians(30)), side * 0.3, at)
        cv2.line(canvas, (round(at[0]), round(at[1])), end, 255, thick, cv2.LINE_AA)
        at = float(end[0]), float(end[1])
