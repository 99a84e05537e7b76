"""Drawings of single symbols, by class, from people's drawings and from fonts; y grows downwards.

Every source is split by a hash: one drawing of so many is for measuring only.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from HersheyFonts import HersheyFonts
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink_alphabet import INDEX
from training.ink import skeletons

Stroke = NDArray[np.float32]
Drawing = list[Stroke]

HELD_OUT = 10
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARKS = "0123456789+-=()[]|/,.<>!?:;*%$#@&"
_HERSHEY = ("futural", "rowmans", "scripts", "cursive")
# Names of the data set that are not the command itself, and shapes that are one class.
_DETEXIFY = {
    "sqrt-lbrace-rbrace": r"\sqrt",
    "surd": r"\sqrt",
    "lbrace": r"\{",
    "rbrace": r"\}",
    "lbracket": "[",
    "rbracket": "]",
    "textbraceleft": r"\{",
    "textbraceright": r"\}",
    "textbar": "|",
    "mid": "|",
    "textless": "<",
    "textgreater": ">",
    "slash": "/",
    "percent": r"\%",
    "mathdollar": r"\$",
    "dollar": r"\$",
    "hash": r"\#",
    "ampersand": r"\&",
    "colon": ":",
    "cdot": ".",
    "ldotp": ".",
    "cdotp": ".",
    "centerdot": ".",
    "textperiodcentered": ".",
    "ldots": r"\ldots",
    "cdots": r"\ldots",
    "dots": r"\ldots",
    "dotsb": r"\ldots",
    "dotsc": r"\ldots",
    "textellipsis": r"\ldots",
    "mathellipsis": r"\ldots",
    "textasteriskcentered": "*",
    "ast": "*",
    "textbackslash": r"\setminus",
    "backslash": r"\setminus",
    "smallsetminus": r"\setminus",
    "textendash": "-",
    "textemdash": "-",
    "textminus": "-",
    "leqslant": r"\leq",
    "geqslant": r"\geq",
    "Sigma": r"\sum",
    "Pi": r"\prod",
    "Lambda": r"\wedge",
    "triangle": r"\Delta",
    "vartriangle": r"\Delta",
    "varnothing": r"\emptyset",
    "longrightarrow": r"\rightarrow",
    "longleftarrow": r"\leftarrow",
    "Longrightarrow": r"\Rightarrow",
    "Longleftarrow": r"\Leftarrow",
    "longmapsto": r"\mapsto",
    "longleftrightarrow": r"\leftrightarrow",
    "Longleftrightarrow": r"\Leftrightarrow",
    "textasciicircum": r"\wedge",
    "bigwedge": r"\wedge",
    "bigvee": r"\vee",
    "langle": "<",
    "rangle": ">",
    "textquoteright": r"\prime",
    "textquotesingle": r"\prime",
    "quotesinglbase": ",",
    "dag": r"\dagger",
    "hslash": r"\hbar",
    "varkappa": r"\kappa",
    "textopenbullet": r"\circ",
    "degree": r"\circ",
    "bigoplus": r"\oplus",
    "bigotimes": r"\otimes",
    "vartheta": r"\theta",
    "thicksim": r"\sim",
    "textasciitilde": r"\sim",
    "thickapprox": r"\approx",
    "varpropto": r"\propto",
    "bot": r"\perp",
    "textmu": r"\mu",
    "measuredangle": r"\angle",
    "textdiv": r"\div",
    "texttimes": r"\times",
    "textpm": r"\pm",
    "textdollar": r"\$",
}
_PACKAGES = frozenset({"latex2e", "amssymb", "amsmath", "textcomp", "gensymb"})


@dataclass(slots=True)
class Bank:
    """Drawings by class: `hands` were drawn by people, `fonts` are templates, to be distorted far more."""

    hands: dict[str, list[Drawing]] = field(default_factory=lambda: defaultdict(list))
    fonts: dict[str, list[Drawing]] = field(default_factory=lambda: defaultdict(list))

    def add(self, latex: str, drawing: Drawing, *, font: bool = False) -> None:
        if latex in INDEX and drawing:
            (self.fonts if font else self.hands)[latex].append(drawing)


def collect(folder: Path, fonts: Path, *, held_out: bool = False) -> Bank:
    """All drawings of the part for training, or of the other one."""
    bank = Bank()
    for source, latex, drawing in (
        *_detexify(folder / "ink_symbols.jsonl.gz"),
        *_digits(folder / "pendigits.csv"),
    ):
        if (zlib.crc32(source.encode()) % HELD_OUT == 0) == held_out:
            bank.add(latex, drawing)
    if held_out:
        return bank
    for name in _HERSHEY:
        for char, drawing in _hershey(name):
            bank.add(_command(char), drawing, font=True)
    for char, drawings in skeletons.grouped(fonts, LETTERS + _MARKS).items():
        for drawing in drawings:
            bank.add(_command(char), drawing, font=True)
    for latex, drawings in _strokes_of_marks().items():
        for drawing in drawings:
            bank.add(latex, drawing, font=True)
    return bank


def _command(char: str) -> str:
    return "\\" + char if char in "%$#&" else char


def _detexify(path: Path) -> Iterator[tuple[str, str, Drawing]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            package, name = row["symbol"].split(":")[1:3]
            if package == "dsfont" and len(name) == len("mathds-lbrace-R-rbrace"):
                latex = rf"\mathbb{{{name[14]}}}"
            elif package not in _PACKAGES:
                continue
            else:
                latex = _DETEXIFY.get(name, "\\" + name)
            yield f"{number}", latex, [np.array(stroke, np.float32) for stroke in row["strokes"] if stroke]


def _digits(path: Path) -> Iterator[tuple[str, str, Drawing]]:
    """Eight points along the pen's way, as a smooth curve; where the pen was lifted is lost."""
    with path.open(encoding="utf-8") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            points = [(float(row[f"c{2 * k + 1}"]), 100 - float(row[f"c{2 * k + 2}"])) for k in range(8)]
            yield f"digit {number}", row["class"], [smooth(np.array(points, np.float32))]


def smooth(points: Stroke) -> Stroke:
    """A Catmull–Rom curve through the points."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, 6, endpoint=False, dtype=np.float32)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.concatenate([*parts, points[-1:]]).astype(np.float32)


def _hershey(name: str) -> Iterator[tuple[str, Drawing]]:
    font = HersheyFonts()
    font.load_default_font(name)
    for char in LETTERS + _MARKS:
        strokes = [np.array(list(stroke), np.float32) for stroke in font.strokes_for_text(char)]
        yield char, [stroke for stroke in strokes if len(stroke)]


def _strokes_of_marks() -> dict[str, list[Drawing]]:
    """The usual ways to draw the simplest symbols, as few straight strokes."""

    def lines(*strokes: list[tuple[float, float]]) -> Drawing:
        return [np.array(stroke, np.float32) for stroke in strokes]

    down, cross = [(0, 0), (0, 10)], [(0, 0), (8, 10)]
    return {
        "-": [lines([(0, 0), (10, 0)])] * 4,
        "=": [lines([(0, 0), (10, 0)], [(0, 4), (10, 4)])] * 3,
        "+": [lines([(0, 5), (10, 5)], [(5, 0), (5, 10)])] * 3,
        "1": [lines(down), lines([(0, 10), (3, 0), (3, 10)])] * 3,
        "|": [lines(down)] * 3,
        "l": [lines(down), lines([(0, 0), (0, 9), (2, 10)])] * 3,
        "I": [lines(down), lines([(0, 0), (6, 0)], [(3, 0), (3, 10)], [(0, 10), (6, 10)])] * 3,
        "/": [lines([(6, 0), (0, 10)])] * 3,
        ".": [lines([(0, 0), (0.4, 0.3)]), lines([(0, 0)]), lines([(0, 0), (0.3, 0.3), (0, 0.4), (0, 0)])]
        * 3,
        ",": [lines([(2, 0), (0, 4)]), lines([(1, 0), (1.4, 2), (0, 4)])] * 3,
        r"\prime": [lines([(2, 0), (0, 6)]), lines([(0, 0), (0, 6)])] * 3,
        "x": [lines(cross, [(8, 0), (0, 10)]), lines([(8, 0), (0, 10)], cross)] * 4,
        "t": [lines([(3, 0), (3, 8), (4, 10), (6, 10)], [(0, 3), (6, 3)])] * 3,
        "i": [lines([(0, 3), (0, 10)], [(0, 0), (0.2, 0.3)])] * 3,
        "4": [lines([(3, 0), (0, 6), (8, 6)], [(6, 2), (6, 10)])] * 4,
        "5": [lines([(1, 0), (0.6, 4), (4, 3.6), (6, 6), (4, 9.4), (0, 9.6)], [(1, 0), (6, 0)])] * 4,
        "7": [lines([(0, 0), (7, 0), (2, 10)], [(2, 5), (7, 5)]), lines([(0, 0), (7, 0), (2, 10)])] * 2,
        r"\neq": [lines([(0, 3), (10, 3)], [(0, 7), (10, 7)], [(8, 0), (2, 10)])],
    }
